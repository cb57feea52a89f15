fn service(app: App) -> impl Service {
    service_fn(async move |request: http::Request<Body>| {
        let user = {
            #[doc(hidden)]
            #[non_exhaustive]
            enum __check {}
            const _: () = {
                static __AUTH_MEMBERS: [::auth_core::private::Member; 1usize] = [
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
                    ::core::concat!(::core::module_path!(), "::", "check"),
                    &__AUTH_MEMBERS,
                );
                #[automatically_derived]
                impl ::auth_core::private::Policy for __check {
                    type Accepts = ::auth_core::private::One<
                        ::auth_core::private::Bearer,
                    >;
                    const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
                }
            };
            match ::auth_core::private::admit::<
                __check,
                ::auth_core::private::Authenticated<Claims>,
                (),
                _,
            >(&(app), ::auth_core::private::view(&(request)))
                .await
            {
                ::core::result::Result::Ok(__guard) => {
                    ::core::result::Result::Ok(__guard.identity)
                }
                ::core::result::Result::Err(__refusal) => {
                    ::core::result::Result::Err(__refusal)
                }
            }
        }?;
        Ok::<_, Refusal>(format!("hello {}", user.name))
    })
}
