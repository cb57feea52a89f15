//! What is answered.

use auth_core::{Cause, InvalidRequest};
use auth_syntax::Challenges;
use axum::body::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Response};

use super::{MARK, Sent, Service};

/// How a request is refused.
#[derive(Clone, Copy, Debug)]
pub enum Refused {
    /// 401; the words are for the log only.
    Invalid(&'static str),
    /// 401 for a token with nothing wrong but its `exp`, in seconds and in words.
    Expired(u64, &'static str),
    Revoked,
    Missing,
    NotAccepted,
    Scope,
    Role,
    /// 400
    Request(InvalidRequest),
}

/// What all of it says.
const PLAIN: &str = r#"Bearer realm="API", scope="orders:read""#;
const METADATA: &str =
    r#"resource_metadata="https://api.example/.well-known/oauth-protected-resource""#;

impl Refused {
    fn status(self) -> u16 {
        match self {
            Self::Request(_) => 400,
            Self::Scope | Self::Role => 403,
            _ => 401,
        }
    }

    /// Of the challenge and the body, where they have one, and the message.
    fn words(self) -> [&'static str; 3] {
        match self {
            Self::Invalid(_) => ["invalid_token", "invalid_token", "Token invalid"],
            Self::Expired(..) => ["invalid_token", "token_expired", "Token expired"],
            Self::Revoked => ["invalid_token", "token_revoked", "Token revoked"],
            Self::Missing => [
                "",
                "authentication_required",
                "Authorization header missing",
            ],
            Self::NotAccepted => {
                let message = "Authentication scheme not accepted here";
                ["", "authentication_required", message]
            }
            Self::Scope => {
                let message = "A scope that is needed here was not granted";
                ["insufficient_scope", "insufficient_scope", message]
            }
            Self::Role => ["", "forbidden", "Not allowed"],
            Self::Request(problem) => {
                let message = match problem {
                    InvalidRequest::CarrierTwice => "Credentials sent more than once",
                    InvalidRequest::TooLong => "Credentials are too long",
                    _ => "Bearer must be followed by exactly one token",
                };
                ["invalid_request", "invalid_request", message]
            }
        }
    }

    fn challenges(self) -> Vec<String> {
        let [error, _, message] = self.words();
        match self {
            Self::Role => vec![],
            Self::Missing | Self::NotAccepted => vec![format!("{PLAIN}, {METADATA}")],
            Self::Scope | Self::Request(_) => {
                vec![format!(r#"{PLAIN}, error="{error}", {METADATA}"#)]
            }
            Self::Invalid(_) | Self::Expired(..) | Self::Revoked => vec![format!(
                r#"{PLAIN}, error="{error}", {METADATA}, error_description="{message}""#
            )],
        }
    }

    fn body(self) -> String {
        let [_, error, message] = self.words();
        let message = match self {
            Self::Expired(_, when) => format!("JWT expired at {when}"),
            _ => message.to_owned(),
        };
        format!(r#"{{"error": "{error}", "message": "{message}"}}"#)
    }

    fn cause(self) -> Cause {
        match self {
            Self::Invalid(why) => Cause::invalid_token(why),
            Self::Expired(at, _) => Cause::TokenExpired { at: Some(at) },
            Self::Revoked => Cause::TokenRevoked,
            Self::Missing => Cause::Missing,
            Self::NotAccepted => Cause::SchemeNotAccepted,
            Self::Scope => Cause::InsufficientScope,
            Self::Role => Cause::Forbidden,
            Self::Request(problem) => Cause::InvalidRequest(problem),
        }
    }
}

/// The answer is this one, and so are the words for the log.
pub async fn refuses(service: &Service, sent: &Sent, refused: Refused, name: &str) {
    let cause = answers(service, sent, refused, name).await;
    assert_eq!(
        cause,
        Some(refused.cause()),
        "{:?}: {name}",
        service.serving
    );
}

/// The whole answer is this one: nothing of the request is in it (V28), since it is the same for all.
pub async fn answers(
    service: &Service,
    sent: &Sent,
    refused: Refused,
    name: &str,
) -> Option<Cause> {
    let case = format!("{:?}: {name}", service.serving);
    let answer = service.answer(sent.request()).await;
    let cause = answer.extensions().get().cloned();
    let (status, mut headers, body) = read(answer).await;
    assert_eq!(status, refused.status(), "{case}");
    let challenges = headers.get_all("www-authenticate").iter();
    let challenges: Vec<_> = challenges
        .map(|line| line.to_str().unwrap().to_owned())
        .collect();
    assert_eq!(challenges, refused.challenges(), "{case}");
    for line in &challenges {
        is_one_challenge(line);
    }
    headers.remove("www-authenticate");
    // axum's, from the body.
    headers.remove("content-length");
    let others = [
        ("content-type", "application/json"),
        ("cache-control", "no-store"),
    ];
    let others = others.map(|(name, value)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    });
    assert_eq!(headers, HeaderMap::from_iter(others), "{case}");
    assert_eq!(body, refused.body(), "{case}");
    assert!(!format!("{challenges:?}{body}").contains(MARK), "{case}");
    cause
}

/// The handler runs, for the caller whose token it is.
pub async fn admits(service: &Service, sent: &Sent, name: &str) {
    let case = format!("{:?}: neighbour of {name}", service.serving);
    let answer = service.answer(sent.request()).await;
    let cause = answer.extensions().get::<Cause>().cloned();
    let (status, headers, body) = read(answer).await;
    assert_eq!((status, cause), (200, None), "{case}");
    assert_eq!(body, sent.caller(), "{case}");
    assert!(!headers.contains_key("www-authenticate"), "{case}");
}

async fn read(answer: Response<Body>) -> (u16, HeaderMap, String) {
    let (head, body) = answer.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    (
        head.status.as_u16(),
        head.headers,
        String::from_utf8(body.to_vec()).unwrap(),
    )
}

/// RFC 9110 §11.6.1, read strictly: one challenge in each field line, and no parameter twice.
fn is_one_challenge(line: &str) {
    let read: Result<Vec<_>, _> = Challenges::new(line.as_bytes()).collect();
    let [challenge] = read.unwrap()[..] else {
        panic!("{line}");
    };
    assert!(challenge.is("Bearer"));
    let mut names: Vec<_> = challenge.params().map(|param| param.name).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "{line}");
}
