//! The JSON document (RFC 9728 §3.2). Members without a value are left out, as the RFC demands.

use crate::json_string::escaped;

/// An object, member by member.
#[derive(Debug)]
pub(super) struct Document(String);

impl Document {
    pub(super) fn new() -> Self {
        Self("{".to_owned())
    }

    pub(super) fn text(mut self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.begin(name);
            self.string(value);
        }
        self
    }

    pub(super) fn list<T: AsRef<str>>(mut self, name: &str, values: &[T]) -> Self {
        if values.is_empty() {
            return self;
        }
        self.begin(name);
        for (at, value) in values.iter().enumerate() {
            self.0.push(if at == 0 { '[' } else { ',' });
            self.string(value.as_ref());
        }
        self.0.push(']');
        self
    }

    pub(super) fn flag(mut self, name: &str, value: bool) -> Self {
        if value {
            self.begin(name);
            self.0.push_str("true");
        }
        self
    }

    pub(super) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn begin(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.string(name);
        self.0.push(':');
    }

    fn string(&mut self, text: &str) {
        self.0.push('"');
        self.0.push_str(&escaped(text));
        self.0.push('"');
    }
}
