#[doc(hidden)]
#[allow(dead_code, missing_debug_implementations)]
struct __requires_auth_open<__A = ::auth_core::private::One<signed::Signed>>(
    ::core::marker::PhantomData<fn() -> __A>,
);
const _: () = {
    type __AuthScheme0 = <signed::Signed as ::auth_core::private::Known>::Itself;
    const _: () = ::auth_core::private::no_param_is_missing::<__AuthScheme0>(&["hash"]);
    static __AUTH_PARAMS_0: [::auth_core::private::Param<'static>; 1usize] = [
        ::auth_core::private::own_param::<__AuthScheme0>("hash", "sha-256"),
    ];
    const __AUTH_DECLARED_0: ::auth_core::private::Declaration<'static> = ::auth_core::private::own::<
        __AuthScheme0,
    >("Machines", &__AUTH_PARAMS_0)
        .with_scope("doors");
    static __AUTH_TEXT_0: [::core::primitive::u8; __AUTH_DECLARED_0.text_len()] = __AUTH_DECLARED_0
        .text();
    static __AUTH_CHALLENGES_0: [&::core::primitive::str; __AUTH_DECLARED_0.kinds()] = __AUTH_DECLARED_0
        .cut(&__AUTH_TEXT_0);
    static __AUTH_MEMBERS: [::auth_core::private::Member; 1usize] = [
        ::auth_core::private::Member::new::<
            __AuthScheme0,
        >(__AUTH_DECLARED_0, &__AUTH_CHALLENGES_0),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
        ::core::concat!(::core::module_path!(), "::", "open"),
        &__AUTH_MEMBERS,
    );
    #[automatically_derived]
    impl<__A: ::auth_core::private::Rule> ::auth_core::private::Policy
    for __requires_auth_open<__A> {
        type Accepts = __A;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
::auth_core::private::linked!(__requires_auth_open, Authenticated < Machine >);
async fn open(
    ::auth_core::private::Guard {
        identity: machine,
        ..
    }: ::auth_core::private::Guard<__requires_auth_open, Authenticated<Machine>>,
) -> &'static str {
    "open"
}
#[doc(hidden)]
#[allow(dead_code, missing_debug_implementations)]
struct __requires_auth_shut<
    __A
        = ::auth_core::private::Any<
            (
                ::auth_core::private::One<signed::Signed>,
                ::auth_core::private::One<::auth_core::private::Bearer>,
            ),
        >,
>(
    ::core::marker::PhantomData<fn() -> __A>,
);
const _: () = {
    type __AuthScheme0 = <signed::Signed as ::auth_core::private::Known>::Itself;
    const _: () = ::auth_core::private::no_param_is_missing::<
        __AuthScheme0,
    >(&["algorithm", "userhash"]);
    static __AUTH_PARAMS_0: [::auth_core::private::Param<'static>; 2usize] = [
        ::auth_core::private::own_param::<__AuthScheme0>("algorithm", "x"),
        ::auth_core::private::own_param::<__AuthScheme0>("userhash", "5"),
    ];
    const __AUTH_DECLARED_0: ::auth_core::private::Declaration<'static> = ::auth_core::private::own::<
        __AuthScheme0,
    >("Machines", &__AUTH_PARAMS_0);
    static __AUTH_TEXT_0: [::core::primitive::u8; __AUTH_DECLARED_0.text_len()] = __AUTH_DECLARED_0
        .text();
    static __AUTH_CHALLENGES_0: [&::core::primitive::str; __AUTH_DECLARED_0.kinds()] = __AUTH_DECLARED_0
        .cut(&__AUTH_TEXT_0);
    static __AUTH_MEMBERS: [::auth_core::private::Member; 2usize] = [
        ::auth_core::private::Member::new::<
            __AuthScheme0,
        >(__AUTH_DECLARED_0, &__AUTH_CHALLENGES_0),
        ::auth_core::private::Member::new::<
            ::auth_core::private::Bearer,
        >(
            ::auth_core::private::Declaration::bearer("API"),
            &[
                "Bearer realm=\"API\"",
                "Bearer realm=\"API\"",
                "Bearer realm=\"API\", error=\"invalid_request\"",
                "Bearer realm=\"API\", error=\"invalid_token\", error_description=\"Token invalid\"",
                "Bearer realm=\"API\", error=\"invalid_token\", error_description=\"Token expired\"",
                "Bearer realm=\"API\", error=\"invalid_token\", error_description=\"Token revoked\"",
                "Bearer realm=\"API\", error=\"insufficient_scope\"",
                "Bearer realm=\"API\", error=\"insufficient_user_authentication\"",
            ],
        ),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
        ::core::concat!(::core::module_path!(), "::", "shut"),
        &__AUTH_MEMBERS,
    );
    #[automatically_derived]
    impl<__A: ::auth_core::private::Rule> ::auth_core::private::Policy
    for __requires_auth_shut<__A> {
        type Accepts = __A;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
::auth_core::private::linked!(__requires_auth_shut, ::auth_core::private::Unseen);
/// Its parameters may have names that are keys of other schemes.
async fn shut(_: ::auth_core::private::Guard<__requires_auth_shut>) -> &'static str {
    "shut"
}
