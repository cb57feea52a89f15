use auth_core::requires_auth;

struct Orders;

#[requires_auth(scheme = "Bearer", relam = "API", request = req, state = self)]
impl Orders {
    async fn all(&self, req: http::Request<()>) -> http::Response<()> {
        req.into_body();
        Default::default()
    }

    async fn one(&self, req: http::Request<()>) -> http::Response<()> {
        req.into_body();
        Default::default()
    }
}

fn main() {}
