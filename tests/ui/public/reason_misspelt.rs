use auth_core::public;

#[public(raeson = "load balancer probe")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
