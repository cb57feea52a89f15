#[doc(hidden)]
#[allow(dead_code, missing_debug_implementations)]
struct __requires_auth_change<
    __A = <policies::Api as ::auth_core::private::Policy>::Accepts,
>(
    ::core::marker::PhantomData<fn() -> __A>,
);
const _: () = {
    type __AuthOther = policies::Api;
    const __AUTH_NARROWED: ::auth_core::private::Narrowed = ::auth_core::private::Narrowed::new(
            <__AuthOther as ::auth_core::private::Policy>::SPEC,
        )
        .with_scope("orders:write");
    static __AUTH_SCOPES: [::core::primitive::u8; __AUTH_NARROWED.scopes_len()] = __AUTH_NARROWED
        .scopes();
    static __AUTH_DECLARED: [::auth_core::private::Declaration<
        'static,
    >; __AUTH_NARROWED.len()] = __AUTH_NARROWED.declarations(&__AUTH_SCOPES);
    static __AUTH_TEXT: [::core::primitive::u8; ::auth_core::private::texts_len(
        &__AUTH_DECLARED,
    )] = ::auth_core::private::texts(&__AUTH_DECLARED);
    static __AUTH_CHALLENGES: [&::core::primitive::str; ::auth_core::private::challenges_len(
        &__AUTH_DECLARED,
    )] = ::auth_core::private::cut_texts(&__AUTH_DECLARED, &__AUTH_TEXT);
    static __AUTH_MEMBERS: [::auth_core::private::Member; __AUTH_NARROWED.len()] = __AUTH_NARROWED
        .members(&__AUTH_DECLARED, &__AUTH_CHALLENGES);
    static __AUTH_SPEC: ::auth_core::private::Spec = __AUTH_NARROWED
        .spec(::core::concat!(::core::module_path!(), "::", "change"), &__AUTH_MEMBERS);
    #[automatically_derived]
    impl<__A: ::auth_core::private::Rule> ::auth_core::private::Policy
    for __requires_auth_change<__A> {
        type Accepts = __A;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
const _: () = ::auth_core::private::option_agrees::<__requires_auth_change>(false);
::auth_core::private::linked!(__requires_auth_change, Authenticated < Claims >);
async fn change(
    ::auth_core::private::Guard {
        identity: user,
        ..
    }: ::auth_core::private::Guard<__requires_auth_change, Authenticated<Claims>>,
) -> StatusCode {
    user.change().await
}
#[doc(hidden)]
#[allow(dead_code, missing_debug_implementations)]
struct __requires_auth_count<
    __A = <policies::Api as ::auth_core::private::Policy>::Accepts,
>(
    ::core::marker::PhantomData<fn() -> __A>,
);
const _: () = {
    type __AuthOther = policies::Api;
    const __AUTH_NARROWED: ::auth_core::private::Narrowed = ::auth_core::private::Narrowed::new(
            <__AuthOther as ::auth_core::private::Policy>::SPEC,
        )
        .with_role(
            ::auth_core::private::Need::Any(
                &[
                    ::auth_core::private::Need::One("clerk"),
                    ::auth_core::private::Need::One("boss"),
                ],
            ),
        );
    static __AUTH_MEMBERS: [::auth_core::private::Member; __AUTH_NARROWED.len()] = __AUTH_NARROWED
        .members_as_told();
    static __AUTH_SPEC: ::auth_core::private::Spec = __AUTH_NARROWED
        .spec(::core::concat!(::core::module_path!(), "::", "count"), &__AUTH_MEMBERS);
    #[automatically_derived]
    impl<__A: ::auth_core::private::Rule> ::auth_core::private::Policy
    for __requires_auth_count<__A> {
        type Accepts = __A;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
const _: () = ::auth_core::private::option_agrees::<__requires_auth_count>(false);
::auth_core::private::linked!(__requires_auth_count, Authenticated < Claims >);
async fn count(
    ::auth_core::private::Guard {
        identity: user,
        ..
    }: ::auth_core::private::Guard<__requires_auth_count, Authenticated<Claims>>,
) -> String {
    user.count()
}
