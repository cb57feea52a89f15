//! A refusal as an error of poem.

use core::error;
use core::fmt;

use bytes::Bytes;
use poem::error::{IntoResult, ResponseError};
use poem::http::StatusCode;
use poem::{Body, Error, IntoResponse, Response, ResponseParts, Result};

use crate::permit::Permitted;
use crate::refusal::Refusal;

/// A [`Refusal`] as poem's error handling sees it. Left alone, it becomes the answer that the refusal is: status, all
/// challenges, body.
///
/// It prints the sentence that the client is told ([`Refusal::message`]), since error handlers send what errors print; why
/// the request was refused is for logs only, in the [`Cause`](crate::Cause) that is in the data of the error and of the
/// response.
///
/// An error handler that answers in another form keeps the fields: a 401 must tell its challenges (RFC 9110 §11.6.1).
///
/// ```
/// use poem::{Endpoint, EndpointExt, Error, IntoResponse, Response, Route};
///
/// async fn page(error: Error) -> Response {
///     let text = format!("<h1>{}</h1>", error.status());
///     let mut response = error.into_response();
///     response.headers_mut().remove("content-length"); // of a refusal that answers HEAD
///     response.set_body(text);
///     response.set_content_type("text/html; charset=utf-8")
/// }
///
/// fn with_pages(routes: Route) -> impl Endpoint {
///     routes.catch_all_error(page)
/// }
/// ```
///
/// One for refusals only is `catch_error(|refused: Refused| …)`; `error.downcast_ref::<Refused>()` tells whether an error is
/// one.
#[derive(Debug)]
pub struct Refused(Refusal);

impl Refused {
    /// The refusal.
    #[must_use]
    pub fn refusal(&self) -> &Refusal {
        &self.0
    }

    /// The refusal itself.
    #[must_use]
    pub fn into_refusal(self) -> Refusal {
        self.0
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        // What becomes of an error gets the error's extensions.
        let cause = refusal.cause().clone();
        let mut error = Self::from(Refused(refusal));
        error.set_data(cause);
        error
    }
}

/// For functions that keep their signature: see [`FromRefusal`](crate::FromRefusal).
impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        IntoResponse::into_response(refusal)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message())
    }
}

impl error::Error for Refused {}

impl ResponseError for Refused {
    fn status(&self) -> StatusCode {
        self.0.status()
    }

    fn as_response(&self) -> Response {
        IntoResponse::into_response(self.0.clone())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        IntoResponse::into_response(self.0)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        answered(Refusal::into_response::<Bytes>(self).map(Body::from_bytes))
    }
}

/// As poem has it.
pub(super) fn answered(answer: http::Response<Body>) -> Response {
    let (parts, body) = answer.into_parts();
    let parts = ResponseParts {
        status: parts.status,
        version: parts.version,
        headers: parts.headers,
        extensions: parts.extensions,
    };
    Response::from_parts(parts, body)
}

/// What the handler answers, or the refusal as an error: error handlers see it as they see that of a guard.
impl<R: IntoResult<T>, T: IntoResponse> IntoResult<T> for Permitted<R> {
    fn into_result(self) -> Result<T> {
        match self.into_result() {
            Ok(answer) => answer.into_result(),
            Err(refusal) => Err(refusal.into()),
        }
    }
}
