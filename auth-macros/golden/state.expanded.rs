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
#[automatically_derived]
impl<S> ::auth_core::private::AuthState for App<S> {
    fn settings(&self) -> &::auth_core::private::Settings {
        &self.settings
    }
}
#[automatically_derived]
impl<
    S,
> ::auth_core::private::Provides<
    ::auth_core::private::Bearer,
    ::auth_core::private::Main,
> for App<S> {
    type Verifier = Tokens<S>;
    fn verifier(&self) -> &Tokens<S> {
        &self.tokens
    }
}
#[automatically_derived]
impl<S> ::auth_core::private::Provides<::auth_core::private::ApiKey, Partner>
for App<S> {
    type Verifier = ApiKeys<S>;
    fn verifier(&self) -> &ApiKeys<S> {
        &self.partners
    }
}
