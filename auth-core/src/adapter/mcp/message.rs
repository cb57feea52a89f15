//! The method and the tool of a JSON-RPC message.
//!
//! The message is handed on as it came, and is read again by the server. So whatever two readers may read in two ways is
//! refused: a member that occurs twice, of which one takes the first and another the last; a name that differs in case,
//! which some compare without; several messages at once. Escapes are undone before anything is compared (RFC 8259 §8.3).

use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::fault::MessageFault;

/// The method that calls a tool.
pub(super) const CALL: &str = "tools/call";

/// What a message asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// `None` if it is an answer to something that the server asked.
    method: Option<String>,
    tool: Option<String>,
}

impl Message {
    pub(super) fn read(content: &[u8]) -> Result<Self, MessageFault> {
        let text = core::str::from_utf8(content).map_err(|_| MessageFault::NotAnObject)?;
        // The white space of RFC 8259 §2.
        if text
            .trim_start_matches([' ', '\t', '\n', '\r'])
            .starts_with('[')
        {
            return Err(MessageFault::Batch);
        }
        let names = ["method", "params", "result", "error", "id", "jsonrpc"];
        let [method, params, result, error, _, _] =
            members(text, names)?.ok_or(MessageFault::NotAnObject)?;
        let answers = result.is_some() || error.is_some();
        match method {
            None if answers => Ok(Self {
                method: None,
                tool: None,
            }),
            Some(method) if !answers => Self::request(method, params),
            _ => Err(MessageFault::Method),
        }
    }

    /// A request, or a notification: whether it has an `id` is all the same here.
    fn request(method: &RawValue, params: Option<&RawValue>) -> Result<Self, MessageFault> {
        let method = string(method)
            .filter(|method| method.bytes().all(|octet| octet.is_ascii_graphic()))
            .ok_or(MessageFault::Method)?;
        let tool = if method == CALL {
            Some(tool(params)?)
        } else if folded(&method) == CALL {
            return Err(MessageFault::Ambiguous("method"));
        } else {
            None
        };
        Ok(Self {
            method: Some(method),
            tool,
        })
    }

    pub(super) fn method(&self) -> Option<&str> {
        self.method.as_deref()
    }

    /// The name of the tool that is called.
    pub(super) fn tool(&self) -> Option<&str> {
        self.tool.as_deref()
    }
}

fn tool(params: Option<&RawValue>) -> Result<String, MessageFault> {
    let params = params.ok_or(MessageFault::NoTool)?;
    let found = members(params.get(), ["name", "arguments", "_meta"])?;
    let [name, ..] = found.ok_or(MessageFault::NoTool)?;
    name.and_then(string).ok_or(MessageFault::NoTool)
}

fn string(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// These members of an object; `None` if this is not one object and nothing else.
fn members<'a, const N: usize>(
    json: &'a str,
    names: [&'static str; N],
) -> Result<Option<[Option<&'a RawValue>; N]>, MessageFault> {
    let mut found = Found {
        names,
        values: [None; N],
        ambiguous: None,
    };
    let mut reader = serde_json::Deserializer::from_str(json);
    let read = (&mut found).deserialize(&mut reader);
    if read.and_then(|()| reader.end()).is_err() {
        return Ok(None);
    }
    match found.ambiguous {
        None => Ok(Some(found.values)),
        Some(name) => Err(MessageFault::Ambiguous(name)),
    }
}

/// What is kept of an object: of other members nothing, however many there are.
struct Found<'a, const N: usize> {
    names: [&'static str; N],
    values: [Option<&'a RawValue>; N],
    ambiguous: Option<&'static str>,
}

impl<'de, const N: usize> DeserializeSeed<'de> for &mut Found<'de, N> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de, const N: usize> Visitor<'de> for &mut Found<'de, N> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let places = self.names.iter().zip(&mut self.values);
            let Some((name, place)) = { places }.find(|(name, _)| is_like(&key, name)) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if key != *name || place.is_some() {
                self.ambiguous = Some(name);
            }
            *place = Some(map.next_value()?);
        }
        Ok(())
    }
}

fn is_like(key: &str, name: &str) -> bool {
    // No letter that folds to an ASCII one has more than three octets.
    key == name || (key.len() <= 3 * name.len() && folded(key) == name)
}

/// Without regard to case, that of Unicode too: U+017F is an `s` then, and U+212A a `k`.
fn folded(text: &str) -> String {
    text.to_uppercase().to_lowercase()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn tool_of(json: &str) -> Result<Option<String>, MessageFault> {
        Message::read(json.as_bytes()).map(|message| message.tool)
    }

    #[test]
    fn a_call_names_its_tool() {
        for json in [
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"drop","arguments":{"name":"x"}}}"#,
            // The order of members does not matter, nor how they are written.
            r#" { "params" : { "arguments" : null , "name" : "drop" } , "method" : "tools/call" } "#,
            r#"{"m\u0065thod":"tools\u002fcall","params":{"na\u006de":"\u0064rop"}}"#,
            r#"{"method":"tools\/call","params":{"name":"drop"}}"#,
            // A notification is judged as a call, whatever a server makes of it.
            r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"drop"}}"#,
            r#"{"method":"tools/call","params":{"name":"drop","other":1,"other":2}}"#,
        ] {
            assert_eq!(tool_of(json), Ok(Some("drop".to_owned())), "{json}");
        }
    }

    #[test]
    fn other_messages_name_none() {
        for json in [
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"drop"}}"#,
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            r#"{"jsonrpc":"2.0","id":1,"result":{"method":"tools/call"}}"#,
            r#"{"jsonrpc":"2.0","id":1,"error":{}}"#,
        ] {
            assert_eq!(tool_of(json), Ok(None), "{json}");
        }
    }

    #[test]
    fn what_may_be_read_in_two_ways_is_refused() {
        use MessageFault::{Ambiguous, Batch, Method, NoTool, NotAnObject};
        for (json, fault) in [
            (
                r#"{"method":"tools/list","method":"tools/call","params":{"name":"a"}}"#,
                Ambiguous("method"),
            ),
            (
                r#"{"method":"tools/call","params":{"name":"a"},"params":{"name":"b"}}"#,
                Ambiguous("params"),
            ),
            (
                r#"{"method":"tools/call","params":{"name":"a","name":"b"}}"#,
                Ambiguous("name"),
            ),
            (
                r#"{"method":"tools/call","params":{"name":"a","na\u006de":"b"}}"#,
                Ambiguous("name"),
            ),
            (
                r#"{"method":"tools/call","params":{"name":"a","Name":"b"}}"#,
                Ambiguous("name"),
            ),
            (
                r#"{"method":"tools/list","METHOD":"tools/call"}"#,
                Ambiguous("method"),
            ),
            (
                "{\"method\":\"tools/call\",\"param\u{17f}\":{\"name\":\"a\"}}",
                Ambiguous("params"),
            ),
            (
                r#"{"method":"tools/call","params":{"arguments":1,"arguments":2,"name":"a"}}"#,
                Ambiguous("arguments"),
            ),
            (r#"{"id":1,"id":2,"method":"ping"}"#, Ambiguous("id")),
            (
                r#"{"method":"Tools/Call","params":{"name":"a"}}"#,
                Ambiguous("method"),
            ),
            (
                "{\"method\":\"tool\u{17f}/call\",\"params\":{\"name\":\"a\"}}",
                Method,
            ),
            (r#"{"method":"tools/call "}"#, Method),
            (r#"{"method":"tools/call\u0000"}"#, Method),
            (r#"{"method":["tools/call"]}"#, Method),
            (r#"{"method":null}"#, Method),
            ("{}", Method),
            (
                r#"{"method":"tools/call","params":{"name":"a"},"result":1}"#,
                Method,
            ),
            (r#"{"method":"tools/call"}"#, NoTool),
            (r#"{"method":"tools/call","params":null}"#, NoTool),
            (r#"{"method":"tools/call","params":["a"]}"#, NoTool),
            (r#"{"method":"tools/call","params":{}}"#, NoTool),
            (r#"{"method":"tools/call","params":{"name":1}}"#, NoTool),
            (
                r#"{"method":"tools/call","params":{"name":"\ud800"}}"#,
                NoTool,
            ),
            (r#"[{"method":"tools/call","params":{"name":"a"}}]"#, Batch),
            ("\n [", Batch),
            (r#"{"method":"ping"} {"method":"ping"}"#, NotAnObject),
            (r#"{"method":"ping"}x"#, NotAnObject),
            ("\u{feff}{\"method\":\"ping\"}", NotAnObject),
            ("", NotAnObject),
            ("null", NotAnObject),
            (r#"{"method":"ping","#, NotAnObject),
            (r#"{"method":"ping",}"#, NotAnObject),
            (r"{'method':'ping'}", NotAnObject),
            (r#"{"method":"ping"/**/}"#, NotAnObject),
        ] {
            assert_eq!(tool_of(json), Err(fault), "{json}");
        }
        let not_utf8 = b"{\"method\":\"ping\",\"x\":\"\xff\"}";
        assert_eq!(Message::read(not_utf8), Err(NotAnObject));
        let utf16: Vec<u8> =
            r#"{"method":"ping"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(Message::read(&utf16), Err(NotAnObject));
    }
}
