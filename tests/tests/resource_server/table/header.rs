//! The header: `typ`, `alg`, `crit`, and keys that the token brings along.

use auth_tests::provider::Signer;
use serde_json::{Value, json};

use crate::harness::{Draft, KEYS, Refused, Row, attack, by, good, keys, trap};

pub fn rows() -> Vec<Row> {
    let all = [
        types(),
        other_tokens(),
        none(),
        critical(),
        brought_keys(),
        doubled(),
    ];
    all.into_iter().flatten().collect()
}

const MALFORMED: Refused = Refused::Invalid("malformed: header");
const ALGORITHM: Refused = Refused::Invalid("algorithm not allowed");
const SIGNATURE: Refused = Refused::Invalid("wrong signature");

fn types() -> Vec<Row> {
    let wrong = Refused::Invalid("wrong typ");
    let mut rows = Vec::new();
    for typ in [
        "JWT",
        "jwt",
        "",
        "at",
        "at+jwt ",
        "at+jwt;v=1",
        "text/at+jwt",
        "application/application/at+jwt",
        "id_token+jwt",
        "logout+jwt",
        "dpop+jwt",
        "secevent+jwt",
        "token-introspection+jwt",
    ] {
        let row = attack(
            "J-1 J-15 V7",
            format!("typ {typ:?}"),
            good().header("typ", typ),
            wrong,
        );
        rows.push(row.beside(good().header("typ", "application/at+jwt")));
    }
    let without = attack("J-1 V7", "no typ", good().without_header("typ"), wrong);
    rows.push(without.beside(good().header("typ", "AT+JWT")));
    // The named profile for other providers takes `JWT` too, and none of the others.
    for typ in ["id_token+jwt", "logout+jwt", "dpop+jwt"] {
        let token = good().header("typ", typ).to("/relaxed");
        let row = attack("J-1 J-15 V7", format!("relaxed, typ {typ}"), token, wrong);
        rows.push(row.beside(good().header("typ", "JWT").to("/relaxed")));
    }
    for typ in ["null", "1", r#"["at+jwt"]"#, "{}"] {
        let token = good().header_written("typ", typ);
        let row = attack("J-1 V6", format!("typ {typ}"), token, MALFORMED);
        rows.push(row.beside(good().header_written("typ", r#""\u0061t+jwt""#)));
    }
    rows
}

/// Whole tokens of other kinds, signed by the same issuer.
fn other_tokens() -> Vec<Row> {
    let wrong = Refused::Invalid("wrong typ");
    let id_token = good()
        .header("typ", "JWT")
        .without("client_id")
        .without("scope");
    let id_token = id_token
        .claim("nonce", "n-1")
        .claim("at_hash", "AAAA")
        .claim("azp", "web");
    let logout = good().header("typ", "logout+jwt").claim("sid", "s-1");
    let event = "http://schemas.openid.net/event/backchannel-logout";
    let logout = logout.claim("events", json!({event: {}}));
    let proof = good()
        .header("typ", "dpop+jwt")
        .header("jwk", keys().es.jwk());
    let proof = proof
        .claim("htm", "POST")
        .claim("htu", "https://api.example/orders");
    [
        ("an ID token", id_token),
        ("a logout token", logout),
        ("a proof of DPoP", proof),
    ]
    .map(|(name, token)| attack("J-15 V7", name, token, wrong).beside(good()))
    .into()
}

fn none() -> Vec<Row> {
    let mut rows = Vec::new();
    for alg in [
        "none",
        "None",
        "NONE",
        "nOnE",
        "none ",
        "",
        "null",
        "es256",
        "ES256\u{0}",
        "ES256K",
        "ES512",
        "RS1",
        "HS256",
        "dir",
        "RSA-OAEP",
        "../ES256",
    ] {
        let signed = good().header("alg", alg);
        let row = attack("J-6 V2", format!("alg {alg:?}"), signed.clone(), ALGORITHM);
        rows.push(row.beside(good()));
        let row = attack(
            "J-6 V2",
            format!("alg {alg:?}, a short signature"),
            signed.signature([0]),
            ALGORITHM,
        );
        rows.push(row.beside(good()));
        let unsigned = good().header("alg", alg).signature([]);
        let three = Refused::Invalid("malformed: not three segments");
        let row = attack(
            "J-6 J-12 V2",
            format!("alg {alg:?}, no signature"),
            unsigned,
            three,
        );
        rows.push(row.beside(good()));
    }
    for alg in ["null", "0", "false", r#"["ES256"]"#, "{}"] {
        let token = good().header_written("alg", alg);
        let row = attack("J-6 V2 V6", format!("alg {alg}"), token, MALFORMED);
        rows.push(row.beside(good().header_written("alg", r#""ES\u003256""#)));
    }
    let without = attack("J-6 V2", "no alg", good().without_header("alg"), MALFORMED);
    rows.push(without.beside(by(&keys().ed)));
    rows
}

fn critical() -> Vec<Row> {
    let wrong = Refused::Invalid("unknown critical header");
    let rows = [
        r#"["exp"]"#,
        r#"["b64"]"#,
        r#"["alg","typ"]"#,
        r#"["unheard-of"]"#,
        "[]",
        "null",
        r#""exp""#,
        "{}",
        "[1]",
        "false",
    ];
    let rows = rows.map(|crit| {
        let token = good().header("exp", 1).header_written("crit", crit);
        let beside = good().header("exp", 1).header("critical", json!(["exp"]));
        attack("J-9 V8", format!("crit {crit}"), token, wrong).beside(beside)
    });
    let mut rows = Vec::from(rows);
    for b64 in ["false", "true", "null"] {
        let token = good().header_written("b64", b64);
        let row = attack("J-9 V8", format!("b64 {b64}"), token, wrong);
        rows.push(row.beside(good().header_written("b65", b64)));
    }
    let unencoded = good().header("crit", json!(["b64"])).header("b64", false);
    rows.push(attack("J-9 V8", "RFC 7797", unencoded, wrong).beside(good()));
    let escaped = good().header_first(r"cri\u0074", r#"["a"]"#);
    let row = attack("J-9 V8", "crit, escaped", escaped, wrong);
    rows.push(row.beside(good().header_first(r"Cri\u0074", r#"["a"]"#)));
    rows
}

/// The attacker signs, and the header says how to believe it. The neighbour has the same header and the right signature.
fn brought_keys() -> Vec<Row> {
    let mut rows = Vec::new();
    let here = trap().local_addr().unwrap();
    let addresses = [
        format!("http://{here}/jwks"),
        format!("https://{here}/jwks"),
        "https://attacker.example/jwks".to_owned(),
        format!("{KEYS}#@attacker.example"),
        "file:///etc/passwd".to_owned(),
        "data:application/json,{\"keys\":[]}".to_owned(),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "\\\\attacker.example\\jwks".to_owned(),
    ];
    for stranger in &keys().strangers {
        let mut brought: Vec<(&str, Value)> = vec![
            ("jwk", stranger.jwk()),
            ("jwk", json!({"keys": [stranger.jwk()]})),
            ("jwk", ours_like(stranger).jwk()),
            ("x5c", json!([certificate(stranger)])),
            ("x5t", json!("AAAA")),
            ("x5t#S256", json!("AAAA")),
        ];
        for address in &addresses {
            for name in ["jku", "x5u", "iss", "jwks_uri", "url"] {
                brought.push((name, json!(address)));
            }
        }
        for (name, value) in brought {
            let with = |draft: Draft| draft.header(name, value.clone());
            let ids = if value.is_string() {
                "J-7 V3 V4"
            } else {
                "J-7 V3"
            };
            let text = format!("{} with {name} {value}", stranger.alg());
            let row = attack(ids, text, with(by(stranger)), SIGNATURE);
            rows.push(row.beside(with(by(ours_like(stranger)))));
        }
        // Of a kid that nobody has there is at most one question, and it goes to the issuer.
        let token = by(stranger)
            .header("kid", "theirs")
            .header("jwk", stranger.jwk());
        let token = token.header("jku", addresses[0].as_str());
        let unknown = Refused::Invalid("unknown key");
        let row = attack(
            "J-7 J-18 V3 V5",
            format!(
                "{}: a key of their own, by a kid of their own",
                stranger.alg()
            ),
            token,
            unknown,
        );
        rows.push(row.asking_for_keys().beside(by(ours_like(stranger))));
    }
    rows
}

fn ours_like(stranger: &Signer) -> &'static Signer {
    let all = keys().each().into_iter();
    all.into_iter()
        .find(|ours| ours.alg() == stranger.alg())
        .unwrap()
}

/// In base64 with padding (RFC 7515 §4.1.6); nobody gets to see that it is a bare key.
fn certificate(of: &Signer) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(of.spki())
}

fn doubled() -> Vec<Row> {
    [
        ("alg", r#""none""#),
        ("alg", r#""ES256""#),
        (r"\u0061lg", r#""none""#),
        ("kid", r#""es-2""#),
        (r"ki\u0064", r#""es-1""#),
        ("typ", r#""JWT""#),
    ]
    .map(|(name, value)| {
        let text = format!("a second {name} in the header, {value}");
        let row = attack("J-11", text, good().header_first(name, value), MALFORMED);
        row.beside(good().header_first("Alg", value))
    })
    .into_iter()
    .chain([
        attack(
            "J-11",
            "a second name that nobody reads",
            good().header_first("x", "1").header_first("x", "1"),
            MALFORMED,
        )
        .beside(good().header_first("x", "1").header_first("X", "1")),
        attack(
            "J-11",
            "a second name within",
            good().header_first("x", r#"{"a":1,"\u0061":2}"#),
            MALFORMED,
        )
        .beside(good().header_first("x", r#"{"a":1,"b":2}"#)),
    ])
    .collect()
}
