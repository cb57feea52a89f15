#[doc(hidden)]
#[non_exhaustive]
enum __requires_auth_greeting {}
const _: () = {
    static __AUTH_MEMBERS: [::auth_core::private::Member; 1usize] = [
        ::auth_core::private::Member::new::<
            ::auth_core::private::Bearer,
        >(
            ::auth_core::private::Declaration::bearer("Shop"),
            &[
                "Bearer realm=\"Shop\"",
                "Bearer realm=\"Shop\"",
                "Bearer realm=\"Shop\", error=\"invalid_request\"",
                "Bearer realm=\"Shop\", error=\"invalid_token\", error_description=\"Token invalid\"",
                "Bearer realm=\"Shop\", error=\"invalid_token\", error_description=\"Token expired\"",
                "Bearer realm=\"Shop\", error=\"invalid_token\", error_description=\"Token revoked\"",
                "Bearer realm=\"Shop\", error=\"insufficient_scope\"",
                "Bearer realm=\"Shop\", error=\"insufficient_user_authentication\"",
            ],
        ),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
            ::core::concat!(::core::module_path!(), "::", "greeting"),
            &__AUTH_MEMBERS,
        )
        .optional();
    #[automatically_derived]
    impl ::auth_core::private::Policy for __requires_auth_greeting {
        type Accepts = ::auth_core::private::One<::auth_core::private::Bearer>;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
::auth_core::private::linked!(
    __requires_auth_greeting, Option < Authenticated < Claims > >
);
async fn greeting(
    ::auth_core::private::Guard {
        identity: user,
        ..
    }: ::auth_core::private::Guard<
        __requires_auth_greeting,
        Option<Authenticated<Claims>>,
    >,
) -> String {
    user.map_or("hello".to_owned(), |user| format!("hello {}", user.name))
}
