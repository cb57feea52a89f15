use auth_core::public;

#[public(reason = "probe", reason = "load balancer")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
