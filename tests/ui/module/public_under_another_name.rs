use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    use auth_core::public as open;

    #[open]
    pub async fn orders() {}
}

fn main() {}
