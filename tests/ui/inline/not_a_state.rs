use auth_core::requires_auth;
use http::{Request, Response};

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn orders(app: u8, request: Request<()>) -> Response<Vec<u8>> {
    Response::new(Vec::new())
}

fn main() {}
