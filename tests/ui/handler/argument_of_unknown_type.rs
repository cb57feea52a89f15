use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(page: Page) -> &'static str {
    "all"
}

fn main() {}
