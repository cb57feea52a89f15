use auth_core::{public, requires_auth};

#[public(reason = "all may see them")]
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
