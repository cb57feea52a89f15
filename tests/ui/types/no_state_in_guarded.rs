use auth_core::{http::Guarded, requires_auth};
use bytes::Bytes;
use http::{Request, Response};

#[derive(Clone)]
struct App;

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(_request: Request<Bytes>) -> Response<Bytes> {
    Response::new(String::new().into())
}

fn service(app: App) {
    Guarded::new(app, orders);
}

fn main() {}
