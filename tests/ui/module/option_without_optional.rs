use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    use auth_core::Authenticated;

    async fn all(_: Option<Authenticated<String>>) {}
}

fn main() {}
