use auth_core::tonic::GuardLayer;
use auth_core::{AuthState, Bearer, FnVerifier, Unseen, auth_policy};

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[auth_policy(scheme = "Basic", realm = "API")]
struct Api;

fn layer(app: App) -> GuardLayer<Api, App, Unseen> {
    GuardLayer::new(app)
}

fn main() {}
