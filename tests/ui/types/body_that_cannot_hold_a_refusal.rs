use auth_core::http::Guarded;
use auth_core::public;
use bytes::Bytes;
use http::{Request, Response};

struct Stream;

#[public]
async fn orders(_: Request<Bytes>) -> Response<Stream> {
    Response::new(Stream)
}

fn main() {
    Guarded::new((), orders);
}
