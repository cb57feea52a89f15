use auth_core::{Authenticated, requires_auth};
use http::{Request, Response};

struct App;

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn orders(user: Authenticated<String>, app: App, request: Request<()>) -> Response<Vec<u8>> {
    Response::new(Vec::new())
}

fn main() {}
