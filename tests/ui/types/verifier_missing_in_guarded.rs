use auth_core::{AuthState, Authenticated, Basic, FnVerifier, http::Guarded, requires_auth};
use bytes::Bytes;
use http::{Request, Response};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Basic)]
    users: FnVerifier<Basic, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(user: Authenticated<String>, _request: Request<Bytes>) -> Response<Bytes> {
    Response::new(user.clone().into_inner().into())
}

fn service(app: App) {
    Guarded::new(app, orders);
}

fn main() {}
