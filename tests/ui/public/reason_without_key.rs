use auth_core::public;

#[public("load balancer probe")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
