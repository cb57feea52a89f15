#[derive(AuthState, Clone)]
struct App<S> {
    #[auth(Bearer)]
    tokens: Tokens<S>,
    #[auth(ApiKey, tag = Partner)]
    partners: ApiKeys<S>,
    #[auth(settings)]
    settings: Settings,
    name: String,
}
