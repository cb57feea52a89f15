#![deny(deprecated)]
use auth_core::{auth_policy, requires_auth};

#[requires_auth(realm = "API", any(Digest, Basic))]
async fn warned() {}

#[allow(deprecated)]
#[requires_auth(realm = "API", any(Digest, Basic))]
async fn allowed() {}

#[auth_policy(realm = "API", any(Bearer, Basic(charset = none), Digest))]
pub struct Warned;

#[auth_policy(realm = "API", any(Digest, Basic))]
#[allow(deprecated)]
pub struct Allowed;

#[requires_auth(Warned, role = "clerk")]
async fn narrowed() {}

#[requires_auth(realm = "API", any(Bearer, Basic))]
async fn without_digest() {}

fn main() {}
