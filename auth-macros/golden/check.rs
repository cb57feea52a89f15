fn service(app: App) -> impl Service {
    service_fn(async move |request: http::Request<Body>| {
        let user = check!(
            scheme = "Bearer",
            realm = "API",
            request = request,
            state = app,
            identity = Claims
        )?;
        Ok::<_, Refusal>(format!("hello {}", user.name))
    })
}
