#[requires_auth(any(
    Bearer(realm = "API", scope = any("orders:read", "orders:admin")),
    Basic(realm = "Dev zone"),
))]
async fn orders(user: Authenticated<Caller>) -> String {
    user.name.clone()
}
