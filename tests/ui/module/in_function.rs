use auth_core::requires_auth;

fn main() {
    #[requires_auth(scheme = "Bearer", realm = "API")]
    mod handlers {
        async fn all() {}
    }
}
