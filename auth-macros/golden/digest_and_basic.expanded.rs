///Users
pub struct Users;
const _: Users = Users;
#[expect(deprecated, reason = "old clients")]
const _: () = ::auth_core::private::BASIC_BESIDE_DIGEST;
const _: () = {
    static __AUTH_MEMBERS: [::auth_core::private::Member; 2usize] = [
        ::auth_core::private::Member::new::<
            ::auth_core::private::Digest,
        >(
            ::auth_core::private::Declaration::digest("API"),
            &[
                "Digest realm=\"API\", qop=\"auth\", algorithm=SHA-256, charset=UTF-8, nonce=\"\"",
            ],
        ),
        ::auth_core::private::Member::new::<
            ::auth_core::private::Basic,
        >(
            ::auth_core::private::Declaration::basic("API"),
            &["Basic realm=\"API\", charset=\"UTF-8\""],
        ),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
        ::core::concat!(::core::module_path!(), "::", "Users"),
        &__AUTH_MEMBERS,
    );
    #[automatically_derived]
    impl ::auth_core::private::Policy for Users {
        type Accepts = ::auth_core::private::Any<
            (
                ::auth_core::private::One<::auth_core::private::Digest>,
                ::auth_core::private::One<::auth_core::private::Basic>,
            ),
        >;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
#[doc(hidden)]
#[non_exhaustive]
enum __requires_auth_stock {}
const _: () = {
    static __AUTH_MEMBERS: [::auth_core::private::Member; 2usize] = [
        ::auth_core::private::Member::new::<
            ::auth_core::private::Digest,
        >(
            ::auth_core::private::Declaration::digest("API")
                .with_algorithms(&[::auth_core::private::DigestAlgorithm::Md5]),
            &[
                "Digest realm=\"API\", qop=\"auth\", algorithm=MD5, charset=UTF-8, nonce=\"\"",
            ],
        ),
        ::auth_core::private::Member::new::<
            ::auth_core::private::Basic,
        >(
            ::auth_core::private::Declaration::basic("API"),
            &["Basic realm=\"API\", charset=\"UTF-8\""],
        ),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
        ::core::concat!(::core::module_path!(), "::", "stock"),
        &__AUTH_MEMBERS,
    );
    #[automatically_derived]
    impl ::auth_core::private::Policy for __requires_auth_stock {
        type Accepts = ::auth_core::private::Any<
            (
                ::auth_core::private::One<::auth_core::private::Digest>,
                ::auth_core::private::One<::auth_core::private::Basic>,
            ),
        >;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
::auth_core::private::linked!(
    #[allow(deprecated)] __requires_auth_stock, Authenticated < User >
);
#[allow(deprecated)]
async fn stock(
    ::auth_core::private::Guard {
        identity: user,
        ..
    }: ::auth_core::private::Guard<__requires_auth_stock, Authenticated<User>>,
) -> String {
    #![allow(unused)]
    const _: () = ::auth_core::private::BASIC_BESIDE_DIGEST;
    user.name.clone()
}
#[::auth_core::auth_policy(realm = "API", any(Digest, Basic))]
#[warn(deprecated)]
#[doc(hidden)]
#[non_exhaustive]
pub struct __requires_auth_mod_stock;
#[warn(deprecated)]
mod stock {
    #[::auth_core::requires_auth(super::__requires_auth_mod_stock, crate = ::auth_core)]
    pub async fn list() -> &'static str {
        "nothing"
    }
}
