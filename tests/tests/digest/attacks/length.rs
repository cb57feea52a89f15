//! What is long.

use super::{
    ALGORITHM, Attack, CREDENTIALS, NAMES, NONCE, OTHER_REALM, PARAMETER, TARGET_DIFFERS, TOO_LONG,
    params,
};

// V24
pub(super) fn lengths() -> Vec<Attack> {
    let long = |octets| format!("\"{}\"", "a".repeat(octets));
    let mut attacks = Vec::new();
    for name in NAMES.iter().chain(&["opaque", "extension", "username*"]) {
        let value = long(64 * 1024);
        attacks.push(params(format!("64 KiB of {name}"), TOO_LONG, move |sent| {
            sent.with(name, &value)
        }));
    }
    // As long as the setting allows.
    for (name, outcome) in [
        ("username", CREDENTIALS),
        ("realm", OTHER_REALM),
        ("nonce", NONCE),
        ("uri", TARGET_DIFFERS),
        ("cnonce", PARAMETER),
        ("algorithm", ALGORITHM),
        ("qop", PARAMETER),
        ("nc", PARAMETER),
        ("response", PARAMETER),
    ] {
        let value = long(15 * 1024);
        attacks.push(params(format!("15 KiB of {name}"), outcome, move |sent| {
            sent.with(name, &value)
        }));
    }
    attacks.push(params("15 KiB of escapes", CREDENTIALS, |sent| {
        sent.with("username", format!("\"{}\"", "\\a".repeat(7 * 1024)))
    }));
    attacks.push(params("1000 parameters", PARAMETER, |sent| {
        (0..1000).fold(sent, |sent, at| sent.and(&format!("x{at}"), "0"))
    }));
    attacks.push(params("15 KiB of commas", CREDENTIALS, |sent| {
        let sent = sent.with("response", "0".repeat(64));
        sent.and("x", format!("0{}", ",".repeat(15 * 1024)))
    }));
    attacks
}
