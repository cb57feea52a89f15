use auth_core::requires_auth;

#[requires_auth(Api)]
mod handlers {
    async fn all() {}

    async fn one() {}
}

fn main() {}
