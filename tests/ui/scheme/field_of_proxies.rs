use auth_core::requires_auth;

#[requires_auth(scheme = "X-Forwarded-For", realm = "API")]
async fn orders() -> &'static str {
    "all"
}

#[requires_auth(scheme = "x-real-ip", realm = "API")]
async fn customers() -> &'static str {
    "all"
}

#[requires_auth(scheme = "ApiKey", realm = "API", header = "X-Forwarded-Proto")]
async fn invoices() -> &'static str {
    "all"
}

fn main() {}
