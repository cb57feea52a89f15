#[requires_auth(scheme = "Basic", realm = crate::zones::OFFICE, secure)]
async fn keys(_: Authenticated<User>) -> &'static str {
    "in the drawer"
}
