use std::pin::Pin;

use auth_core::requires_auth;
use http::{Request, Response};

struct App;

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
fn orders(app: App, request: Request<()>) -> Pin<Box<dyn Future<Output = Response<Vec<u8>>> + Send>> {
    drop(app);
    Box::pin(async move { Response::new(request.uri().path().into()) })
}

fn main() {}
