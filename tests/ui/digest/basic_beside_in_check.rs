#![deny(deprecated)]
use auth_core::{AuthState, Basic, Digest, FnVerifier, check};

#[derive(AuthState)]
struct App {
    #[auth(Digest)]
    users: FnVerifier<Digest, String>,
    #[auth(Basic)]
    old: FnVerifier<Basic, String>,
}

async fn warned(app: &App, request: &http::Request<()>) {
    let _user = check!(realm = "API", any(Digest, Basic), request = request, state = app);
}

#[allow(deprecated)]
async fn allowed(app: &App, request: &http::Request<()>) {
    let _user = check!(realm = "API", any(Digest, Basic), request = request, state = app);
}

fn main() {}
