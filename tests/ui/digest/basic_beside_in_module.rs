#![deny(deprecated)]
use auth_core::requires_auth;

#[requires_auth(realm = "API", any(Digest, all(Basic, ApiKey(cookie = "id"))))]
mod warned {
    pub async fn list() {}
    pub async fn create() {}
}

#[requires_auth(realm = "API", any(Digest, Basic))]
#[allow(deprecated)]
mod allowed {
    pub async fn list() {}
    pub async fn create() {}
}

fn main() {}
