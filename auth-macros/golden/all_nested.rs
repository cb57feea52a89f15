#[requires_auth(
    realm = "Partners",
    role = "clerk",
    all(any(Bearer, Basic), ApiKey(header = "X-Partner-Key", verifier = Partner))
)]
async fn partner(user: Authenticated<(User, Key)>) -> String {
    user.0.name.clone()
}
