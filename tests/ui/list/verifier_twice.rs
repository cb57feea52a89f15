use auth_core::requires_auth;

pub enum Partner {}

#[requires_auth(scheme = "Bearer", realm = "API", verifier = Partner, verifier = auth_core::Main)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
