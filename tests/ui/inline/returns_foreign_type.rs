use auth_core::{AuthState, Bearer, FnVerifier, requires_auth};
use http::Request;

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn orders(app: App, request: Request<()>) -> String {
    request.uri().to_string()
}

fn main() {}
