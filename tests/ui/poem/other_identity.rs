use auth_core::poem::{GuardedRoute, get};
use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, requires_auth};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(user: Authenticated<u64>) -> String {
    user.to_string()
}

fn routes(app: App) -> GuardedRoute<App> {
    GuardedRoute::new(app).at("/orders", get(orders))
}

fn main() {}
