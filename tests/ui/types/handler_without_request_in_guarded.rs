use auth_core::{http::Guarded, public};
use bytes::Bytes;
use http::Response;

#[public]
async fn orders() -> Response<Bytes> {
    Response::new(Bytes::new())
}

fn service() {
    Guarded::new((), orders);
}

fn main() {}
