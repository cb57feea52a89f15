use auth_core::{Authenticated, public};

#[public]
async fn orders(_user: Authenticated<String>) -> &'static str {
    "all"
}

fn main() {}
