//! The form of a token and of its signature (J-10, J-12, V24).

use auth_core::InvalidRequest;
use auth_tests::provider::Signer;
use auth_tests::tokens::encoded;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::harness::{Refused, Row, attack, by, good, keys};

const THREE: Refused = Refused::Invalid("malformed: not three segments");
const BASE64: Refused = Refused::Invalid("malformed: not base64url");
const SIGNATURE: Refused = Refused::Invalid("wrong signature");
const NOT_ONE: Refused = Refused::Request(InvalidRequest::NotOneToken);
const TOO_LONG: Refused = Refused::Request(InvalidRequest::TooLong);

pub fn rows() -> Vec<Row> {
    let all = [spelling(), stray_bits(), segments(), signatures(), sizes()];
    all.into_iter().flatten().collect()
}

/// One good token, written in another way. Each neighbour is the very token.
fn spelling() -> Vec<Row> {
    let token = good().token();
    let [header, payload, signature] = parts(&token);
    let mut rows = Vec::new();
    for (name, text, refused) in [
        ("padding behind the signature", format!("{token}="), BASE64),
        ("two signs of padding", format!("{token}=="), BASE64),
        ("a plus", format!("{header}.{payload}.+{signature}"), BASE64),
        (
            "a slash",
            format!("{header}.{payload}.{signature}/"),
            BASE64,
        ),
        (
            "a tilde",
            format!("{header}~.{payload}.{signature}"),
            BASE64,
        ),
        (
            "padding within",
            format!("{header}=.{payload}.{signature}"),
            NOT_ONE,
        ),
        (
            "white space within",
            format!("{header}. {payload}.{signature}"),
            NOT_ONE,
        ),
        (
            "a tabulator",
            format!("{header}.{payload}\t.{signature}"),
            NOT_ONE,
        ),
        (
            "a percent",
            format!("{header}%2e{payload}.{signature}"),
            NOT_ONE,
        ),
        ("quotes", format!("\"{token}\""), NOT_ONE),
        (
            "as JSON",
            format!(
                r#"{{"payload":"{payload}","protected":"{header}","signature":"{signature}"}}"#
            ),
            NOT_ONE,
        ),
        ("angle brackets", format!("<{token}>"), NOT_ONE),
        ("a fragment", format!("{token}#"), NOT_ONE),
        ("a colon", format!("{token}:"), NOT_ONE),
        (
            "a letter that looks like one",
            token.replacen('e', "\u{435}", 1),
            NOT_ONE,
        ),
    ] {
        rows.push(attack("J-10", name, text, refused).beside(token.clone()));
    }
    // Good base64url, and another message.
    let shorter = format!("{header}.{}.{signature}", &payload[4..]);
    rows.push(
        attack(
            "J-10 V21",
            "three octets less in the payload",
            shorter,
            SIGNATURE,
        )
        .beside(token),
    );
    rows
}

/// The last character holds bits that mean nothing: only zeros are taken.
fn stray_bits() -> Vec<Row> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut rows = Vec::new();
    for signer in keys().each() {
        let token = by(signer).token();
        let (rest, last) = token.split_at(token.len() - 1);
        let at = ALPHABET
            .iter()
            .position(|c| [*c] == *last.as_bytes())
            .unwrap();
        // 48, 64 and 256 octets leave no bits, four, and four over.
        for bits in 1..16 {
            if signer.alg() == "ES384" {
                break;
            }
            let text = format!("{rest}{}", char::from(ALPHABET[at + bits]));
            let row = attack(
                "J-10 J-12 V21",
                format!("{} with stray bits {bits}", signer.alg()),
                text,
                BASE64,
            );
            rows.push(row.beside(token.clone()));
        }
    }
    rows
}

fn segments() -> Vec<Row> {
    let token = good().token();
    let [header, payload, signature] = parts(&token);
    let other = good().claim("sub", "root").token();
    let [_, root, _] = parts(&other);
    let mut rows = Vec::new();
    for (name, text) in [
        ("an opaque text", "opaque".to_owned()),
        ("two segments", format!("{header}.{payload}")),
        ("no signature", format!("{header}.{payload}.")),
        ("no header", format!(".{payload}.{signature}")),
        ("a dot behind", format!("{token}.")),
        ("a dot before", format!(".{token}")),
        ("a dot within", format!("{header}..{payload}.{signature}")),
        (
            "two dots too many",
            format!("{header}..{payload}..{signature}"),
        ),
        ("dots only", "..".to_owned()),
        ("one dot", ".".to_owned()),
        ("four segments", format!("{token}.{signature}")),
        (
            "a JWE",
            format!("{header}.{payload}.{payload}.{payload}.{signature}"),
        ),
        ("two tokens", format!("{token}.{token}")),
        (
            "another payload before",
            format!("{header}.{root}.{payload}.{signature}"),
        ),
    ] {
        rows.push(attack("J-12 V24", name, text, THREE).beside(token.clone()));
    }
    for dots in [100, 60_000] {
        let row = attack("J-12 V24", format!("{dots} dots"), ".".repeat(dots), THREE);
        rows.push(row.beside(token.clone()));
    }
    let empty = format!("{header}..{signature}");
    rows.push(attack("J-12", "no payload", empty, SIGNATURE).beside(token.clone()));
    let json = Refused::Invalid("malformed: payload");
    rows.push(
        attack("J-12 J-19", "nothing signed", good().payload([]), json).beside(token.clone()),
    );
    // Parts of two good tokens.
    let [other_header, _, other_signature] = parts(&other);
    for (name, text) in [
        ("another payload", format!("{header}.{root}.{signature}")),
        (
            "another signature",
            format!("{header}.{payload}.{other_signature}"),
        ),
        (
            "header and payload of another",
            format!("{other_header}.{root}.{signature}"),
        ),
    ] {
        rows.push(attack("J-12 V21", name, text, SIGNATURE).beside(other.clone()));
    }
    rows
}

/// What stands for the signature, of every algorithm.
fn signatures() -> Vec<Row> {
    let mut rows = Vec::new();
    for signer in keys().each() {
        let token = by(signer).token();
        let [header, payload, signature] = parts(&token);
        let octets = decoded(signature).unwrap();
        let mut flipped = octets.clone();
        flipped[3] ^= 1;
        let mut end = octets.clone();
        *end.last_mut().unwrap() ^= 0x80;
        let mut others = vec![
            ("a flipped bit", flipped),
            ("a flipped bit at the end", end),
            ("an octet less", octets[1..].to_vec()),
            (
                "an octet less at the end",
                octets[..octets.len() - 1].to_vec(),
            ),
            ("an octet more", [&[0], octets.as_slice()].concat()),
            (
                "an octet more at the end",
                [octets.as_slice(), &[0]].concat(),
            ),
            ("one octet", vec![0]),
            ("twice", octets.repeat(2)),
            ("zeros", vec![0; octets.len()]),
            ("ones", vec![0xff; octets.len()]),
        ];
        if let Some(half) = half(signer) {
            let (r, s) = octets.split_at(half);
            others.extend([
                ("DER", der(r, s)),
                ("s before r", [s, r].concat()),
                ("r of zero", [&vec![0; half], s].concat()),
                ("s of zero", [r, &vec![0; half]].concat()),
                ("r out of range", [&vec![0xff; half], s].concat()),
                ("zeros before r and s", [&[0], r, &[0], s].concat()),
            ]);
        }
        for (name, octets) in others {
            let text = format!("{header}.{payload}.{}", encoded(octets));
            let row = attack("J-12", format!("{}: {name}", signer.alg()), text, SIGNATURE);
            rows.push(row.beside(token.clone()));
        }
    }
    rows
}

/// The length of r and of s.
fn half(signer: &Signer) -> Option<usize> {
    match signer.alg() {
        "ES256" => Some(32),
        "ES384" => Some(48),
        _ => None,
    }
}

/// RFC 3279 §2.2.3
fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |half: &[u8]| {
        let mut octets: Vec<u8> = half
            .iter()
            .copied()
            .skip_while(|octet| *octet == 0)
            .collect();
        if octets[0] > 0x7f {
            octets.insert(0, 0);
        }
        [&[2, u8::try_from(octets.len()).unwrap()], octets.as_slice()].concat()
    };
    let pair = [integer(r), integer(s)].concat();
    [&[0x30, u8::try_from(pair.len()).unwrap()], pair.as_slice()].concat()
}

fn sizes() -> Vec<Row> {
    let mut rows = Vec::new();
    // Long, and good all the same.
    let long = || good().claim("filler", "x".repeat(40_000));
    let field = 64 << 10;
    for (name, token) in [
        (
            "64 KiB and an octet of letters",
            "a".repeat(field - "Bearer ".len() + 1),
        ),
        ("64 KiB and more of dots", ".".repeat(field)),
        ("64 KiB of padding", format!("a{}", "=".repeat(field))),
        (
            "a good token that is too long",
            good().claim("filler", "x".repeat(60_000)).token(),
        ),
    ] {
        rows.push(attack("V24", name, token, TOO_LONG).beside(long()));
    }
    let header = good().header("filler", "x".repeat(12_500));
    let refused = Refused::Invalid("malformed: header too long");
    let beside = good().header("filler", "x".repeat(12_000));
    rows.push(attack("V24", "a long header", header, refused).beside(beside));
    // A compressed payload is not unpacked (V24: bombs).
    let refused = Refused::Invalid("malformed: payload");
    let packed = good().header("zip", "DEF").payload([0x4b, 0x04, 0x00]);
    rows.push(
        attack("V24 J-19", "a packed payload", packed, refused).beside(good().header("zip", "DEF")),
    );
    rows
}

fn parts(token: &str) -> [&str; 3] {
    let parts: Vec<_> = token.split('.').collect();
    parts.try_into().unwrap()
}

fn decoded(segment: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(segment).ok()
}
