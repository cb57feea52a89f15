//! The payload as JSON (J-11, J-19, V24).

use crate::harness::{Draft, Refused, Row, attack, good};

const MALFORMED: Refused = Refused::Invalid("malformed: payload");

pub fn rows() -> Vec<Row> {
    let all = [no_objects(), doubled(), deep()];
    all.into_iter().flatten().collect()
}

fn no_objects() -> Vec<Row> {
    let text = good().claims();
    let marked = format!("\u{feff}{text}");
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut rows: Vec<Row> = [
        ("null", "null"),
        ("a list", "[]"),
        ("a text", "\"ada\""),
        ("a number", "1"),
        ("half of one", "{"),
        ("a word behind", "{}x"),
        ("no JSON", "sub=ada"),
        ("a list of one", &format!("[{text}]")),
        ("two of them", &format!("{text}{text}")),
        ("a comma behind", &text.replacen('}', ",}", 1)),
        ("a comment", &format!("{text}/* */")),
        ("single quotes", &text.replace('"', "'")),
        ("a byte order mark", &marked),
        ("text within a text", &format!("{text:?}")),
        ("another one behind a NUL", &format!("{text}\0{text}")),
    ]
    .map(|(name, payload)| attack("J-19", name, good().payload(payload), MALFORMED).beside(good()))
    .into();
    let bad_utf8 = |octets: &[u8]| [br#"{"a":""#, octets, br#"","#, &text.as_bytes()[1..]].concat();
    for (name, payload, beside) in [
        ("UTF-16", wide, text.clone().into_bytes()),
        ("Latin-1", bad_utf8(b"\xe9"), bad_utf8("é".as_bytes())),
        ("overlong UTF-8", bad_utf8(b"\xc0\xaf"), bad_utf8(b"/")),
        (
            "half a surrogate in UTF-8",
            bad_utf8(b"\xed\xa0\x80"),
            bad_utf8("🔑".as_bytes()),
        ),
        (
            "half a surrogate, escaped",
            bad_utf8(br"\ud800"),
            bad_utf8(br"\ud83d\udd11"),
        ),
        ("a line feed in a text", bad_utf8(b"\n"), bad_utf8(br"\n")),
        ("a NUL in a text", bad_utf8(b"\0"), bad_utf8(br"\u0000")),
    ] {
        let row = attack("J-19", name, good().payload(payload), MALFORMED);
        rows.push(row.beside(good().payload(beside)));
    }
    for number in [
        "1e400", "-1e400", "01", "1.", ".5", "+1", "NaN", "Infinity", "0x10", "1e",
    ] {
        let token = good().claim_written("other", number);
        let row = attack("J-19 V6", format!("the number {number}"), token, MALFORMED);
        rows.push(row.beside(good().claim_written("other", "1e300")));
    }
    rows
}

fn doubled() -> Vec<Row> {
    [
        ("iss", r#""https://issuer.example""#),
        ("aud", r#""https://api.example""#),
        ("exp", "9999999999"),
        ("sub", r#""root""#),
        (r"s\u0075b", r#""root""#),
        ("scope", r#""orders:read admin""#),
        ("jti", r#""t""#),
        ("nbf", "0"),
        (r"\u0069\u0073\u0073", r#""https://attacker.example""#),
    ]
    .into_iter()
    .map(|(name, value)| {
        let once = || good().claim("nbf", 0);
        attack(
            "J-11",
            format!("a second {name}"),
            once().claim_first(name, value),
            MALFORMED,
        )
        .beside(once().claim_first("Sub", value))
    })
    .chain([
        within(r#"{"a":1,"a":1}"#, r#"{"a":1,"A":1}"#),
        within(
            r#"[[{"a":{"b":1,"c":2,"b":1}}]]"#,
            r#"[[{"a":{"b":1,"c":{"b":1}}}]]"#,
        ),
        within(r#"{"":1,"":2}"#, r#"{"":1," ":2}"#),
        within(r#"{"a":1,"\u0061":2}"#, r#"{"a":1,"\u0062":2}"#),
    ])
    .collect()
}

/// The names of one object differ, at whatever depth.
fn within(twice: &str, once: &str) -> Row {
    let with = |value: &str| good().claim_written("other", value);
    attack(
        "J-11",
        format!("a second name within {twice}"),
        with(twice),
        MALFORMED,
    )
    .beside(with(once))
}

fn deep() -> Vec<Row> {
    let nested = |open: &str, close: &str, depth: usize| {
        let value = format!("{}1{}", open.repeat(depth), close.repeat(depth));
        good().claim_written("other", &value)
    };
    let whole = |depth: usize| Draft::payload(good(), "[".repeat(depth));
    let wide = |names: usize| {
        let names: Vec<_> = (0..names).map(|n| format!("\"n{n}\":0")).collect();
        names.join(",")
    };
    let header = |depth: usize| {
        let value = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        good().header_written("other", &value)
    };
    let with = |members: &str| good().claim_written("other", &format!("{{{members}}}"));
    let twice = format!("{},\"n0\":1", wide(4000));
    vec![
        attack(
            "V24 J-19",
            "10,000 lists deep",
            nested("[", "]", 10_000),
            MALFORMED,
        )
        .beside(nested("[", "]", 100)),
        attack(
            "V24 J-19",
            "6,000 objects deep",
            nested(r#"{"a":"#, "}", 6_000),
            MALFORMED,
        )
        .beside(nested(r#"{"a":"#, "}", 100)),
        attack(
            "V24 J-19",
            "20,000 lists that do not end",
            whole(20_000),
            MALFORMED,
        )
        .beside(good()),
        attack(
            "V24",
            "a deep header",
            header(6_000),
            Refused::Invalid("malformed: header"),
        )
        .beside(header(100)),
        attack(
            "V24 J-11",
            "4,000 names, one of them twice",
            with(&twice),
            MALFORMED,
        )
        .beside(with(&wide(4000))),
    ]
}
