use auth_core::{AuthState, Bearer, FnVerifier, check};
use http::Request;

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

async fn orders(app: &App, request: &Request<()>) {
    let user = check!();
    drop(user);
}

fn main() {}
