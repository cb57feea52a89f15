use auth_core::requires_auth;
use http::Request;

struct App;

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn orders(app: App, request: Request<()>) {
    drop((app, request));
}

fn main() {}
