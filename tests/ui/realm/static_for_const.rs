use auth_core::requires_auth;

static ZONE: std::sync::LazyLock<String> = std::sync::LazyLock::new(String::new);

#[requires_auth(scheme = "Basic", realm = ZONE)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
