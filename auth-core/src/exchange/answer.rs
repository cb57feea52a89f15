//! What a guard adds to the answer: `Authentication-Info` (RFC 7615, RFC 7616 §3.5).

use core::any::Any;
use core::fmt;
use std::sync::PoisonError;

use http::response::Parts;
use http::{HeaderName, HeaderValue, Response, StatusCode};

use super::{Exchange, visible};
use crate::refusal::Cause;

const AUTHENTICATION_INFO: HeaderName = HeaderName::from_static("authentication-info");

/// Makes the value of `Authentication-Info` for a content.
pub(crate) type Finish = Box<dyn FnOnce(&[u8]) -> Option<HeaderValue> + Send>;

/// The value of `Authentication-Info`.
pub(crate) enum AuthInfo {
    /// It says nothing of the content of the answer (`qop=auth`).
    Ready(HeaderValue),
    /// It covers the content of the answer (`qop=auth-int`).
    WithContent {
        /// The longest content that is read for it, in octets.
        limit: usize,
        /// Gives the value for the content; `None` leaves it out.
        finish: Finish,
    },
}

impl Exchange {
    /// Says what the answer is to carry, in place of what was said before. A refusal carries nothing of it.
    pub(crate) fn answer_with(&self, info: AuthInfo) {
        let answer = self.0.answer.lock();
        *answer.unwrap_or_else(PoisonError::into_inner) = Some(info);
    }

    /// Adds what the guard said to the answer.
    ///
    /// Where the content of the answer is covered, it is read first, if its length is known and within the limit. Else the
    /// field is left out: the RFC has it as something that servers may send, and a stream must not wait for it.
    pub(crate) async fn complete<B: Send + 'static>(self, response: Response<B>) -> Response<B> {
        let Some(info) = self.said() else {
            return response;
        };
        let (mut parts, mut body) = response.into_parts();
        // In a box, since few answers come here, and every future of an answer has room for this one.
        Box::pin(self.add(info, &mut parts, &mut body)).await;
        Response::from_parts(parts, body)
    }

    async fn add(&self, info: AuthInfo, parts: &mut Parts, body: &mut (dyn Any + Send)) {
        // Of a refusal, or of an answer that was made of one.
        if parts.extensions.get::<Cause>().is_some() {
            return;
        }
        let value = match info {
            AuthInfo::Ready(value) => Some(value),
            AuthInfo::WithContent { finish, .. } if self.has_no_content(parts.status) => {
                finish(b"")
            }
            AuthInfo::WithContent { limit, finish } => {
                let content = visible::content_of(body, limit).await;
                content.and_then(|content| finish(&content))
            }
        };
        if let Some(value) = value {
            parts.headers.insert(AUTHENTICATION_INFO, value);
        }
    }

    fn said(&self) -> Option<AuthInfo> {
        let answer = self.0.answer.lock();
        answer.unwrap_or_else(PoisonError::into_inner).take()
    }

    /// RFC 9110 §6.4.1: whatever body the handler gave, the client gets none.
    fn has_no_content(&self, status: StatusCode) -> bool {
        self.0.is_head
            || status.is_informational()
            || status == StatusCode::NO_CONTENT
            || status == StatusCode::NOT_MODIFIED
    }
}

/// Prints nothing of the value: it proves that the server knows the password.
impl fmt::Debug for AuthInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthInfo([redacted])")
    }
}
