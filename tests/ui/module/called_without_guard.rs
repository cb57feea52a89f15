use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    pub async fn all() {}
}

async fn caller() {
    handlers::all().await;
}

fn main() {}
