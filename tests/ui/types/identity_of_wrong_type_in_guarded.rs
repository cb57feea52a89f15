use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, http::Guarded, requires_auth};
use bytes::Bytes;
use http::{Request, Response};

#[derive(Clone)]
struct User {
    name: String,
}

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(user: Authenticated<User>, _request: Request<Bytes>) -> Response<Bytes> {
    Response::new(user.name.clone().into())
}

fn service(app: App) {
    Guarded::new(app, orders);
}

fn main() {}
