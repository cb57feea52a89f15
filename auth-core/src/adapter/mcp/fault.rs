//! What is wrong with a message, and how MCP is told.

use core::fmt;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};

/// What is wrong with a request whose caller is known: its message is refused, since the server might read it otherwise
/// than it was judged.
///
/// It rides in the extensions of the response, for logging layers, as a [`Cause`](crate::Cause) does. The answer is a
/// JSON-RPC error, and repeats nothing of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MessageFault {
    /// A header field of this name occurs twice.
    FieldTwice(&'static str),
    /// The header field of this name cannot be read.
    FieldMalformed(&'static str),
    /// The header field of this name says something else than the message.
    Mismatch(&'static str),
    /// The content is not `application/json`, or its type is said twice.
    ContentType,
    /// The content is encoded (compressed, say).
    ContentEncoding,
    /// The content is longer than [`McpLayerBuilder::max_message_len`](super::McpLayerBuilder::max_message_len).
    TooLong,
    /// The content broke off.
    Unreadable,
    /// The content is not one JSON object in UTF-8.
    NotAnObject,
    /// Several messages at once, which MCP took out in its revision 2025-06-18.
    Batch,
    /// This member occurs twice, or under a name that differs from it in case only.
    Ambiguous(&'static str),
    /// There is no method where there is no answer, or both, or the method is no plain text.
    Method,
    /// A `tools/call` that does not name one tool.
    NoTool,
    /// The session is not that of this caller.
    ForeignSession,
    /// The event of `Last-Event-ID` was not sent to this caller.
    ForeignEvent,
}

impl MessageFault {
    /// The status of the answer.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::ContentType | Self::ContentEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            // What MCP's transport says of sessions that have ended: the client begins a new one.
            Self::ForeignSession | Self::ForeignEvent => StatusCode::NOT_FOUND,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The code of the JSON-RPC error (JSON-RPC 2.0 §5.1, and `HeaderMismatch` of MCP's revision 2026-07-28).
    #[must_use]
    pub const fn code(self) -> i32 {
        match self {
            Self::FieldTwice(_) | Self::FieldMalformed(_) | Self::Mismatch(_) => -32020,
            Self::NotAnObject | Self::Unreadable => -32700,
            Self::NoTool => -32602,
            _ => -32600,
        }
    }

    pub(super) fn into_response(self) -> Response<Bytes> {
        // The texts have nothing in them that JSON would escape.
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":null,"error":{{"code":{},"message":"{self}"}}}}"#,
            self.code()
        );
        let mut response = Response::new(body.into());
        *response.status_mut() = self.status();
        let fields = response.headers_mut();
        fields.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.extensions_mut().insert(self);
        response
    }
}

impl fmt::Display for MessageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FieldTwice(name) => write!(f, "Header field {name} is repeated"),
            Self::FieldMalformed(name) => write!(f, "Header field {name} is malformed"),
            Self::Mismatch(name) => write!(f, "Header field {name} does not match the message"),
            Self::ContentType => f.write_str("Content-Type is not application/json"),
            Self::ContentEncoding => f.write_str("The content is encoded"),
            Self::TooLong => f.write_str("The message is too long"),
            Self::Unreadable => f.write_str("The content broke off"),
            Self::NotAnObject => f.write_str("The content is not one JSON object in UTF-8"),
            Self::Batch => f.write_str("Batches are not accepted"),
            Self::Ambiguous(name) => write!(f, "Member {name} is repeated or misspelt"),
            Self::Method => f.write_str("The message is neither a request nor an answer"),
            Self::NoTool => f.write_str("The call does not name one tool"),
            Self::ForeignSession => f.write_str("Session not found"),
            Self::ForeignEvent => f.write_str("Event not found"),
        }
    }
}

impl core::error::Error for MessageFault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_a_json_rpc_error() {
        for fault in [
            MessageFault::FieldTwice("mcp-name"),
            MessageFault::TooLong,
            MessageFault::ForeignSession,
            MessageFault::ForeignEvent,
            MessageFault::Ambiguous("method"),
        ] {
            let response = fault.into_response();
            assert_eq!(response.status(), fault.status());
            assert_eq!(
                response.extensions().get::<MessageFault>(),
                Some(&fault),
                "{fault}"
            );
            let body: Result<serde_json::Value, _> = serde_json::from_slice(response.body());
            let body = body.unwrap_or_default();
            assert_eq!(body["jsonrpc"], "2.0");
            assert_eq!(body["error"]["code"], fault.code());
            assert_eq!(body["error"]["message"], fault.to_string());
        }
    }
}
