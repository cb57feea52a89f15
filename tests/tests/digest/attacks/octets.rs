//! Octets that have no place in a text.

use super::{Attack, PARAMETER, TARGET, attack, params};
use crate::server::request;

/// What a field of HTTP can carry; the rest is below.
pub(super) fn octets() -> Vec<Attack> {
    let mut attacks = Vec::new();
    for name in ["username", "realm", "uri", "nonce", "cnonce", "opaque"] {
        for (what, value) in [
            ("a tab", &b"\"Mufa\tsa\""[..]),
            ("an escaped tab", b"\"Mufa\\\tsa\""),
            ("a control of ISO 8859-1", b"\"Mufa\xc2\x85sa\""),
            ("what is not UTF-8", b"\"Mufa\xe4sa\""),
            ("an overlong NUL", b"\"Mufa\xc0\x80sa\""),
            ("a surrogate", b"\"Mufa\xed\xa0\x80sa\""),
            ("no end", b"\"Mufasa"),
        ] {
            attacks.push(params(
                format!("{what} in {name}"),
                PARAMETER,
                move |sent| sent.without(name).and(name, value),
            ));
        }
    }
    for name in [
        "UTF-8''Mufasa%00",
        "UTF-8''Mufasa%0A",
        "UTF-8''Mufa%C2%85sa",
        "UTF-8''Mufa%E4sa",
        "UTF-8''Mufa%4",
        "UTF-8''Mufa%zzsa",
        "UTF-8''",
        "ISO-8859-1''Mufasa",
        "UTF-8'Mufasa",
        "Mufasa",
    ] {
        attacks.push(params(
            format!("username*={name}"),
            PARAMETER,
            move |sent| sent.without("username").and("username*", name),
        ));
    }
    for what in [
        "nothing",
        "username",
        "=",
        "=,=",
        "username=\"",
        ",,,,",
        "\"\"",
        "a b",
    ] {
        attacks.push(attack(format!("Digest {what}"), PARAMETER, move |_| {
            let field = match what {
                "nothing" => b"Digest".to_vec(),
                what => format!("Digest {what}").into_bytes(),
            };
            request("GET", TARGET, &field, b"")
        }));
    }
    attacks
}
