//! What a partner's client does.

use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The value of `Authorization` for a request.
#[must_use]
pub fn sign(partner: &str, key: &[u8], unix_seconds: u64, method: &str, target: &str) -> String {
    let covered = super::covered(unix_seconds, method, target);
    let code = hmac::sign(&Key::new(HMAC_SHA256, key), covered.as_bytes());
    format!(
        "Signed {partner}.{unix_seconds}.{}",
        URL_SAFE_NO_PAD.encode(code)
    )
}
