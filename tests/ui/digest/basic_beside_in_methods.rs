#![deny(deprecated)]
use auth_core::{AuthState, Basic, Digest, FnVerifier, Refusal, requires_auth};

#[derive(AuthState)]
struct App {
    #[auth(Digest)]
    users: FnVerifier<Digest, String>,
    #[auth(Basic)]
    old: FnVerifier<Basic, String>,
}

type Answer = Result<(), Refusal>;

#[requires_auth(realm = "API", any(Digest, Basic), request = request, state = self)]
impl App {
    #[expect(deprecated)]
    async fn expected(&self, request: http::Request<()>) -> Answer { Ok(()) }
    async fn list(&self, request: http::Request<()>) -> Answer { Ok(()) }
    async fn create(&self, request: http::Request<()>) -> Answer { Ok(()) }
    #[allow(deprecated)]
    async fn allowed(&self, request: http::Request<()>) -> Answer { Ok(()) }
}

fn main() {}
