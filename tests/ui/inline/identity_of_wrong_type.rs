use auth_core::{AuthState, Bearer, FnVerifier, requires_auth};
use http::{Request, Response};

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app, identity = user: u64)]
async fn orders(app: App, request: Request<()>) -> Response<Vec<u8>> {
    Response::new(Vec::new())
}

fn main() {}
