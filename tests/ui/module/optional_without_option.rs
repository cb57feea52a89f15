use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", optional)]
mod handlers {
    use auth_core::Authenticated;

    async fn all(_: Authenticated<String>) {}
}

fn main() {}
