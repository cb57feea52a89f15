#[auth_policy(realm = "API", any(Digest, Basic))]
#[expect(deprecated, reason = "old clients")]
#[doc = "Users"]
pub struct Users;

#[allow(deprecated)]
#[requires_auth(realm = "API", any(Digest(algorithm = "MD5"), Basic))]
async fn stock(user: Authenticated<User>) -> String {
    #![allow(unused)]
    user.name.clone()
}

#[requires_auth(realm = "API", any(Digest, Basic))]
#[warn(deprecated)]
mod stock {
    pub async fn list() -> &'static str {
        "nothing"
    }
}
