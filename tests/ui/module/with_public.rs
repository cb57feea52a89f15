use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
#[auth_core::public(reason = "probes")]
mod handlers {
    async fn all() {}
}

fn main() {}
