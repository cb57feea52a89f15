use auth_core::{Authenticated, requires_auth};

type Me = Authenticated<String>;

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(me: Me) -> String {
    me.to_string()
}

fn main() {}
