#[doc(hidden)]
#[non_exhaustive]
pub enum __requires_auth_orders {}
const _: () = {
    static __AUTH_MEMBERS: [::auth_core::private::Member; 1usize] = [
        ::auth_core::private::Member::new::<
            ::auth_core::private::Bearer,
        >(
            ::auth_core::private::Declaration::bearer("API").with_scope("orders:read"),
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
        ),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
        ::core::concat!(::core::module_path!(), "::", "orders"),
        &__AUTH_MEMBERS,
    );
    #[automatically_derived]
    impl ::auth_core::private::Policy for __requires_auth_orders {
        type Accepts = ::auth_core::private::One<::auth_core::private::Bearer>;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
::auth_core::private::linked!(__requires_auth_orders, Authenticated < Claims >);
pub async fn orders(
    ::auth_core::private::Guard {
        identity: user,
        ..
    }: ::auth_core::private::Guard<__requires_auth_orders, Authenticated<Claims>>,
    Query(page): Query<Page>,
) -> Json<Vec<Order>> {
    Json(page.of(&user))
}
