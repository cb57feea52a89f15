use auth_core::requires_auth;

const REALM: &str = "API\n";

#[requires_auth(scheme = "Digest", realm = REALM, algorithm = "SHA-256, MD5")]
async fn orders() {}

fn main() {}
