use auth_core::{auth_policy, requires_auth};

#[auth_policy(any(Digest(realm = "API", algorithm = "MD5-ses"), Bearer(realm = "API")))]
pub struct Api;

#[requires_auth(Api)]
async fn orders() {}

fn main() {}
