use auth_core::{Authenticated, requires_auth};

#[requires_auth(scheme = "Bearer", realm = "API", optional, optional)]
async fn orders(_user: Option<Authenticated<String>>) -> &'static str {
    "all"
}

fn main() {}
