//! What a token grants, and to whom (V6), and texts of the attacker's in it (V28).

use serde_json::{Value, json};

use crate::harness::{Draft, MARK, Refused, Row, attack, good};

const NO_ROLES: &str = "roles are not an array of strings, or of objects with a value";

pub fn rows() -> Vec<Row> {
    let all = [sender_constrained(), scopes(), roles(), texts(), marks()];
    all.into_iter().flatten().collect()
}

/// P-6, M-3: whoever holds such a token has yet to prove something.
fn sender_constrained() -> Vec<Row> {
    let refused = Refused::Invalid("sender-constrained token without its proof");
    let mut rows = Vec::new();
    for cnf in [
        json!({"jkt": "0ZcOCORZNYy"}),
        json!({"x5t#S256": "A4DtL2J"}),
        json!({}),
        json!(null),
        json!([]),
        json!(""),
    ] {
        for target in ["/orders", "/relaxed"] {
            let token = good().claim("cnf", cnf.clone()).to(target);
            let row = attack("J-15 V6", format!("{target}: cnf {cnf}"), token, refused);
            rows.push(row.beside(good().claim("Cnf", cnf.clone()).to(target)));
        }
    }
    rows
}

fn scopes() -> Vec<Row> {
    let mut rows = Vec::new();
    let scp = |value: Value| good().without("scope").claim("scp", value);
    for value in [
        json!(null),
        json!(1),
        json!(true),
        json!(["orders:read"]),
        json!({"orders:read": true}),
    ] {
        let row = attack(
            "V6",
            format!("scope {value}"),
            good().claim("scope", value),
            Refused::Invalid("scope is not a string"),
        );
        rows.push(row.beside(scp(json!(["orders:read"]))));
    }
    for value in [
        json!(null),
        json!(1),
        json!(["orders:read", 1]),
        json!([["orders:read"]]),
        json!({"a": "orders:read"}),
    ] {
        let words = Refused::Invalid("scp is not a string or an array of strings");
        rows.push(
            attack("V6", format!("scp {value}"), scp(value.clone()), words)
                .beside(scp(json!("orders:read"))),
        );
        let both = good().claim("scp", value.clone());
        rows.push(
            attack("V6", format!("scope and scp {value}"), both, words)
                .beside(good().claim("scp", "")),
        );
    }
    for scope in [
        "",
        " ",
        "orders",
        "orders:rea",
        "orders:read2",
        "Orders:read",
        "orders:*",
        "*",
        "orders:write",
        "orders:read,orders:write",
        "\torders:read",
        "orders:read\u{0}",
        "orders:read\u{a0}a",
        "\"orders:read\"",
    ] {
        let row = attack(
            "V6 J-14",
            format!("scope {scope:?}"),
            good().claim("scope", scope),
            Refused::Scope,
        );
        rows.push(row.beside(good().claim("scope", "a  orders:read b ")));
    }
    let both = good().claim("scope", "a").claim("scp", "orders:read");
    rows.push(
        attack("V6", "scope counts before scp", both, Refused::Scope)
            .beside(good().claim("scp", "a")),
    );
    rows.push(
        attack("V6", "no scope", good().without("scope"), Refused::Scope)
            .beside(scp(json!("a orders:read"))),
    );
    rows
}

fn roles() -> Vec<Row> {
    let types = Refused::Invalid(NO_ROLES);
    let clerk = || good().claim("roles", json!(["clerk"])).to("/clerks");
    let with = |draft: Draft, value: &Value| draft.claim("roles", value.clone());
    let mut rows = Vec::new();
    for value in [
        json!(null),
        json!(1),
        json!("clerk"),
        json!({"value": "clerk"}),
        json!({"clerk": true}),
        json!(["clerk", 1]),
        json!([["clerk"]]),
        json!([{"Value": "clerk"}]),
        json!([{"value": ["clerk"]}]),
        json!(["clerk", null]),
    ] {
        for target in ["/clerks", "/orders"] {
            let token = with(good(), &value).to(target);
            rows.push(
                attack("V6", format!("{target}: roles {value}"), token, types).beside(clerk()),
            );
        }
    }
    for value in [
        json!([]),
        json!(["Clerk"]),
        json!(["clerks"]),
        json!([" clerk"]),
        json!(["clerk,admin"]),
        json!([{"value": "clerk "}]),
    ] {
        let token = with(good(), &value).to("/clerks");
        let row = attack("V6", format!("roles {value}"), token, Refused::Role);
        rows.push(row.beside(with(good(), &json!([{"value": "clerk"}])).to("/clerks")));
    }
    let row = attack(
        "V6",
        "a role for a scope",
        good()
            .claim("scope", "clerk")
            .claim("roles", json!(["orders:read"])),
        Refused::Scope,
    );
    rows.push(row.beside(good().claim("roles", json!(["orders:read"]))));
    rows
}

fn texts() -> Vec<Row> {
    let acr = Refused::Invalid("acr is not a string");
    [
        json!(null),
        json!(1),
        json!(["phr"]),
        json!({"values": ["phr"]}),
    ]
    .map(|value| {
        attack(
            "V6",
            format!("acr {value}"),
            good().claim("acr", value),
            acr,
        )
        .beside(good().claim("acr", "phr"))
    })
    .into()
}

/// Texts of the attacker's in every place, in tokens that the issuer signed: no answer repeats them.
fn marks() -> Vec<Row> {
    let harmless = ["sub", "client_id", "jti", "acr", "sid", "email", MARK];
    let marked = || {
        harmless
            .iter()
            .fold(good(), |draft, name| draft.claim(name, MARK))
    };
    let mut rows = Vec::new();
    for (name, refused) in [
        ("iss", Refused::Invalid("wrong issuer")),
        ("aud", Refused::Invalid("wrong audience")),
        ("exp", Refused::Invalid("exp is not a date")),
        ("nbf", Refused::Invalid("nbf is not a date")),
        ("iat", Refused::Invalid("iat is not a date")),
        ("auth_time", Refused::Invalid("auth_time is not a date")),
        (
            "cnf",
            Refused::Invalid("sender-constrained token without its proof"),
        ),
        ("roles", Refused::Invalid(NO_ROLES)),
        ("scope", Refused::Scope),
    ] {
        let row = attack(
            "V28",
            format!("a mark for {name}"),
            marked().claim(name, MARK),
            refused,
        );
        rows.push(row.beside(marked()));
    }
    for (name, refused) in [
        ("typ", Refused::Invalid("wrong typ")),
        ("alg", Refused::Invalid("algorithm not allowed")),
        ("crit", Refused::Invalid("unknown critical header")),
        ("b64", Refused::Invalid("unknown critical header")),
    ] {
        let token = marked().header(name, MARK);
        let beside = ["jku", "x5u", "x5t", "cty", "zip", MARK]
            .iter()
            .fold(marked(), |draft, name| draft.header(name, MARK));
        rows.push(attack("V28", format!("a mark for {name}"), token, refused).beside(beside));
    }
    rows
}
