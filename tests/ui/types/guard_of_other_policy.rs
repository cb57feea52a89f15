use auth_core::private::Guard;
use auth_core::{auth_policy, requires_auth};

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Weaker;

#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:write")]
async fn orders() -> &'static str {
    "all"
}

async fn forged(weaker: Guard<Weaker>) -> &'static str {
    orders(weaker).await
}

fn main() {}
