use auth_core::{AuthState, Basic, FnVerifier, requires_auth};
use http::{Request, Response};

#[derive(AuthState)]
struct App {
    #[auth(Basic)]
    users: FnVerifier<Basic, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn orders(app: App, request: Request<()>) -> Response<Vec<u8>> {
    Response::new(Vec::new())
}

fn main() {}
