use auth_core::{AuthState, Bearer, FnVerifier, requires_auth};
use http::Response;

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn orders(app: App, request: String) -> Response<Vec<u8>> {
    Response::new(request.into())
}

fn main() {}
