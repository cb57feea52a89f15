use auth_core::{Authenticated, auth_policy, requires_auth};

#[auth_policy(scheme = "Bearer", relm = "API", optional)]
struct Open;

#[requires_auth(Open)]
async fn orders(user: Option<Authenticated<String>>) -> String {
    user.map_or_else(String::new, |user| user.to_string())
}

fn main() {
    let _ = orders;
}
