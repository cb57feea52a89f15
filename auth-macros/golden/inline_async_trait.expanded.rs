impl Orders for Service {
    #[allow(unused_variables)]
    #[allow(unused_braces)]
    fn count<'life0, 'async_trait>(
        &'life0 self,
        request: Request<()>,
    ) -> ::core::pin::Pin<
        Box<
            dyn ::core::future::Future<
                Output = http::Response<Body>,
            > + ::core::marker::Send + 'async_trait,
        >,
    >
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move {
            type __requires_auth_count = Api;
            const _: () = ::auth_core::private::not_optional::<__requires_auth_count>();
            let () = match ::auth_core::private::admit::<
                __requires_auth_count,
                ::auth_core::private::Unseen,
                (),
                _,
            >(&(self.app), ::auth_core::private::view(&(request)))
                .await
            {
                ::core::result::Result::Ok(__guard) => {}
                ::core::result::Result::Err(__refusal) => {
                    use ::auth_core::private::{
                        AsResponse as _, ByFrom as _, InErr as _, Unwritable as _,
                    };
                    return (&&&&::auth_core::private::Told::<http::Response<Body>>::BY)
                        .__requires_auth_answer(__refusal);
                }
            };
            {
                let __self = self;
                __self.count_all().await
            }
        })
    }
}
