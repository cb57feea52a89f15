#[doc(hidden)]
#[non_exhaustive]
enum __requires_auth_orders {}
const _: () = {
    static __AUTH_MEMBERS: [::auth_core::private::Member; 1usize] = [
        ::auth_core::private::Member::new::<
            ::auth_core::private::Digest,
        >(
                ::auth_core::private::Declaration::digest("http-auth@example.org")
                    .with_algorithms(
                        &[
                            ::auth_core::private::DigestAlgorithm::Sha256,
                            ::auth_core::private::DigestAlgorithm::Md5,
                        ],
                    )
                    .offering_auth_int()
                    .with_domain("/a https://b.example/c")
                    .with_opaque("5ccc069c403ebaf9")
                    .with_userhash()
                    .without_charset(),
                &[
                    "Digest realm=\"http-auth@example.org\", domain=\"/a https://b.example/c\", qop=\"auth, auth-int\", algorithm=SHA-256, opaque=\"5ccc069c403ebaf9\", userhash=true, nonce=\"\"",
                    "Digest realm=\"http-auth@example.org\", domain=\"/a https://b.example/c\", qop=\"auth, auth-int\", algorithm=MD5, opaque=\"5ccc069c403ebaf9\", userhash=true, nonce=\"\"",
                ],
            )
            .with_role(::auth_core::private::Need::One("clerk")),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
        ::core::concat!(::core::module_path!(), "::", "orders"),
        &__AUTH_MEMBERS,
    );
    #[automatically_derived]
    impl ::auth_core::private::Policy for __requires_auth_orders {
        type Accepts = ::auth_core::private::One<::auth_core::private::Digest>;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
::auth_core::private::linked!(__requires_auth_orders, Authenticated < User >);
async fn orders(
    ::auth_core::private::Guard {
        identity: user,
        ..
    }: ::auth_core::private::Guard<__requires_auth_orders, Authenticated<User>>,
) -> String {
    user.name.clone()
}
#[doc(hidden)]
#[non_exhaustive]
enum __requires_auth_plain {}
const _: () = {
    const __AUTH_DECLARED_0: ::auth_core::private::Declaration<'static> = ::auth_core::private::Declaration::digest(
            crate::ZONE,
        )
        .with_algorithms(
            &[
                ::auth_core::private::DigestAlgorithm::Sha512_256Sess,
                ::auth_core::private::DigestAlgorithm::Sha256,
            ],
        );
    static __AUTH_TEXT_0: [::core::primitive::u8; __AUTH_DECLARED_0.text_len()] = __AUTH_DECLARED_0
        .text();
    static __AUTH_CHALLENGES_0: [&::core::primitive::str; __AUTH_DECLARED_0.kinds()] = __AUTH_DECLARED_0
        .cut(&__AUTH_TEXT_0);
    static __AUTH_MEMBERS: [::auth_core::private::Member; 1usize] = [
        ::auth_core::private::Member::new::<
            ::auth_core::private::Digest,
        >(__AUTH_DECLARED_0, &__AUTH_CHALLENGES_0),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
        ::core::concat!(::core::module_path!(), "::", "plain"),
        &__AUTH_MEMBERS,
    );
    #[automatically_derived]
    impl ::auth_core::private::Policy for __requires_auth_plain {
        type Accepts = ::auth_core::private::One<::auth_core::private::Digest>;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
::auth_core::private::linked!(__requires_auth_plain, ::auth_core::private::Unseen);
async fn plain(_: ::auth_core::private::Guard<__requires_auth_plain>) -> &'static str {
    "plain"
}
