#[doc(hidden)]
#[non_exhaustive]
enum __requires_auth_keys {}
const _: () = {
    const __AUTH_DECLARED_0: ::auth_core::private::Declaration<'static> = ::auth_core::private::Declaration::basic(
        crate::zones::OFFICE,
    );
    static __AUTH_TEXT_0: [::core::primitive::u8; __AUTH_DECLARED_0.text_len()] = __AUTH_DECLARED_0
        .text();
    static __AUTH_CHALLENGES_0: [&::core::primitive::str; __AUTH_DECLARED_0.kinds()] = __AUTH_DECLARED_0
        .cut(&__AUTH_TEXT_0);
    static __AUTH_MEMBERS: [::auth_core::private::Member; 1usize] = [
        ::auth_core::private::Member::new::<
            ::auth_core::private::Basic,
        >(__AUTH_DECLARED_0, &__AUTH_CHALLENGES_0),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
            ::core::concat!(::core::module_path!(), "::", "keys"),
            &__AUTH_MEMBERS,
        )
        .secure();
    #[automatically_derived]
    impl ::auth_core::private::Policy for __requires_auth_keys {
        type Accepts = ::auth_core::private::One<::auth_core::private::Basic>;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
::auth_core::private::linked!(__requires_auth_keys, Authenticated < User >);
async fn keys(
    ::auth_core::private::Guard {
        identity: _,
        ..
    }: ::auth_core::private::Guard<__requires_auth_keys, Authenticated<User>>,
) -> &'static str {
    "in the drawer"
}
