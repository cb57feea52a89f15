//! Refusals as answers of actix-web.

use core::fmt;

use actix_web::body::{BoxBody, EitherBody};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError};
use bytes::Bytes;

use crate::permit::Permitted;
use crate::refusal::{Cause, Refusal};

/// What the answer says, and nothing for the log only: somebody will write it into an answer of their own.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

/// The answer has its [`Cause`] in its extensions, for middleware.
impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        status(self.status())
    }

    fn error_response(&self) -> HttpResponse {
        // actix-web leaves the content out of answers to `HEAD`, and takes its length from it.
        answered(self.clone().with_content().into_response())
    }
}

/// An answer in the words of the `http` crate that actix-web has.
pub(super) fn answered(response: http::Response<Bytes>) -> HttpResponse {
    let (parts, content) = response.into_parts();
    let mut answer = HttpResponse::with_body(status(parts.status), BoxBody::new(content));
    for (name, value) in &parts.headers {
        if let Some((name, value)) = field(name, value) {
            answer.headers_mut().append(name, value);
        }
    }
    if let Some(cause) = parts.extensions.get::<Cause>() {
        answer.extensions_mut().insert(cause.clone());
    }
    answer
}

/// Both crates have the same numbers.
fn status(status: http::StatusCode) -> StatusCode {
    StatusCode::from_u16(status.as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Both crates take the same octets.
pub(super) fn field(
    name: &http::HeaderName,
    value: &http::HeaderValue,
) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::from_bytes(name.as_str().as_bytes()).ok()?;
    let value = HeaderValue::from_bytes(value.as_bytes()).ok()?;
    Some((name, value))
}

/// For functions under the inline form, which answer with an `HttpResponse`.
impl From<Refusal> for HttpResponse {
    fn from(refusal: Refusal) -> Self {
        Self::from_error(refusal)
    }
}

impl<R: Responder> Responder for Permitted<R> {
    type Body = EitherBody<R::Body>;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse<Self::Body> {
        match self.into_result() {
            Ok(answer) => answer.respond_to(request).map_into_left_body(),
            Err(refusal) => HttpResponse::from_error(refusal).map_into_right_body(),
        }
    }
}
