use auth_core::{Authenticated, public};

#[public]
async fn orders(_user: Option<Authenticated<String>>) -> &'static str {
    "all"
}

fn main() {}
