use auth_core::requires_auth;

struct Orders;

#[requires_auth(scheme = "Bearer", realm = "API", request = req, state = self.app)]
impl Orders {
    async fn all(&self, req: http::Request<()>) {
        req.into_body();
    }
}

fn main() {}
