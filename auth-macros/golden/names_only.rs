// Attributes of these names may refuse patterns: the guard has a name, and is taken apart behind it.
#[requires_auth(Api)]
#[handler]
async fn orders(mut user: Authenticated<Claims>, page: QueryParam<u32>) -> Json<Vec<Order>> {
    Json(user.orders(page))
}

#[requires_auth(Api, permit = page < 7)]
#[salvo::endpoint]
async fn pages(page: QueryParam<u32>) -> Json<Vec<Order>> {
    Json(page)
}

#[requires_auth(Api)]
#[handler]
async fn count() -> u32 {
    3
}

#[public(reason = "probe")]
#[handler]
async fn health() -> &'static str {
    "ok"
}
