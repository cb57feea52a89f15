use auth_core::{AuthState, Bearer, FnVerifier, check};
use http::Request;

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

fn orders(app: &App, request: &Request<()>) {
    let user = check!(scheme = "Bearer", realm = "API", request = request, state = app);
    drop(user);
}

fn main() {}
