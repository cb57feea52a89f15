use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, requires_auth};

type Me = Authenticated<String>;

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[axum::debug_handler(state = App)]
async fn orders(me: Me) -> String {
    me.to_string()
}

fn main() {}
