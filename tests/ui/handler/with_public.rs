use auth_core::{public, requires_auth};

#[requires_auth(scheme = "Bearer", realm = "API")]
#[public]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
