use auth_core::{requires_auth};

#[derive(Clone)]
struct App;

#[requires_auth(scheme = "Bearer", realm = "API")]
#[axum::debug_handler(state = App)]
async fn orders() -> String {
    String::new()
}

fn main() {}
