use auth_core::requires_auth;
use http::{Request, Response};

struct App;

#[requires_auth(scheme = "Bearer", realm = "API", request, state = app)]
async fn orders(app: App, request: Request<()>) -> Response<Vec<u8>> {
    Response::new(Vec::new())
}

fn main() {}
