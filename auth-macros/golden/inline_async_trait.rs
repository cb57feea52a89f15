// As `#[async_trait]` has rewritten it when it stands above.
impl Orders for Service {
    #[requires_auth(Api, request = request, state = self.app)]
    fn count<'life0, 'async_trait>(
        &'life0 self,
        request: Request<()>,
    ) -> ::core::pin::Pin<
        Box<
            dyn ::core::future::Future<Output = http::Response<Body>>
                + ::core::marker::Send
                + 'async_trait,
        >,
    >
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move {
            let __self = self;
            __self.count_all().await
        })
    }
}
