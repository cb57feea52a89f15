use auth_core::requires_auth;
use http::{Request, Response};

trait Orders {
    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self)]
    async fn all(&self, request: Request<()>) -> Response<Vec<u8>>;
}

fn main() {}
