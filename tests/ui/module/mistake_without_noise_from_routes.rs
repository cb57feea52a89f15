use auth_core::{AuthState, Bearer, FnVerifier, requires_auth};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", relam = "API")]
mod handlers {
    pub async fn all() {}
}

fn main() {
    let _: axum::Router<App> = axum::Router::new().route("/", axum::routing::get(handlers::all));
}
