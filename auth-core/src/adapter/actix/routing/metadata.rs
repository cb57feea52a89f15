//! The metadata of the protected resource.

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::{HttpRequest, Resource};
use bytes::Bytes;
use http::Method;

use crate::adapter::actix::refusal::answered;
use crate::resource::ProtectedResource;
use crate::state::Settings;

/// Serves the metadata of the protected resource of these settings (RFC 9728) at the path where clients look for
/// them: to everybody, scripts of other origins included. See [`ProtectedResource`] for what is in it.
///
/// It belongs on the `App` itself and not into a scope, whose prefix would move it away from where clients look. Add it
/// before a scope of the empty prefix, which takes every path:
///
/// ```
/// # fn example(settings: &auth_core::Settings, routes: auth_core::actix::GuardedScope<std::sync::Arc<String>>) {
/// use actix_web::App;
/// use auth_core::actix::protected_resource;
///
/// let metadata = protected_resource(settings);
/// let app = move || App::new().service(metadata.clone()).service(routes.clone());
/// # let _ = app();
/// # }
/// ```
///
/// # Panics
/// If the settings have no protected resource.
#[must_use]
pub fn protected_resource(settings: &Settings) -> Metadata {
    #[expect(
        clippy::expect_used,
        reason = "as where a route of axum cannot be added"
    )]
    let resource = settings
        .protected_resource()
        .expect("these settings have none: `Settings::with_protected_resource` gives them one")
        .clone();
    resource.routed();
    Metadata(resource)
}

/// Made by [`protected_resource`].
#[derive(Clone, Debug)]
pub struct Metadata(ProtectedResource);

impl Metadata {
    /// Where clients look for them.
    pub(super) fn path(&self) -> &str {
        self.0.metadata_path()
    }
}

impl HttpServiceFactory for Metadata {
    fn register(self, config: &mut AppService) {
        let Self(resource) = self;
        let path = resource.metadata_path().to_owned();
        let answer = move |request: HttpRequest| {
            let method = match request.method().as_str() {
                // actix-web leaves the content out by itself.
                "HEAD" => Method::GET,
                method => method.parse().unwrap_or(Method::TRACE),
            };
            let answer = answered(resource.answer::<Bytes>(&method));
            async move { answer }
        };
        Resource::new(path).to(answer).register(config);
    }
}
