use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    #[web::public]
    async fn all() {}

    async fn one() {}
}

fn main() {}
