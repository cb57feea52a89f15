#[doc(hidden)]
#[non_exhaustive]
enum __requires_auth_report {}
const _: () = {
    static __AUTH_MEMBERS: [::auth_core::private::Member; 1usize] = [
        ::auth_core::private::Member::new::<
            ::auth_core::private::ApiKey,
        >(
            ::auth_core::private::Declaration::api_key("API", "X-API-Key"),
            &["ApiKey realm=\"API\", in=\"header\", name=\"X-API-Key\""],
        ),
    ];
    static __AUTH_SPEC: ::auth_core::private::Spec = ::auth_core::private::Spec::new(
        ::core::concat!(::core::module_path!(), "::", "report"),
        &__AUTH_MEMBERS,
    );
    #[automatically_derived]
    impl ::auth_core::private::Policy for __requires_auth_report {
        type Accepts = ::auth_core::private::One<::auth_core::private::ApiKey>;
        const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
    }
};
const _: () = {
    use ::auth_core::private::NotAnIdentity as _;
    ::auth_core::private::not_an_alias(
        ::auth_core::private::Argument::<Month>::IS_IDENTITY,
    )
};
::auth_core::private::linked!(__requires_auth_report, ::auth_core::private::Unseen);
#[instrument]
async fn report(
    _: ::auth_core::private::Guard<__requires_auth_report>,
    month: Month,
) -> Report {
    Report::of(month)
}
