#[doc(hidden)]
#[non_exhaustive]
enum __requires_auth_orders {}
const _: () = {
    static __AUTH_MEMBERS: [::auth_core::private::Member; 2usize] = [
        ::auth_core::private::Member::new::<
            ::auth_core::private::Bearer,
        >(
                ::auth_core::private::Declaration::bearer("API")
                    .with_scope("orders:read"),
                &[
                    "Bearer realm=\"API\", scope=\"orders:read\"",
                    "Bearer realm=\"API\", scope=\"orders:read\"",
                    "Bearer realm=\"API\", scope=\"orders:read\", error=\"invalid_request\"",
                    "Bearer realm=\"API\", scope=\"orders:read\", error=\"invalid_token\", error_description=\"Token invalid\"",
                    "Bearer realm=\"API\", scope=\"orders:read\", error=\"invalid_token\", error_description=\"Token expired\"",
                    "Bearer realm=\"API\", scope=\"orders:read\", error=\"invalid_token\", error_description=\"Token revoked\"",
                    "Bearer realm=\"API\", scope=\"orders:read\", error=\"insufficient_scope\"",
                    "Bearer realm=\"API\", scope=\"orders:read\", error=\"insufficient_user_authentication\"",
                ],
            )
            .with_scopes(
                ::auth_core::private::Need::Any(
                    &[
                        ::auth_core::private::Need::One("orders:read"),
                        ::auth_core::private::Need::One("orders:admin"),
                    ],
                ),
            ),
        ::auth_core::private::Member::new::<
            ::auth_core::private::Basic,
        >(
            ::auth_core::private::Declaration::basic("Dev zone"),
            &["Basic realm=\"Dev zone\", charset=\"UTF-8\""],
        ),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
        ::core::concat!(::core::module_path!(), "::", "orders"),
        &__AUTH_MEMBERS,
    );
    #[automatically_derived]
    impl ::auth_core::private::Policy for __requires_auth_orders {
        type Accepts = ::auth_core::private::Any<
            (
                ::auth_core::private::One<::auth_core::private::Bearer>,
                ::auth_core::private::One<::auth_core::private::Basic>,
            ),
        >;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
::auth_core::private::linked!(__requires_auth_orders, Authenticated < Caller >);
async fn orders(
    ::auth_core::private::Guard {
        identity: user,
        ..
    }: ::auth_core::private::Guard<__requires_auth_orders, Authenticated<Caller>>,
) -> String {
    user.name.clone()
}
