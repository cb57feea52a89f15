use auth_core::requires_auth;
use http::{Request, Response};

struct App;

#[requires_auth(scheme = "Bearer", relm = "API", request = request, state = app, identity = user: String)]
async fn orders(app: App, request: Request<()>) -> Response<Vec<u8>> {
    Response::new(user.identity().clone().into_bytes())
}

fn main() {}
