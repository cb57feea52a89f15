/// Whoever may change orders, and has proved it lately.
#[auth_policy(
    scheme = "Bearer",
    realm = "API",
    scope = "orders:write",
    acr = "phr",
    max_age = 300
)]
pub struct Write;

#[requires_auth(Write)]
async fn cancel(user: Authenticated<Claims>, Path(order): Path<u64>) {
    orders::cancel(&user, order).await;
}
