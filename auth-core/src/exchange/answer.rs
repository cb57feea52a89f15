//! What a guard adds to the answer: `Authentication-Info` (RFC 7615, RFC 7616 §3.5).

use core::any::Any;
use core::fmt;
use std::sync::PoisonError;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, EXPIRES};
use http::response::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use super::{Exchange, visible};
use crate::refusal::Cause;

const AUTHENTICATION_INFO: HeaderName = HeaderName::from_static("authentication-info");

/// Makes the value of `Authentication-Info` for a content.
pub(crate) type Finish = Box<dyn FnOnce(&[u8]) -> Option<HeaderValue> + Send>;

/// What a guard says of an admitted request.
pub(crate) struct AuthInfo {
    value: Value,
    next_nonce: Option<String>,
}

/// The value of `Authentication-Info`, but for `nextnonce`.
enum Value {
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

impl AuthInfo {
    /// It says nothing of the content of the answer (`qop=auth`).
    pub(crate) fn ready(value: HeaderValue) -> Self {
        Self {
            value: Value::Ready(value),
            next_nonce: None,
        }
    }

    /// It covers the content of the answer (`qop=auth-int`), if that is not longer than this.
    pub(crate) fn with_content(limit: usize, finish: Finish) -> Self {
        Self {
            value: Value::WithContent { limit, finish },
            next_nonce: None,
        }
    }

    /// With a nonce for the next request, in answers that no cache keeps.
    pub(crate) fn and_next_nonce(mut self, nonce: Option<String>) -> Self {
        self.next_nonce = nonce;
        self
    }
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
        let value = match info.value {
            Value::Ready(value) => Some(value),
            Value::WithContent { finish, .. } if self.has_no_content(parts.status) => finish(b""),
            Value::WithContent { limit, finish } => {
                let content = visible::content_of(body, limit).await;
                content.and_then(|content| finish(&content))
            }
        };
        let Some(mut value) = value else { return };
        if let Some(nonce) = info.next_nonce
            && let Some(longer) = with_next_nonce(&value, &nonce)
            && is_kept_out_of_caches(&mut parts.headers)
        {
            value = longer;
        }
        parts.headers.insert(AUTHENTICATION_INFO, value);
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

fn with_next_nonce(value: &HeaderValue, nonce: &str) -> Option<HeaderValue> {
    let nonce = nonce.as_bytes();
    let longer = [value.as_bytes(), b", nextnonce=\"", nonce, b"\""].concat();
    HeaderValue::from_maybe_shared(Bytes::from(longer)).ok()
}

/// Whether no cache keeps the answer: a nonce that is not this client's would make its counts collide with those of
/// others. What the handler says of caches stands; where it says nothing, `no-store` is said.
///
/// Caches are told by `Expires` as well (RFC 9111 §5.3), and some by fields of their own, which they prefer (RFC 9213).
fn is_kept_out_of_caches(fields: &mut HeaderMap) -> bool {
    let is_told_apart = |name: &HeaderName| {
        let name = name.as_str();
        name.ends_with("-cache-control") || name == "surrogate-control"
    };
    if fields.keys().any(is_told_apart) {
        return false;
    }
    if !fields.contains_key(CACHE_CONTROL) && !fields.contains_key(EXPIRES) {
        fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return true;
    }
    let lines = fields.get_all(CACHE_CONTROL);
    // What is quoted may hold commas, and is no directive.
    let is_quoted = |line: &HeaderValue| line.as_bytes().contains(&b'"');
    !lines.iter().any(is_quoted) && lines.iter().any(says_no_store)
}

fn says_no_store(line: &HeaderValue) -> bool {
    let mut directives = line.as_bytes().split(|octet| *octet == b',');
    directives.any(|directive| directive.trim_ascii().eq_ignore_ascii_case(b"no-store"))
}

/// Prints nothing of the value: it proves that the server knows the password.
impl fmt::Debug for AuthInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthInfo([redacted])")
    }
}
