/// Whoever may change orders, and has proved it lately.
pub struct Write;
const _: Write = Write;
const _: () = {
    static __AUTH_MEMBERS: [::auth_core::private::Member; 1usize] = [
        ::auth_core::private::Member::new::<
            ::auth_core::private::Bearer,
        >(
            ::auth_core::private::Declaration::bearer("API")
                .with_scope("orders:write")
                .with_acr_values("phr")
                .with_max_age("300"),
            &[
                "Bearer realm=\"API\", scope=\"orders:write\"",
                "Bearer realm=\"API\", scope=\"orders:write\"",
                "Bearer realm=\"API\", scope=\"orders:write\", error=\"invalid_request\"",
                "Bearer realm=\"API\", scope=\"orders:write\", error=\"invalid_token\", error_description=\"Token invalid\"",
                "Bearer realm=\"API\", scope=\"orders:write\", error=\"invalid_token\", error_description=\"Token expired\"",
                "Bearer realm=\"API\", scope=\"orders:write\", error=\"invalid_token\", error_description=\"Token revoked\"",
                "Bearer realm=\"API\", scope=\"orders:write\", error=\"insufficient_scope\"",
                "Bearer realm=\"API\", scope=\"orders:write\", error=\"insufficient_user_authentication\", acr_values=\"phr\", max_age=\"300\"",
            ],
        ),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
        ::core::concat!(::core::module_path!(), "::", "Write"),
        &__AUTH_MEMBERS,
    );
    #[automatically_derived]
    impl ::auth_core::private::Policy for Write {
        type Accepts = ::auth_core::private::One<::auth_core::private::Bearer>;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
type __requires_auth_cancel = Write;
const _: () = ::auth_core::private::option_agrees::<__requires_auth_cancel>(false);
::auth_core::private::linked!(__requires_auth_cancel, Authenticated < Claims >);
async fn cancel(
    ::auth_core::private::Guard {
        identity: user,
        ..
    }: ::auth_core::private::Guard<__requires_auth_cancel, Authenticated<Claims>>,
    Path(order): Path<u64>,
) {
    orders::cancel(&user, order).await;
}
