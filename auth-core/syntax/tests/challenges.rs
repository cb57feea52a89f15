//! Challenges in circulation (see `data/README.md`), each with the only reading that the grammar of
//! RFC 9110 §11.3 allows.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use auth_syntax::{ChallengeRef, Challenges};

/// Id, reading (see [`reading`]), and the reason where the reading is an error or may surprise.
const TABLE: &[(&str, &str, &str)] = &[
    ("gb-simplebasic", "Basic{realm: foo}", ""),
    (
        "gb-simplebasicucase",
        "BASIC{REALM: foo}",
        "H-7: case is kept as sent, and ignored by `is` and `param`",
    ),
    (
        "gb-simplebasictok",
        "Basic{realm: foo}",
        "H-9 binds senders; §11.2: recipients take both forms",
    ),
    (
        "gb-simplebasictokbs",
        "! MissingValue at 12",
        "`\\` is no tchar, and escapes only within quotes",
    ),
    (
        "gb-simplebasicsq",
        "Basic{realm: 'foo'}",
        "`'` is a tchar like any other: it quotes nothing",
    ),
    (
        "gb-simplebasicpct",
        "Basic{realm: foo%20bar}",
        "there is no percent-encoding in this grammar",
    ),
    (
        "gb-simplebasiccomma",
        "Basic{realm: foo}",
        "§5.6.1.2: an empty element begins the list of parameters",
    ),
    (
        "gb-simplebasiccomma2",
        "Basic{} ! ParamWithoutScheme at 7",
        "H-5: no space behind `Basic`, so its challenge ended at the comma",
    ),
    (
        "gb-simplebasicnorealm",
        "Basic{}",
        "that Basic needs a realm (B-1) is not grammar",
    ),
    ("gb-simplebasic2realms", "! RepeatedName at 19", "H-6"),
    (
        "gb-simplebasicwsrealm",
        "Basic{realm: foo}",
        "§11.2: BWS around `=`",
    ),
    (
        "gb-simplebasicrealmsqc",
        "Basic{realm: foo}",
        "§5.6.4: a quoted-pair means its second octet",
    ),
    ("gb-simplebasicrealmsqc2", "Basic{realm: \"foo\"}", ""),
    (
        "gb-simplebasicnewparam1",
        "Basic{realm: foo, bar: xyz, a: b, c: d}",
        "§5.6.1.2: empty elements",
    ),
    ("gb-simplebasicnewparam2", "Basic{bar: xyz, realm: foo}", ""),
    (
        "gb-simplebasicrealmrfc2047",
        "Basic{realm: =?ISO-8859-1?Q?foo-=E4?=}",
        "there are no encoded words in this grammar",
    ),
    (
        "gb-multibasicunknown",
        "Basic{realm: basic} Newauth{realm: newauth}",
        "",
    ),
    (
        "gb-multibasicunknownnoparam",
        "Basic{realm: basic} Newauth{}",
        "",
    ),
    (
        "gb-multibasicunknown2",
        "Newauth{realm: newauth} Basic{realm: basic}",
        "",
    ),
    (
        "gb-multibasicunknown2np",
        "Newauth{} Basic{realm: basic}",
        "",
    ),
    (
        "gb-multibasicempty",
        "Basic{realm: basic}",
        "§5.6.1.2: an empty element",
    ),
    (
        "gb-multibasicqs",
        "Newauth{realm: apps, type: 1, title: Login to \"apps\"} Basic{realm: simple}",
        "",
    ),
    (
        "gb-multidisgscheme",
        "Newauth{realm: Newauth Realm, basic: foo} Basic{realm: Basic Realm}",
        "`basic=foo` is a parameter",
    ),
    ("gb-unknown", "Newauth{param: value}", ""),
    ("gb-parametersnotrequired", "A{} B{}", ""),
    (
        "gb-disguisedrealm",
        "Basic{foo: realm=nottherealm, realm: basic}",
        "",
    ),
    (
        "gb-disguisedrealm2",
        "Basic{nottherealm: nottherealm, realm: basic}",
        "",
    ),
    ("gb-missingquote", "! UnclosedQuote at 18", "§5.6.4"),
    (
        "cr-noquotes-at",
        "! MissingComma at 18",
        "`@` is no tchar: the value ends before it",
    ),
    (
        "cr-novalue",
        "Digest(qop=)",
        "no parameter (that needs a value), but one token68 with padding",
    ),
    (
        "cr-base64",
        "NTLM(SGVsbG8sIFdvcmxkCg===)",
        "§11.2: `*\"=\"` does not count the padding",
    ),
    (
        "hc-token68mix",
        "scheme1(aaaa) scheme2(aaaa==) scheme3{aaaa: aaaa} scheme4(aaaa=)",
        "`aaaa=` before a value is a name",
    ),
    (
        "hc-malformed2",
        "! ParamWithoutScheme at 0",
        "a parameter by itself",
    ),
    (
        "hc-malformed3",
        "! MissingEquals at 10",
        "a token68 stands alone, a list needs `=` and commas",
    ),
    (
        "seed-basic-semicolon",
        "! SchemeEnd at 5",
        "H-5, E-1: no `;`",
    ),
    ("seed-basic-bearer", "! SchemeEnd at 5", "H-5, E-1: no `;`"),
    ("seed-unclosed", "! UnclosedQuote at 105", "E-2"),
    (
        "seed-missing-token",
        "Bearer{realm: API, error: missing_token}",
        "E-3: a wrong code, but grammatical",
    ),
    (
        "seed-apikey",
        "X-API-Key{realm: API}",
        "E-7: a field's name, but a token",
    ),
    (
        "seed-fixed",
        "Basic{realm: Dev zone, charset: UTF-8} Bearer{}",
        "T-1 is a rule of Bearer, not of the grammar",
    ),
];

#[test]
fn every_challenge_is_read_as_the_table_says() {
    let data: Vec<_> = include_str!("data/challenges.tsv")
        .lines()
        .map(|line| line.split_once('\t').unwrap())
        .collect();
    let ids: Vec<_> = data.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, TABLE.iter().map(|(id, ..)| *id).collect::<Vec<_>>());
    assert_eq!(ids.len(), 40);

    for ((id, value), (_, expected, reason)) in data.iter().zip(TABLE) {
        assert_eq!(reading(value), *expected, "{id} ({reason})\n{value}");
    }
}

#[test]
fn every_refusal_has_a_reason() {
    for (id, expected, reason) in TABLE {
        assert!(!expected.contains('!') || !reason.is_empty(), "{id}");
    }
}

/// `Scheme{name: value, …}` or `Scheme(token68)` for each challenge; `! Kind at N` for an error.
fn reading(value: &str) -> String {
    let parts: Vec<_> = Challenges::new(value.as_bytes())
        .map(|challenge| match challenge {
            Ok(challenge) => shown(&challenge),
            Err(error) => format!("! {:?} at {}", error.kind, error.at),
        })
        .collect();
    parts.join(" ")
}

fn shown(challenge: &ChallengeRef<'_>) -> String {
    if let Some(token68) = challenge.token68() {
        return format!("{}({token68})", challenge.scheme);
    }
    let params: Vec<_> = challenge
        .params()
        .map(|param| format!("{}: {}", param.name, param.value))
        .collect();
    format!("{}{{{}}}", challenge.scheme, params.join(", "))
}
