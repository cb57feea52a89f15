use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, http::Guarded, requires_auth};
use bytes::Bytes;
use http::{Request, Response};

pub enum Partner {}

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API", verifier = Partner)]
async fn orders(user: Authenticated<String>, _request: Request<Bytes>) -> Response<Bytes> {
    Response::new(user.clone().into_inner().into())
}

fn service(app: App) {
    Guarded::new(app, orders);
}

fn main() {}
