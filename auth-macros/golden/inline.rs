impl Orders for Service {
    #[requires_auth(
        scheme = "Bearer",
        realm = "API",
        request = request,
        state = self.app,
        identity = user: Claims,
        permit = user.may_read(request.id())
    )]
    async fn order(&self, request: Request<Id>) -> Result<Response<Order>, Status> {
        let order = self.find(request.id()).await?;
        Ok(Response::new(order.shown_to(&user)))
    }
}
