//! What the header fields say of the message, before it is read.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method};

use super::fault::MessageFault;
use super::message::{CALL, Message};

pub(super) const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
pub(super) const LAST_EVENT: HeaderName = HeaderName::from_static("last-event-id");
const METHOD: &str = "mcp-method";
const NAME: &str = "mcp-name";

/// What they say; nothing, before MCP's revision 2026-07-28 (SEP-2243), or of a request that carries no message.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) carries_message: bool,
    method: Option<String>,
    name: Option<String>,
}

impl Head {
    pub(super) fn read(parts: &Parts) -> Result<Self, MessageFault> {
        let fields = &parts.headers;
        // Of two lines a server takes the first, the last or both.
        for name in [SESSION, VERSION, LAST_EVENT] {
            if fields.get_all(&name).iter().nth(1).is_some() {
                return Err(MessageFault::FieldTwice(match name.as_str() {
                    "mcp-session-id" => "Mcp-Session-Id",
                    "last-event-id" => "Last-Event-ID",
                    _ => "MCP-Protocol-Version",
                }));
            }
        }
        let carries_message = !matches!(
            parts.method,
            Method::GET | Method::HEAD | Method::DELETE | Method::OPTIONS
        );
        if !carries_message {
            return Ok(Self {
                carries_message,
                method: None,
                name: None,
            });
        }
        check_content(fields)?;
        let method = single(fields, METHOD, "Mcp-Method")?;
        let name = single(fields, NAME, "Mcp-Name")?;
        let name = name.map(|name| decoded(name).ok_or(MessageFault::FieldMalformed("Mcp-Name")));
        Ok(Self {
            carries_message,
            method: method.map(str::to_owned),
            name: name.transpose()?.map(Cow::into_owned),
        })
    }

    /// The tool, where the fields say that one is called.
    pub(super) fn tool(&self) -> Option<&str> {
        self.name
            .as_deref()
            .filter(|_| self.method.as_deref() == Some(CALL))
    }

    /// What was judged by the fields has to be what is executed. What they do not say is judged by the message.
    pub(super) fn agrees_with(&self, message: &Message) -> Result<(), MessageFault> {
        if self.method.is_some() && self.method.as_deref() != message.method() {
            return Err(MessageFault::Mismatch("Mcp-Method"));
        }
        let names = [self.name.as_deref(), message.tool()];
        // Of other methods the name is that of a prompt, a resource or a task, which is nothing that is judged here.
        if let [Some(said), Some(called)] = names
            && said != called
        {
            return Err(MessageFault::Mismatch("Mcp-Name"));
        }
        Ok(())
    }
}

/// What is read here has to be what the server reads: not something that it decodes first.
fn check_content(fields: &HeaderMap) -> Result<(), MessageFault> {
    let mut types = fields.get_all(CONTENT_TYPE).iter();
    let (Some(content_type), None) = (types.next(), types.next()) else {
        return Err(MessageFault::ContentType);
    };
    let content_type = content_type.to_str().unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default();
    if !essence.trim().eq_ignore_ascii_case("application/json") {
        return Err(MessageFault::ContentType);
    }
    let mut encodings = fields.get_all(CONTENT_ENCODING).iter();
    if encodings.any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(MessageFault::ContentEncoding);
    }
    Ok(())
}

fn single<'f>(
    fields: &'f HeaderMap,
    name: &str,
    told: &'static str,
) -> Result<Option<&'f str>, MessageFault> {
    let mut values = fields.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(MessageFault::FieldTwice(told));
    }
    let value = value
        .to_str()
        .map_err(|_| MessageFault::FieldMalformed(told))?;
    Ok(Some(value))
}

/// SEP-2243: what is no plain text is `=?base64?…?=`.
fn decoded(value: &str) -> Option<Cow<'_, str>> {
    let wrapped = value
        .strip_prefix("=?base64?")
        .and_then(|rest| rest.strip_suffix("?="));
    match wrapped {
        None => Some(value.into()),
        Some(encoded) => {
            let octets = STANDARD.decode(encoded).ok()?;
            String::from_utf8(octets).ok().map(Cow::Owned)
        }
    }
}
