use auth_core::{auth_policy, requires_auth};

#[auth_policy(scheme = "Basic", realm = "Staff")]
pub struct Staff;

#[requires_auth(Staff, max_age = 300)]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
