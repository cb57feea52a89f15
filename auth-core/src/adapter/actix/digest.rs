//! What Digest needs (RFC 7616): the content of the request, and `Authentication-Info` in the answer.

use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::uri::PathAndQuery;
use actix_web::{HttpRequest, HttpResponse};
use http::HeaderName;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH};

use super::content::share;
use super::refusal::field;
use super::shown::Shown;
use crate::exchange::{Exchange, offers_auth_int};
use crate::policy::Spec;
use crate::refusal::Cause;

const AUTHENTICATION_INFO: HeaderName = HeaderName::from_static("authentication-info");

impl Shown {
    pub(super) fn with_exchange(
        mut self,
        spec: &Spec,
        request: &HttpRequest,
        payload: &mut Payload,
    ) -> Self {
        let mut head = http::Request::new(());
        if let Ok(method) = request.method().as_str().parse() {
            *head.method_mut() = method;
        }
        let target = request.uri().path_and_query().map(PathAndQuery::as_str);
        if let Some(Ok(target)) = target.map(str::parse) {
            *head.uri_mut() = target;
        }
        // The other fields play no part.
        for name in [AUTHORIZATION, CONTENT_LENGTH] {
            copy(request.headers(), &name, head.headers_mut());
        }
        *head.extensions_mut() = self.extensions.unwrap_or_default();
        let (mut parts, ()) = head.into_parts();
        self.exchange = Some(if offers_auth_int(spec) {
            let (mut body, content) = share(payload);
            let exchange = Exchange::of(&mut parts, &mut body);
            if let Some(content) = &content {
                content.stand_in_for(payload, body);
            }
            self.content = content;
            exchange
        } else {
            Exchange::of_head(&mut parts)
        });
        self.extensions = Some(parts.extensions);
        self
    }

    /// Adds what the guard says to the answer.
    pub(super) async fn complete(self, answer: HttpResponse) -> HttpResponse {
        let Some(exchange) = self.exchange else {
            return answer;
        };
        let (mut answer, body) = answer.into_parts();
        let mut head = http::Response::builder().status(answer.status().as_u16());
        if let Some(extensions) = head.extensions_mut()
            && let Some(cause) = answer.extensions().get::<Cause>()
        {
            extensions.insert(cause.clone());
        }
        if let Some(fields) = head.headers_mut() {
            // What it goes by is what the answer says to caches, in one of many fields.
            for name in answer.headers().keys() {
                if let Ok(name) = HeaderName::from_bytes(name.as_str().as_bytes()) {
                    copy(answer.headers(), &name, fields);
                }
            }
        }
        // What is not here as a whole is not waited for.
        let (fields, body) = match body.try_into_bytes() {
            Ok(content) => (
                completed(exchange, head, content.clone()).await,
                BoxBody::new(content),
            ),
            Err(body) => (completed(exchange, head, ()).await, body),
        };
        let is_cached = answer.headers().contains_key(header::CACHE_CONTROL);
        for (name, is_ours) in [(AUTHENTICATION_INFO, true), (CACHE_CONTROL, !is_cached)] {
            let value = fields.get(&name).filter(|_| is_ours);
            if let Some((name, value)) = value.and_then(|value| field(&name, value)) {
                answer.headers_mut().insert(name, value);
            }
        }
        answer.set_body(body)
    }
}

/// The fields of an answer with this content.
async fn completed<B: Send + 'static>(
    exchange: Exchange,
    head: http::response::Builder,
    content: B,
) -> http::HeaderMap {
    match head.body(content) {
        Ok(answer) => exchange.complete(answer).await.into_parts().0.headers,
        Err(_) => http::HeaderMap::new(),
    }
}

/// Copies the lines of a field.
fn copy(from: &HeaderMap, name: &HeaderName, to: &mut http::HeaderMap) {
    for value in from.get_all(name.as_str()) {
        if let Ok(value) = http::HeaderValue::from_bytes(value.as_bytes()) {
            to.append(name.clone(), value);
        }
    }
}
