//! Text within a JSON string.

use std::borrow::Cow;

/// JSON string content (RFC 8259 §7), without the quotes around it. Control characters become spaces: no text that is
/// written here has any.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c != '"' && c != '\\' && !c.is_control();
    if text.chars().all(plain) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.into()
}
