use auth_core::{Permitted, requires_auth};

#[requires_auth(scheme = "Bearer", realm = "API", permit = true)]
async fn orders() -> &'static str {
    "all"
}

fn forged() -> Permitted<&'static str> {
    Permitted(Ok("all"))
}

fn main() {}
