#[requires_auth(scheme = "Bearer", realm = "Shop", optional)]
async fn greeting(user: Option<Authenticated<Claims>>) -> String {
    user.map_or("hello".to_owned(), |user| format!("hello {}", user.name))
}
