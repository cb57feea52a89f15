//! JWTs made by hand, so that every part of them can be wrong.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// What the clock of every test application says.
pub const NOW: u64 = 1_759_400_000;
/// 2025-10-01T10:00:00Z
pub const PAST: u64 = 1_759_312_800;
pub const ISSUER: &str = "https://issuer.example";
pub const AUDIENCE: &str = "https://api.example";
pub const SECRET: &[u8; 32] = b"a secret of thirty-two octets!!!";

/// The pair whose public half the applications trust as `es`.
static ES256: LazyLock<EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap());

/// The public half of the ES256 key, as a JWK.
#[must_use]
pub fn es256_jwk() -> String {
    let (x, y) = es256_point()[1..].split_at(32);
    json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "es", "x": encoded(x), "y": encoded(y)})
        .to_string()
}

/// The public half as an uncompressed point.
#[must_use]
pub fn es256_point() -> &'static [u8] {
    ES256.public_key().as_ref()
}

/// Good claims of an access token.
#[must_use]
pub fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "client_id": "web", "jti": "t-1",
        "iat": NOW - 10, "exp": NOW + 3600, "scope": "orders:read profile",
    })
}

/// Good claims, but for one.
#[must_use]
pub fn claims_but(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

#[must_use]
pub fn header() -> Value {
    json!({"alg": "HS256", "typ": "at+jwt", "kid": "hs"})
}

/// The header, but for one parameter.
#[must_use]
pub fn header_but(name: &str, value: Value) -> Value {
    let mut header = header();
    header[name] = value;
    header
}

/// A token that the applications accept.
#[must_use]
pub fn good() -> String {
    hs256(&header().to_string(), &claims().to_string())
}

/// A token of these claims, otherwise good.
#[must_use]
pub fn of(claims: &Value) -> String {
    hs256(&header().to_string(), &claims.to_string())
}

/// A token with this header, otherwise good, signed with the applications' HS256 key.
#[must_use]
pub fn headed(header: &Value) -> String {
    hs256(&header.to_string(), &claims().to_string())
}

#[must_use]
pub fn hs256(header: &str, payload: &str) -> String {
    hmac(SECRET, header, payload)
}

/// HMAC-SHA-256 with any octets as the key.
#[must_use]
pub fn hmac(key: &[u8], header: &str, payload: &str) -> String {
    let input = format!("{}.{}", encoded(header), encoded(payload));
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key);
    let tag = aws_lc_rs::hmac::sign(&key, input.as_bytes());
    format!("{input}.{}", encoded(tag))
}

#[must_use]
pub fn es256(header: &str, payload: &str) -> String {
    let input = format!("{}.{}", encoded(header), encoded(payload));
    let signature = ES256.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
    format!("{input}.{}", encoded(signature))
}

#[must_use]
pub fn encoded(octets: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}
