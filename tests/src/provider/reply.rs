//! What is asked, and what is answered.

use std::fmt::Write as _;

use serde_json::Value;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub method: String,
    /// With the query.
    pub path: String,
    /// Request line and header fields.
    pub head: String,
    pub body: Vec<u8>,
}

impl Asked {
    /// The first field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1);
        lines
            .filter_map(|line| line.split_once(": "))
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    fields: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    #[must_use]
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let reply = Self {
            status,
            fields: Vec::new(),
            body: body.into(),
        };
        reply.with("content-type", content_type)
    }

    #[must_use]
    pub fn json(value: &Value) -> Self {
        Self::new(200, "application/json", value.to_string())
    }

    #[must_use]
    pub fn not_found() -> Self {
        Self::new(404, "text/html", "<!doctype html><p>Nothing here")
    }

    /// With another header field.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Status line and fields, for a body of this length.
    pub(super) fn head(&self, length: usize) -> String {
        let mut head = format!("HTTP/1.1 {} Any\r\n", self.status);
        for (name, value) in &self.fields {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        // RFC 9110 §15.4.5: no body.
        if self.status != 304 {
            let _ = write!(head, "content-length: {length}\r\n");
        }
        head + "connection: close\r\n\r\n"
    }
}
