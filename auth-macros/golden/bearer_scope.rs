#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
pub async fn orders(user: Authenticated<Claims>, Query(page): Query<Page>) -> Json<Vec<Order>> {
    Json(page.of(&user))
}
