#[::auth_core::auth_policy(scheme = "Bearer", realm = "API")]
#[doc(hidden)]
#[non_exhaustive]
pub struct __requires_auth_mod_orders;
mod orders {
    use super::*;
    #[::auth_core::requires_auth(super::__requires_auth_mod_orders, crate = ::auth_core)]
    pub async fn list(user: Authenticated<Claims>) -> String {
        named(&user)
    }
    #[public(reason = "the price list is for everybody")]
    pub async fn prices() -> &'static str {
        "free"
    }
    fn named(user: &Claims) -> String {
        user.name.clone()
    }
    pub mod archive {
        #[::auth_core::requires_auth(
            super::super::__requires_auth_mod_orders,
            crate = ::auth_core
        )]
        pub async fn list() -> &'static str {
            "nothing"
        }
    }
}
