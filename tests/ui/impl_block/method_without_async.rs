use auth_core::requires_auth;

struct Orders;

#[requires_auth(scheme = "Bearer", realm = "API", request = req, state = self.app)]
impl Orders {
    fn all(&self, req: http::Request<()>) -> http::Response<()> {
        req.into_body();
        Default::default()
    }
}

fn main() {}
