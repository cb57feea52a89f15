use auth_core::http::Guarded;
use auth_core::{AuthState, Bearer, FnVerifier, requires_auth};
use bytes::Bytes;
use http::{Request, Response};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = request.body().is_empty())]
async fn orders(request: Request<Bytes>) -> Result<Response<Bytes>, String> {
    Ok(Response::new(request.into_body()))
}

fn app(app: App) {
    Guarded::new(app, orders);
}

fn main() {}
