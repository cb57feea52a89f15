// One step: what stands on each function then is written out as in the other files.
#[requires_auth(scheme = "Bearer", realm = "API")]
mod orders {
    use super::*;

    pub async fn list(user: Authenticated<Claims>) -> String {
        named(&user)
    }

    #[public(reason = "the price list is for everybody")]
    pub async fn prices() -> &'static str {
        "free"
    }

    #[helper]
    fn named(user: &Claims) -> String {
        user.name.clone()
    }

    pub mod archive {
        pub async fn list() -> &'static str {
            "nothing"
        }
    }
}
