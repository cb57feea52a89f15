use auth_core::{Authenticated, requires_auth};

type MaybeMe = Option<Authenticated<String>>;

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(me: MaybeMe) -> bool {
    me.is_some()
}

fn main() {}
