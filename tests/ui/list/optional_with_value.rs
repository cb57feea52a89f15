use auth_core::{Authenticated, requires_auth};

#[requires_auth(scheme = "Bearer", realm = "API", optional = true)]
async fn orders(_user: Option<Authenticated<String>>) -> &'static str {
    "all"
}

fn main() {}
