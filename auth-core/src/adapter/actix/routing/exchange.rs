//! What a guard is shown of a request beside its head, and adds to the answer.

use core::fmt;

use actix_web::{HttpRequest, HttpResponse};
use http::Extensions;

use crate::adapter::actix::request::shown_extensions;
use crate::policy::Spec;
#[cfg(feature = "digest")]
use {
    crate::adapter::actix::refusal::field,
    crate::exchange::{Exchange, needs_exchange},
    crate::refusal::Cause,
    actix_web::http::header::{self, HeaderMap},
    actix_web::http::uri::PathAndQuery,
};

/// What a guard is shown: what middleware shows it, and with Digest a place for what it says to the answer.
#[derive(Default)]
pub struct Shown {
    extensions: Option<Extensions>,
    #[cfg(feature = "digest")]
    exchange: Option<Exchange>,
}

impl Shown {
    /// Shows the guard of this policy what it needs.
    pub(super) fn to_guard_of(spec: &Spec, request: &HttpRequest) -> Self {
        let _ = spec;
        let shown = Self {
            extensions: shown_extensions(request),
            #[cfg(feature = "digest")]
            exchange: None,
        };
        #[cfg(feature = "digest")]
        if needs_exchange(spec) {
            return shown.with_exchange(request);
        }
        shown
    }

    pub(super) fn extensions(&self) -> Option<&Extensions> {
        self.extensions.as_ref()
    }

    /// Adds what the guard says to the answer.
    #[cfg(not(feature = "digest"))]
    pub(super) async fn complete(self, answer: HttpResponse) -> HttpResponse {
        answer
    }
}

#[cfg(feature = "digest")]
impl Shown {
    fn with_exchange(self, request: &HttpRequest) -> Self {
        let mut head = http::Request::new(());
        if let Ok(method) = request.method().as_str().parse() {
            *head.method_mut() = method;
        }
        let target = request.uri().path_and_query().map(PathAndQuery::as_str);
        if let Some(Ok(target)) = target.map(str::parse) {
            *head.uri_mut() = target;
        }
        // The rest of the head plays no part.
        copy(
            request.headers(),
            &[header::AUTHORIZATION, header::CONTENT_LENGTH],
            head.headers_mut(),
        );
        *head.extensions_mut() = self.extensions.unwrap_or_default();
        let (mut parts, ()) = head.into_parts();
        let exchange = Exchange::of_head(&mut parts);
        Self {
            extensions: Some(parts.extensions),
            exchange: Some(exchange),
        }
    }

    /// Adds what the guard says to the answer.
    pub(super) async fn complete(self, mut answer: HttpResponse) -> HttpResponse {
        let Some(exchange) = self.exchange else {
            return answer;
        };
        let mut head = http::Response::new(());
        if let Ok(status) = http::StatusCode::from_u16(answer.status().as_u16()) {
            *head.status_mut() = status;
        }
        if let Some(cause) = answer.extensions().get::<Cause>() {
            head.extensions_mut().insert(cause.clone());
        }
        // What it goes by is what the answer says to caches, and those are many fields.
        let names: Vec<_> = answer.headers().keys().cloned().collect();
        copy(answer.headers(), &names, head.headers_mut());
        let head = exchange.complete(head).await;
        let added = [
            (http::HeaderName::from_static("authentication-info"), true),
            (
                http::header::CACHE_CONTROL,
                !answer.headers().contains_key(header::CACHE_CONTROL),
            ),
        ];
        for (name, _) in added.into_iter().filter(|(_, is_new)| *is_new) {
            let value = head.headers().get(&name);
            if let Some((name, value)) = value.and_then(|value| field(&name, value)) {
                answer.headers_mut().insert(name, value);
            }
        }
        answer
    }
}

/// Copies the lines of these fields.
#[cfg(feature = "digest")]
fn copy(from: &HeaderMap, names: &[header::HeaderName], to: &mut http::HeaderMap) {
    for name in names {
        for value in from.get_all(name) {
            let name = http::HeaderName::from_bytes(name.as_str().as_bytes());
            let value = http::HeaderValue::from_bytes(value.as_bytes());
            if let (Ok(name), Ok(value)) = (name, value) {
                to.append(name, value);
            }
        }
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown")
    }
}
