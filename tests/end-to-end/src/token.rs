//! What tests read from tokens, and change in them.

use std::hash::{BuildHasher as _, RandomState};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// A part of a JWT: 0 for the header, 1 for the claims.
#[must_use]
pub fn part(jwt: &str, index: usize) -> Value {
    let segment = jwt.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(segment).unwrap()).unwrap()
}

/// The token as somebody sends it who has no key, under a random `kid`.
#[must_use]
pub fn with_random_kid(jwt: &str) -> String {
    let mut header = part(jwt, 0);
    let kid = RandomState::new().hash_one(jwt);
    header["kid"] = format!("{kid:016x}").into();
    let (_, rest) = jwt.split_once('.').unwrap();
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()))
}

/// The token with another signature of the same length.
#[must_use]
pub fn with_wrong_signature(jwt: &str) -> String {
    let (signed, signature) = jwt.rsplit_once('.').unwrap();
    let mut signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    signature[10] ^= 1;
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
