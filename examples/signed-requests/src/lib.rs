//! An authentication scheme of one's own, in a crate of its own: requests signed with HMAC-SHA-256.
//!
//! ```text
//! Authorization: Signed partner.1767225600.<base64url of HMAC(key, "1767225600\nGET\n/orders?page=2")>
//! ```
//!
//! The signature covers the time, the method and the target; a body is not covered, since no guard reads it.
//! A signature may be sent again until its window has passed: what must not happen twice needs more.

mod client;

use std::collections::HashMap;

use auth_core::scheme::{ChallengeErrors, ParamKind, SchemeParam};
use auth_core::{Cause, RequestView, Scheme, Secret, Text, Verified, Verifier};
use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

pub use client::sign;

/// The scheme. Named in attributes by its path: `signed_requests::Signed(realm = "Partners", window = 300)`.
#[derive(Debug)]
pub enum Signed {}

/// What a request presents.
#[derive(Debug)]
pub struct Signature {
    partner: String,
    time: u64,
    code: Secret<Vec<u8>>,
}

impl Scheme for Signed {
    type Credentials<'r> = Signature;
    type Owned = Signature;
    const NAME: &'static str = "Signed";
    const REJECTED: Text = Text::new("invalid_signature", "Partner unknown or signature wrong");
    const ERRORS: ChallengeErrors = ChallengeErrors::None;
    const PARAMS: &'static [SchemeParam] = &[
        SchemeParam::required("hash", ParamKind::OneOf(&["hmac-sha-256"])),
        SchemeParam::optional("window", ParamKind::Number),
    ];

    fn extract(value: &[u8]) -> Result<Signature, Cause> {
        let text = core::str::from_utf8(value).map_err(|_| Cause::Malformed)?;
        let parts: Vec<&str> = text.split('.').collect();
        let [partner, time, code] = parts[..] else {
            return Err(Cause::Malformed);
        };
        Ok(Signature {
            partner: partner.to_owned(),
            time: seconds(time).ok_or(Cause::Malformed)?,
            code: Secret::new(BASE64.decode(code).map_err(|_| Cause::Malformed)?),
        })
    }

    fn to_owned(signature: Signature) -> Signature {
        signature
    }
}

/// The keys of all partners: the verifier of the scheme.
#[derive(Debug, Default)]
pub struct Partners(HashMap<String, Key>);

impl Partners {
    /// Adds a partner.
    #[must_use]
    pub fn with(mut self, name: &str, key: &[u8]) -> Self {
        self.0.insert(name.to_owned(), Key::new(HMAC_SHA256, key));
        self
    }
}

impl Verifier for Partners {
    type Scheme = Signed;
    type Identity = String;

    async fn verify<'r>(
        &'r self,
        signature: Signature,
        request: &'r RequestView<'r>,
    ) -> Result<Verified<String>, Cause> {
        let Signature {
            partner,
            time,
            code,
        } = signature;
        let covered = covered(time, request.method(), request.target());
        // A partner's name is no secret: it travels in every request. The code is compared in constant time.
        let key = self.0.get(&partner).ok_or(Cause::InvalidCredentials)?;
        let genuine = hmac::verify(key, covered.as_bytes(), code.expose()).is_ok();
        if !genuine || request.unix_seconds().abs_diff(time) > 300 {
            return Err(Cause::InvalidCredentials);
        }
        Ok(Verified::new(partner))
    }
}

/// Digits only: `parse` alone takes a sign as well.
fn seconds(text: &str) -> Option<u64> {
    let digits = !text.starts_with('0') && text.bytes().all(|octet| octet.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

fn covered(time: u64, method: &str, target: &str) -> String {
    format!("{time}\n{method}\n{target}")
}
