use auth_core::{Authenticated, auth_policy, requires_auth};

#[auth_policy(scheme = "Bearer", realm = "API")]
pub struct Api;

#[requires_auth(Api, optional)]
async fn orders(user: Option<Authenticated<String>>) -> bool {
    user.is_some()
}

fn main() {}
