use auth_core::{Authenticated, requires_auth};

type Me = Authenticated<String>;

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(me: Option<Me>) -> bool {
    me.is_some()
}

fn main() {}
