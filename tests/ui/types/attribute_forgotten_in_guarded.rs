use auth_core::{Authenticated, http::Guarded};
use bytes::Bytes;
use http::{Request, Response};

async fn orders(_user: Authenticated<String>, _request: Request<Bytes>) -> Response<Bytes> {
    Response::new(Bytes::new())
}

fn service() {
    Guarded::new((), orders);
}

fn main() {}
