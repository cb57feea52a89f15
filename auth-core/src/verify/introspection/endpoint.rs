//! One call to the endpoint, and what can go wrong with it.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::value::RawValue;

use super::ClientAuth;
use super::breaker::Outcome;
use crate::jwt::json;
use crate::outbound::{Address, FetchError, Outbound};
use crate::refusal::Cause;

/// Who is asked about tokens, and how.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) address: Address,
    pub(super) outbound: Outbound,
    pub(super) auth: ClientAuth,
    /// `token_type_hint`
    pub(super) hint: Option<Box<str>>,
}

impl Endpoint {
    /// What the endpoint says of a token: the text of one JSON object, which is not judged yet. `now` is in seconds since
    /// 1970-01-01T00:00:00Z.
    pub(super) async fn ask(&self, token: &str, now: u64) -> Result<Box<str>, Failure> {
        let request = self
            .auth
            .request(token, self.hint.as_deref(), now)
            .map_err(|_| Failure::NotSigned)?;
        let answer = self.outbound.send(&self.address, request).await;
        let answer = answer.map_err(Failure::NoAnswer)?;
        match answer.status() {
            StatusCode::OK => object(&answer).ok_or(Failure::Unreadable),
            status if turns_us_away(&answer) => Err(Failure::TurnedAway(status)),
            status => Err(Failure::Status(status)),
        }
    }
}

impl Endpoint {
    /// Whether the endpoint answers, whatever it says: about a token that is nobody's, and that nobody can have chosen.
    pub(super) async fn probe(&self, now: u64) -> Result<(), Failure> {
        let mut octets = [0; 32];
        rand::fill(&mut octets).map_err(|_| Failure::NotSigned)?;
        let token = URL_SAFE_NO_PAD.encode(octets);
        match self.ask(&token, now).await {
            Err(failure) if failure.outcome() != Outcome::Good => Err(failure),
            _ => Ok(()),
        }
    }
}

/// RFC 7662 §2.3: 401 for credentials that do not hold. Some providers say it with 403, or with 400 as token endpoints
/// may (RFC 6749 §5.2).
fn turns_us_away(answer: &Response<Bytes>) -> bool {
    match answer.status() {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => true,
        StatusCode::BAD_REQUEST => error_code(answer.body())
            .is_some_and(|code| ["invalid_client", "unauthorized_client"].contains(&code.as_str())),
        _ => false,
    }
}

fn error_code(body: &[u8]) -> Option<String> {
    let [error] = json::members(core::str::from_utf8(body).ok()?, ["error"])?;
    json::string(error?).map(Into::into)
}

/// The text of a JSON object. What stands in it, doubled names and all, is a matter of the token that was asked about:
/// whoever can put odd things into one answer must not pass for an endpoint that is down.
fn object(answer: &Response<Bytes>) -> Option<Box<str>> {
    let text = core::str::from_utf8(answer.body()).ok()?;
    let value: &RawValue = serde_json::from_str(text).ok()?;
    value.get().starts_with('{').then(|| text.into())
}

/// Why nothing is known about a token. It names nothing of the token, of its answer or of our credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    NoAnswer(FetchError),
    /// Neither 200 nor about us.
    Status(StatusCode),
    /// The endpoint does not take our credentials.
    TurnedAway(StatusCode),
    /// Not one JSON object.
    Unreadable,
    /// The client's assertion could not be made.
    NotSigned,
    /// The call ended without a result: its runtime stopped, or it panicked.
    Ended,
    NoRuntime,
    /// Enough calls are under way.
    TooMany,
    /// No calls are made for this long; and why the last probe failed, if one did.
    Held(Duration, Option<Arc<Failure>>),
}

/// When nothing is known about when it is over.
const SOON: Duration = Duration::from_secs(1);

impl Failure {
    /// That the endpoint turns us away is an error in our configuration (500): no client can do anything about it, and no
    /// time heals it. All else is a verifier that cannot answer now (503).
    pub(super) fn cause(&self) -> Cause {
        let words = format!("introspection endpoint: {self}");
        if self.is_ours() {
            return Cause::NotConfigured(words.into());
        }
        let retry_after = match self {
            Self::Held(wait, _) => *wait,
            _ => SOON,
        };
        Cause::unavailable(retry_after, words)
    }

    /// How far it speaks against the endpoint, and not only of one token: a provider that answers 400 about odd tokens must
    /// not be cut off by whoever sends them, nor one that answers 500 about them while it knows others.
    pub(super) fn outcome(&self) -> Outcome {
        match self {
            Self::Status(status) => {
                let passing = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
                if status.is_client_error() && !passing.contains(status) {
                    Outcome::Good
                } else {
                    Outcome::Bad
                }
            }
            Self::NoAnswer(FetchError::TooLong(_) | FetchError::Redirect(_))
            | Self::TurnedAway(_)
            | Self::Unreadable => Outcome::Bad,
            _ => Outcome::Silent,
        }
    }

    /// One word for a label.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::NoAnswer(error) => error.word(),
            Self::Status(_) => "status",
            Self::TurnedAway(_) => "turned_away",
            Self::Unreadable => "unreadable",
            // The others are no calls.
            Self::NotSigned | Self::Ended | Self::NoRuntime | Self::TooMany | Self::Held(..) => {
                "stopped"
            }
        }
    }

    /// Whether it is an error in our configuration.
    pub(super) fn is_ours(&self) -> bool {
        match self {
            Self::TurnedAway(_) | Self::NoRuntime => true,
            Self::Held(_, last) => last.as_ref().is_some_and(|last| last.is_ours()),
            _ => false,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer(error) => error.fmt(f),
            Self::Status(status) => write!(f, "it answers {}", status.as_u16()),
            Self::TurnedAway(status) => write!(
                f,
                "it answers {}: check the client's id, its secret or key, and whether it may introspect",
                status.as_u16()
            ),
            Self::Unreadable => f.write_str("its answer is not one JSON object"),
            Self::NotSigned => f.write_str("the client's credentials could not be made"),
            Self::Ended => f.write_str("the call ended without a result"),
            Self::NoRuntime => {
                f.write_str("there is no tokio runtime: call the verifier inside of one")
            }
            Self::TooMany => f.write_str("too many calls are under way"),
            Self::Held(_, None) => f.write_str("calls are held back"),
            Self::Held(_, Some(last)) => write!(f, "calls are held back, a probe failed: {last}"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn answer(status: u16, body: &'static str) -> Response<Bytes> {
        let mut answer = Response::new(Bytes::from_static(body.as_bytes()));
        *answer.status_mut() = StatusCode::from_u16(status).unwrap();
        answer
    }

    #[test]
    fn i5_answers_that_are_about_us() {
        for (status, body, about_us) in [
            (401, "", true),
            (403, "<html>", true),
            (400, r#"{"error":"invalid_client"}"#, true),
            (400, r#"{"error":"unauthorized_client"}"#, true),
            (400, r#"{"error":"invalid_request"}"#, false),
            (400, r#"{"error":["invalid_client"]}"#, false),
            (400, "", false),
            (404, r#"{"error":"invalid_client"}"#, false),
            (500, "", false),
        ] {
            assert_eq!(
                turns_us_away(&answer(status, body)),
                about_us,
                "{status} {body}"
            );
        }
    }

    #[test]
    fn i5_an_answer_is_one_json_object() {
        for body in [
            "{}",
            r#" {"active":true} "#,
            r#"{"a":1,"a":2}"#,
            r#"{"a":1e400}"#,
        ] {
            assert_eq!(object(&answer(200, body)).as_deref(), Some(body));
        }
        for body in [
            "", "[]", "null", "true", "{", "{}{}", "<html>", "\"a\"", "{\"a\":}",
        ] {
            assert_eq!(object(&answer(200, body)), None, "{body}");
        }
        let latin = Response::new(Bytes::from_static(b"{\"a\":\"\xe9\"}"));
        assert_eq!(object(&latin), None);
    }

    #[test]
    fn i5_what_speaks_against_the_endpoint() {
        for (status, outcome) in [
            (204, Outcome::Bad),
            (302, Outcome::Bad),
            (400, Outcome::Good),
            (404, Outcome::Good),
            (408, Outcome::Bad),
            (429, Outcome::Bad),
            (500, Outcome::Bad),
            (503, Outcome::Bad),
        ] {
            let failure = Failure::Status(StatusCode::from_u16(status).unwrap());
            assert_eq!(failure.outcome(), outcome, "{status}");
        }
        for (failure, outcome) in [
            (Failure::Unreadable, Outcome::Bad),
            (Failure::TurnedAway(StatusCode::FORBIDDEN), Outcome::Bad),
            (Failure::NoAnswer(FetchError::TooLong(1)), Outcome::Bad),
            (
                Failure::NoAnswer(FetchError::Redirect(StatusCode::FOUND)),
                Outcome::Bad,
            ),
            (
                Failure::NoAnswer(FetchError::Deadline(SOON)),
                Outcome::Silent,
            ),
            (
                Failure::NoAnswer(FetchError::Unreachable("x".into())),
                Outcome::Silent,
            ),
            (Failure::Ended, Outcome::Silent),
        ] {
            assert_eq!(failure.outcome(), outcome, "{failure}");
        }
    }

    #[test]
    fn i5_only_our_own_errors_are_500() {
        for (failure, status) in [
            (Failure::NoAnswer(FetchError::Deadline(SOON)), 503),
            (Failure::Status(StatusCode::NOT_FOUND), 503),
            (Failure::Unreadable, 503),
            (Failure::NotSigned, 503),
            (Failure::Ended, 503),
            (Failure::TooMany, 503),
            (Failure::Held(SOON, None), 503),
            (
                Failure::Held(SOON, Some(Arc::new(Failure::Unreadable))),
                503,
            ),
            (Failure::NoRuntime, 500),
            (Failure::TurnedAway(StatusCode::UNAUTHORIZED), 500),
            (
                Failure::Held(
                    SOON,
                    Some(Arc::new(Failure::TurnedAway(StatusCode::FORBIDDEN))),
                ),
                500,
            ),
        ] {
            assert_eq!(failure.cause().status().as_u16(), status, "{failure}");
        }
    }
}
