use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    async fn all() {}

    #[cfg_attr(all(unix, debug_assertions), inline, cfg_attr(test, helper))]
    fn sum() {}
}

fn main() {}
