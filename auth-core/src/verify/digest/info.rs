//! What the server proves to the client: `Authentication-Info` (RFC 7616 §3.5).

use std::borrow::Cow;

use auth_syntax::DigestQop;
use bytes::Bytes;
use http::HeaderValue;

use super::hash::{self, Covered, DigestHash};
use crate::exchange::AuthInfo;

/// What its value is made of.
pub(super) struct Info<T> {
    pub(super) key: DigestHash,
    pub(super) nonce: T,
    pub(super) nc: T,
    pub(super) cnonce: T,
    pub(super) uri: T,
}

impl Info<&str> {
    /// With `auth-int` it covers the content of the answer, which is not known yet.
    pub(super) fn into_answer(self, qop: DigestQop, limit: usize) -> Option<AuthInfo> {
        if qop == DigestQop::AuthInt {
            let info = self.into_owned();
            let finish = Box::new(move |content: &[u8]| info.value(Some(content)));
            return Some(AuthInfo::with_content(limit, finish));
        }
        self.value(None).map(AuthInfo::ready)
    }

    fn into_owned(self) -> Info<String> {
        Info {
            key: self.key,
            nonce: self.nonce.to_owned(),
            nc: self.nc.to_owned(),
            cnonce: self.cnonce.to_owned(),
            uri: self.uri.to_owned(),
        }
    }
}

impl<T: AsRef<str>> Info<T> {
    /// D-21: `rspauth` and `cnonce` are quoted, the others are not; all that the client sent are echoed. `nextnonce` waits
    /// for the answer: not every one may carry it.
    fn value(&self, content: Option<&[u8]>) -> Option<HeaderValue> {
        let hashed = content.map(|content| hash::content_hash(self.key.algorithm(), content));
        let covered = Covered {
            nonce: self.nonce.as_ref(),
            nc: self.nc.as_ref(),
            cnonce: self.cnonce.as_ref(),
            uri: self.uri.as_ref(),
            content: hashed.as_ref(),
        };
        let rspauth = hash::rspauth(&self.key, &covered).hex();
        let qop = match content {
            None => DigestQop::Auth,
            Some(_) => DigestQop::AuthInt,
        };
        // In one piece, which is as long as it gets.
        let value = [
            "rspauth=\"",
            rspauth.text(),
            "\", qop=",
            qop.name(),
            ", cnonce=\"",
            &escaped(covered.cnonce),
            "\", nc=",
            covered.nc,
        ]
        .concat();
        HeaderValue::from_maybe_shared(Bytes::from(value)).ok()
    }
}

/// What a client sent as a text of one line may hold what has to be escaped.
fn escaped(text: &str) -> Cow<'_, str> {
    let special = ['"', '\\'];
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let characters = text.chars().flat_map(|character| {
        let backslash = special.contains(&character).then_some('\\');
        backslash.into_iter().chain([character])
    });
    Cow::Owned(characters.collect())
}
