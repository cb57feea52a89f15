#[public(reason = "load balancer probe")]
async fn health() -> &'static str {
    "ok"
}
