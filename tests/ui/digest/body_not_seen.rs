use auth_core::tower::{GuardService, SeenBodies};
use auth_core::{AsyncFnVerifier, AuthState, Digest, Unseen, auth_policy};
use http::{Request, Response};
use tower_service::Service;

#[auth_policy(scheme = "Digest", realm = "API", qop = "auth, auth-int")]
pub struct Api;

#[derive(AuthState, Clone)]
pub struct App {
    #[auth(Digest)]
    users: AsyncFnVerifier<Digest, String>,
}

pub struct Upload;

fn serve<S: Service<Request<Upload>>>(_: S) {}

fn go<S>(files: GuardService<S, Api, App, Unseen, SeenBodies>)
where
    S: Service<Request<Upload>, Response = Response<bytes::Bytes>, Future: Send> + Clone + Send + 'static,
{
    serve(files);
}
fn main() {}
