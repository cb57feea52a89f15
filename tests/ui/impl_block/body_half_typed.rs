use auth_core::{AuthState, Bearer, FnVerifier, requires_auth};

#[derive(AuthState)]
struct Orders {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API", request = req, state = self)]
impl Orders {
    async fn all(&self, req: http::Request<()>) -> http::Response<bytes::Bytes> {
        let orders = ;
    }
}

fn main() {}
