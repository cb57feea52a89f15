use auth_core::tonic::GuardLayer;
use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, auth_policy};

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Api;

fn layer(app: App) -> GuardLayer<Api, App, Authenticated<u64>> {
    GuardLayer::new(app)
}

fn main() {}
