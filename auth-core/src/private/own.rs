//! Schemes that are not built in: their parameters are checked against the table of the scheme, in constants.

use auth_syntax::{Declaration, Param, check_token, same};

use crate::scheme::{ParamKind, Scheme};

/// A type that is a scheme, as itself: whatever is made of a type that is none is wrong as well, and says so
/// no second time.
pub trait Known {
    /// Itself.
    type Itself: Scheme;
}

#[diagnostic::do_not_recommend]
impl<S: Scheme> Known for S {
    type Itself = S;
}

/// What a member of an own scheme declares.
#[must_use]
pub const fn own<S: Scheme>(
    realm: &'static str,
    params: &'static [Param<'static>],
) -> Declaration<'static> {
    Declaration::own(S::NAME, realm, params)
}

/// A parameter as its scheme writes it. Called in constants: one that the scheme does not have, or whose
/// value is of another kind, is a compile error.
#[must_use]
#[expect(
    clippy::panic,
    reason = "called in constants only: the panic is a compile error"
)]
pub const fn own_param<S: Scheme>(key: &'static str, value: &'static str) -> Param<'static> {
    let mut at = 0;
    while at < S::PARAMS.len() {
        let param = &S::PARAMS[at];
        if same(param.key.as_bytes(), key.as_bytes()) {
            return match param.kind {
                ParamKind::Text => Param::quoted(key, value),
                ParamKind::Token if check_token(value).is_ok() => Param::token(key, value),
                ParamKind::Number if is_number(value) => Param::token(key, value),
                ParamKind::OneOf(values) if has(values, value) => Param::quoted(key, value),
                ParamKind::Token => panic!(
                    "{}",
                    Words::new(&["`", key, "` takes one token, without blanks"]).text()
                ),
                ParamKind::Number => {
                    panic!(
                        "{}",
                        Words::new(&["`", key, "` takes a number: digits only"]).text()
                    )
                }
                ParamKind::OneOf(values) => panic!(
                    "{}",
                    Words::new(&["`", key, "` takes one of: "])
                        .and_list(values)
                        .text()
                ),
            };
        }
        at += 1;
    }
    let mut words = Words::new(&["the scheme `", S::NAME, "` has no parameter `", key, "`"]);
    if !S::PARAMS.is_empty() {
        words = words.and("; it has: ");
        let mut at = 0;
        while at < S::PARAMS.len() {
            words = words.and(if at == 0 { "`" } else { ", `" });
            words = words.and(S::PARAMS[at].key).and("`");
            at += 1;
        }
    }
    panic!("{}", words.text())
}

/// Called in constants: a parameter that the scheme needs and that is not among these is a compile error.
#[expect(
    clippy::panic,
    reason = "called in constants only: the panic is a compile error"
)]
pub const fn no_param_is_missing<S: Scheme>(given: &[&str]) {
    let mut at = 0;
    while at < S::PARAMS.len() {
        let param = &S::PARAMS[at];
        if param.required && !has(given, param.key) {
            let words = Words::new(&["the scheme `", S::NAME, "` needs `", param.key]);
            panic!("{}", words.and("`: add it with a value").text());
        }
        at += 1;
    }
}

const fn has(list: &[&str], wanted: &str) -> bool {
    let mut at = 0;
    while at < list.len() {
        if same(list[at].as_bytes(), wanted.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

const fn is_number(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let [digit, others @ ..] = rest {
        if !digit.is_ascii_digit() {
            return false;
        }
        rest = others;
    }
    !text.is_empty()
}

/// A sentence that is put together in constants, where nothing can be formatted. What does not fit is cut.
struct Words {
    text: [u8; 512],
    len: usize,
}

impl Words {
    const fn new(parts: &[&str]) -> Self {
        let mut words = Self {
            text: [0; 512],
            len: 0,
        };
        let mut at = 0;
        while at < parts.len() {
            words = words.and(parts[at]);
            at += 1;
        }
        words
    }

    const fn and(mut self, part: &str) -> Self {
        let part = part.as_bytes();
        let mut at = 0;
        while at < part.len() && self.len < self.text.len() {
            self.text[self.len] = part[at];
            self.len += 1;
            at += 1;
        }
        self
    }

    const fn and_list(mut self, list: &[&str]) -> Self {
        let mut at = 0;
        while at < list.len() {
            self = self.and(if at == 0 { "`" } else { ", `" });
            self = self.and(list[at]).and("`");
            at += 1;
        }
        self
    }

    const fn text(&self) -> &str {
        match core::str::from_utf8(self.text.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "a parameter of this scheme is wrong",
        }
    }
}
