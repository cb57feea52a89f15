use auth_core::{AuthState, Bearer, FnVerifier, auth_policy, requires_auth};
use http::{Request, Response};

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[auth_policy(scheme = "Bearer", realm = "API", optional)]
struct Open;

#[requires_auth(Open, request = request, state = app, identity = user: String)]
async fn orders(app: App, request: Request<()>) -> Response<Vec<u8>> {
    Response::new(user.to_string().into())
}

fn main() {}
