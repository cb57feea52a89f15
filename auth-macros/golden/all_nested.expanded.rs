#[doc(hidden)]
#[allow(dead_code, missing_debug_implementations)]
struct __requires_auth_partner<
    __A
        = ::auth_core::private::All<
            (
                ::auth_core::private::Any<
                    (
                        ::auth_core::private::One<::auth_core::private::Bearer>,
                        ::auth_core::private::One<::auth_core::private::Basic>,
                    ),
                >,
                ::auth_core::private::One<::auth_core::private::ApiKey, Partner>,
            ),
        >,
>(
    ::core::marker::PhantomData<fn() -> __A>,
);
const _: () = {
    static __AUTH_MEMBERS: [::auth_core::private::Member; 3usize] = [
        ::auth_core::private::Member::new::<
            ::auth_core::private::Bearer,
        >(
                ::auth_core::private::Declaration::bearer("Partners"),
                &[
                    "Bearer realm=\"Partners\"",
                    "Bearer realm=\"Partners\"",
                    "Bearer realm=\"Partners\", error=\"invalid_request\"",
                    "Bearer realm=\"Partners\", error=\"invalid_token\", error_description=\"Token invalid\"",
                    "Bearer realm=\"Partners\", error=\"invalid_token\", error_description=\"Token expired\"",
                    "Bearer realm=\"Partners\", error=\"invalid_token\", error_description=\"Token revoked\"",
                    "Bearer realm=\"Partners\", error=\"insufficient_scope\"",
                    "Bearer realm=\"Partners\", error=\"insufficient_user_authentication\"",
                ],
            )
            .with_role(::auth_core::private::Need::One("clerk")),
        ::auth_core::private::Member::new::<
            ::auth_core::private::Basic,
        >(
                ::auth_core::private::Declaration::basic("Partners"),
                &["Basic realm=\"Partners\", charset=\"UTF-8\""],
            )
            .with_role(::auth_core::private::Need::One("clerk")),
        ::auth_core::private::Member::new::<
            ::auth_core::private::ApiKey,
        >(
                ::auth_core::private::Declaration::api_key("Partners", "X-Partner-Key"),
                &["ApiKey realm=\"Partners\", in=\"header\", name=\"X-Partner-Key\""],
            )
            .with_role(::auth_core::private::Need::One("clerk"))
            .with_tag("Partner"),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
        ::core::concat!(::core::module_path!(), "::", "partner"),
        &__AUTH_MEMBERS,
    );
    #[automatically_derived]
    impl<__A: ::auth_core::private::Rule> ::auth_core::private::Policy
    for __requires_auth_partner<__A> {
        type Accepts = __A;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
::auth_core::private::linked!(__requires_auth_partner, Authenticated < (User, Key) >);
async fn partner(
    ::auth_core::private::Guard {
        identity: user,
        ..
    }: ::auth_core::private::Guard<__requires_auth_partner, Authenticated<(User, Key)>>,
) -> String {
    user.0.name.clone()
}
