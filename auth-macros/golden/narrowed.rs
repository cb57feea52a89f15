#[requires_auth(policies::Api, scope = "orders:write")]
async fn change(user: Authenticated<Claims>) -> StatusCode {
    user.change().await
}

#[requires_auth(policies::Api, role = any("clerk", "boss"))]
async fn count(user: Authenticated<Claims>) -> String {
    user.count()
}
