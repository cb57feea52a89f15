//! A place in a field value, and the steps that every rule of the grammar is made of.

use crate::class::{OWS, QDTEXT, QUOTED_PAIR, TCHAR, TOKEN68, has};
use crate::error::{SyntaxError, SyntaxErrorKind};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    input: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(input: &'a [u8]) -> Self {
        Self { input, at: 0 }
    }

    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    pub(crate) const fn len(&self) -> usize {
        self.input.len()
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        #[cfg(test)]
        steps::count();
        self.input.get(self.at).copied()
    }

    /// Steps over `b`, if it is next.
    pub(crate) fn eat(&mut self, b: u8) -> bool {
        let found = self.peek() == Some(b);
        self.at += usize::from(found);
        found
    }

    /// Everything from `from` to here.
    pub(crate) fn since(&self, from: usize) -> &'a [u8] {
        self.input.get(from..self.at).unwrap_or_default()
    }

    /// Everything from here.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.input.get(self.at..).unwrap_or_default()
    }

    pub(crate) const fn error(&self, kind: SyntaxErrorKind) -> SyntaxError {
        SyntaxError { at: self.at, kind }
    }

    /// `OWS`, and whether there was any.
    pub(crate) fn skip_ows(&mut self) -> bool {
        !self.skip_class(OWS).is_empty()
    }

    /// `*SP`, and whether there was any: a tab is not a space (RFC 9110 §11.3, `1*SP`).
    pub(crate) fn skip_spaces(&mut self) -> bool {
        let start = self.at;
        while self.eat(b' ') {}
        self.at > start
    }

    /// `*( OWS "," ) OWS`, and whether there was a comma.
    pub(crate) fn skip_commas(&mut self) -> bool {
        let mut any = false;
        loop {
            self.skip_ows();
            if !self.eat(b',') {
                return any;
            }
            any = true;
        }
    }

    /// Is a list element at its end: before a comma or the end of the field?
    pub(crate) fn ends_element(&self) -> bool {
        matches!(self.peek(), None | Some(b','))
    }

    /// `token`
    pub(crate) fn token(&mut self) -> Result<&'a str, SyntaxError> {
        match self.skip_class(TCHAR) {
            [] => Err(self.error(SyntaxErrorKind::NotAToken)),
            token => Ok(ascii(token)),
        }
    }

    /// `token68`, if it is followed by a comma or the end: `a=` before a value is none. Does not
    /// move if there is none.
    pub(crate) fn token68(&mut self) -> Option<&'a str> {
        let mut ahead = *self;
        if ahead.skip_class(TOKEN68).is_empty() {
            return None;
        }
        while ahead.eat(b'=') {}
        let text = ahead.since(self.at);
        ahead.skip_ows();
        if !ahead.ends_element() {
            return None;
        }
        *self = ahead;
        Some(ascii(text))
    }

    /// The rest of a `quoted-string` whose first quote was read: what stands between its quotes.
    pub(crate) fn quoted(&mut self) -> Result<&'a [u8], SyntaxError> {
        let start = self.at;
        loop {
            self.skip_class(QDTEXT);
            match self.peek() {
                Some(b'"') => {
                    let text = self.since(start);
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b) if has(b, QUOTED_PAIR) => self.at += 1,
                        other => return Err(self.bad_quote(other)),
                    }
                }
                other => return Err(self.bad_quote(other)),
            }
        }
    }

    /// Steps to the next comma outside of quoted-strings, whatever stands before it, and tells
    /// whether there is one.
    pub(crate) fn skip_element(&mut self) -> bool {
        while let Some(b) = self.peek() {
            match b {
                b',' => return true,
                b'"' => self.skip_quoted(),
                _ => self.at += 1,
            }
        }
        false
    }

    /// A quoted-string, whatever octets it holds.
    fn skip_quoted(&mut self) {
        self.at += 1;
        while let Some(b) = self.peek() {
            self.at += 1;
            match b {
                b'"' => return,
                // An octet past the end is no harm: there is nothing to peek at.
                b'\\' => self.at += 1,
                _ => {}
            }
        }
    }

    fn bad_quote(&self, found: Option<u8>) -> SyntaxError {
        self.error(match found {
            None => SyntaxErrorKind::UnclosedQuote,
            Some(_) => SyntaxErrorKind::ControlInQuote,
        })
    }

    fn skip_class(&mut self, class: u8) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(|b| has(b, class)) {
            self.at += 1;
        }
        self.since(start)
    }
}

/// Octets of a class within ASCII as text: never fails, and without `unsafe` the check is the price.
pub(crate) fn ascii(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}

/// How often octets were looked at: the proof that time is linear (see the tests of `read`).
#[cfg(test)]
pub(crate) mod steps {
    use core::cell::Cell;

    std::thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn count() {
        STEPS.set(STEPS.get() + 1);
    }

    pub(crate) fn taken(work: impl FnOnce()) -> usize {
        STEPS.set(0);
        work();
        STEPS.get()
    }
}
