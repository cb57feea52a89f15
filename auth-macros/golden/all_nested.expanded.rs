#[doc(hidden)]
#[non_exhaustive]
enum __requires_auth_partner {}
const _: () = {
    const __AUTH_DECLARED_0: ::auth_core::private::Declaration<'static> = ::auth_core::private::Declaration::bearer(
        "Partners",
    );
    static __AUTH_CHALLENGES_0: [&::core::primitive::str; 8usize] = [
        "Bearer realm=\"Partners\"",
        "Bearer realm=\"Partners\"",
        "Bearer realm=\"Partners\", error=\"invalid_request\"",
        "Bearer realm=\"Partners\", error=\"invalid_token\", error_description=\"Token invalid\"",
        "Bearer realm=\"Partners\", error=\"invalid_token\", error_description=\"Token expired\"",
        "Bearer realm=\"Partners\", error=\"invalid_token\", error_description=\"Token revoked\"",
        "Bearer realm=\"Partners\", error=\"insufficient_scope\"",
        "Bearer realm=\"Partners\", error=\"insufficient_user_authentication\"",
    ];
    const __AUTH_DECLARED_1: ::auth_core::private::Declaration<'static> = ::auth_core::private::Declaration::basic(
        "Partners",
    );
    static __AUTH_CHALLENGES_1: [&::core::primitive::str; 1usize] = [
        "Basic realm=\"Partners\", charset=\"UTF-8\"",
    ];
    const __AUTH_DECLARED_2: ::auth_core::private::Declaration<'static> = ::auth_core::private::Declaration::api_key(
        "Partners",
        "X-Partner-Key",
    );
    static __AUTH_CHALLENGES_2: [&::core::primitive::str; 1usize] = [
        "ApiKey realm=\"Partners\", in=\"header\", name=\"X-Partner-Key\"",
    ];
    static __AUTH_MEMBERS: [::auth_core::private::Member; 3usize] = [
        ::auth_core::private::Member::new::<
            ::auth_core::private::Bearer,
        >(__AUTH_DECLARED_0, &__AUTH_CHALLENGES_0)
            .with_role(::auth_core::private::Need::One("clerk")),
        ::auth_core::private::Member::new::<
            ::auth_core::private::Basic,
        >(__AUTH_DECLARED_1, &__AUTH_CHALLENGES_1)
            .with_role(::auth_core::private::Need::One("clerk")),
        ::auth_core::private::Member::new::<
            ::auth_core::private::ApiKey,
        >(__AUTH_DECLARED_2, &__AUTH_CHALLENGES_2)
            .with_role(::auth_core::private::Need::One("clerk")),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
        ::core::concat!(::core::module_path!(), "::", "partner"),
        &__AUTH_MEMBERS,
    );
    #[automatically_derived]
    impl ::auth_core::private::Policy for __requires_auth_partner {
        type Accepts = ::auth_core::private::All<
            (
                ::auth_core::private::Any<
                    (
                        ::auth_core::private::One<::auth_core::private::Bearer>,
                        ::auth_core::private::One<::auth_core::private::Basic>,
                    ),
                >,
                ::auth_core::private::One<::auth_core::private::ApiKey, Partner>,
            ),
        >;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
async fn partner(
    ::auth_core::private::Guard {
        identity: user,
        ..
    }: ::auth_core::private::Guard<__requires_auth_partner, Authenticated<(User, Key)>>,
) -> String {
    user.0.name.clone()
}
