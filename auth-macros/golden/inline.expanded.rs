impl Orders for Service {
    #[allow(unused_braces)]
    async fn order(&self, request: Request<Id>) -> Result<Response<Order>, Status> {
        #[doc(hidden)]
        #[non_exhaustive]
        enum __requires_auth_order {}
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
                ::core::concat!(::core::module_path!(), "::", "order"),
                &__AUTH_MEMBERS,
            );
            #[automatically_derived]
            impl ::auth_core::private::Policy for __requires_auth_order {
                type Accepts = ::auth_core::private::One<::auth_core::private::Bearer>;
                const SPEC: &'static ::auth_core::private::Spec = &__AUTH_SPEC;
            }
        };
        let (user, __requires_auth_answering) = match ::auth_core::private::admit::<
            __requires_auth_order,
            ::auth_core::private::Authenticated<Claims>,
            ::auth_core::private::Answering,
            _,
        >(&(self.app), ::auth_core::private::view(&(request)))
            .await
        {
            ::core::result::Result::Ok(__guard) => (__guard.identity, __guard.answering),
            ::core::result::Result::Err(__refusal) => {
                use ::auth_core::private::{
                    AsResponse as _, ByFrom as _, InErr as _, Unwritable as _,
                };
                return (&&&&::auth_core::private::Told::<
                    Result<Response<Order>, Status>,
                >::BY)
                    .__requires_auth_answer(__refusal);
            }
        };
        let __requires_auth_permitted: ::core::primitive::bool = user
            .may_read(request.id());
        if !__requires_auth_permitted {
            let __refusal = __requires_auth_answering.forbid();
            {
                use ::auth_core::private::{
                    AsResponse as _, ByFrom as _, InErr as _, Unwritable as _,
                };
                return (&&&&::auth_core::private::Told::<
                    Result<Response<Order>, Status>,
                >::BY)
                    .__requires_auth_answer(__refusal);
            }
        }
        {
            let order = self.find(request.id()).await?;
            Ok(Response::new(order.shown_to(&user)))
        }
    }
}
