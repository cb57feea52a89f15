//! The body of a refusal.

use core::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;

use super::Refusal;
use crate::json_string::escaped;

/// How refusals look: a setting of the application, the same for every handler.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum BodyFormat {
    /// `application/json`: `{"error": "token_expired", "message": "JWT expired at …"}`.
    #[default]
    Json,
    /// `application/problem+json` (RFC 9457) with `title`, `status`, `detail` and the member `error`.
    Problem,
    /// Your own. It sees the [`Refusal`] and gives the body; status and challenges stay as they are,
    /// so a 401 cannot lose its challenge. Repeat nothing that the client sent.
    Custom(Arc<dyn Fn(&Refusal) -> Body + Send + Sync>),
}

impl BodyFormat {
    /// [`BodyFormat::Custom`] from a closure.
    pub fn custom(write: impl Fn(&Refusal) -> Body + Send + Sync + 'static) -> Self {
        Self::Custom(Arc::new(write))
    }

    pub(crate) fn write(&self, refusal: &Refusal) -> Body {
        match self {
            Self::Json => Body {
                content_type: HeaderValue::from_static("application/json"),
                content: json(refusal),
            },
            Self::Problem => Body {
                content_type: HeaderValue::from_static("application/problem+json"),
                content: problem(refusal),
            },
            Self::Custom(write) => write(refusal),
        }
    }
}

impl fmt::Debug for BodyFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "Json",
            Self::Problem => "Problem",
            Self::Custom(_) => "Custom(..)",
        })
    }
}

/// A body and its media type.
#[derive(Clone, Debug)]
pub struct Body {
    /// The value of `Content-Type`.
    pub content_type: HeaderValue,
    /// The content.
    pub content: Bytes,
}

fn json(refusal: &Refusal) -> Bytes {
    let text = refusal.text();
    let (message, rest) = refusal.message_parts();
    match text.json {
        Some(json) if rest.is_empty() && message == text.message => {
            Bytes::from_static(json.as_bytes())
        }
        _ => Bytes::from(
            [
                "{\"error\": \"",
                &escaped(text.error),
                "\", \"message\": \"",
                &escaped(&message),
                rest,
                "\"}",
            ]
            .concat(),
        ),
    }
}

/// RFC 9457 §3.1: `type` is left out, so it is `about:blank`, and `title` is the status phrase.
fn problem(refusal: &Refusal) -> Bytes {
    let status = refusal.status();
    let (message, rest) = refusal.message_parts();
    Bytes::from(
        [
            "{\"title\": \"",
            status.canonical_reason().unwrap_or("Refused"),
            "\", \"status\": ",
            status.as_str(),
            ", \"detail\": \"",
            &escaped(&message),
            rest,
            "\", \"error\": \"",
            &escaped(refusal.error()),
            "\"}",
        ]
        .concat(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Declaration;
    use crate::policy::{Member, Spec};
    use crate::refusal::{Cause, Failed};
    use crate::scheme::ApiKey;
    use crate::state::Settings;

    static MEMBERS: [Member; 1] = [crate::member!(
        ApiKey,
        Declaration::named_after_field("API", "X-API-Key")
    )];
    static SPEC: Spec = Spec::new("test", &MEMBERS);

    #[test]
    fn a_message_of_two_parts_is_whole_in_every_body() {
        for (format, body) in [
            (
                BodyFormat::Json,
                r#"{"error": "authentication_required", "message": "X-API-Key header missing"}"#,
            ),
            (
                BodyFormat::Problem,
                r#"{"title": "Unauthorized", "status": 401, "detail": "X-API-Key header missing", "error": "authentication_required"}"#,
            ),
        ] {
            let settings = Settings::new().with_body_format(format.clone());
            let refusal = Refusal::new(Failed::request(Cause::Missing), &SPEC, false, &settings);
            assert_eq!(refusal.message(), "X-API-Key header missing");
            assert_eq!(format.write(&refusal).content, body);
        }
    }
}
