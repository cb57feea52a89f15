use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, http::Guarded, requires_auth};
use bytes::Bytes;
use http::{Request, Response};

type Me = Authenticated<String>;

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(me: Me, _request: Request<Bytes>) -> Response<Bytes> {
    Response::new(me.clone().into_inner().into())
}

fn service(app: App) {
    Guarded::new(app, orders);
}

fn main() {}
