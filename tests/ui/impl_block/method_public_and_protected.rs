use auth_core::requires_auth;

struct Orders;

#[requires_auth(scheme = "Bearer", realm = "API", request = req, state = self.app)]
impl Orders {
    #[public]
    #[requires_auth(scheme = "Basic", realm = "Zone", request = req, state = self)]
    async fn all(&self, req: http::Request<()>) -> http::Response<String> {
        http::Response::new(req.uri().to_string())
    }
}

fn main() {}
