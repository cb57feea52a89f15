//! What a token says (J-2 to J-5, J-19, V6, V7).

use auth_tests::tokens::{AUDIENCE, NOW, PAST};
use serde_json::json;

use crate::harness::{ELSEWHERE, ISSUER, PARTNER, Refused, Row, attack, good};

pub fn rows() -> Vec<Row> {
    let all = [issuers(), audiences(), times(), dates(), required()];
    all.into_iter().flatten().collect()
}

fn issuers() -> Vec<Row> {
    let wrong = Refused::Invalid("wrong issuer");
    let no_text = Refused::Invalid("iss is not a string");
    let mut rows = Vec::new();
    for iss in [
        "https://issuer.example/",
        "https://issuer.example//",
        "HTTPS://issuer.example",
        "https://ISSUER.example",
        "https://issuer.example.",
        "https://issuer.example:443",
        "https://issuer.example/.",
        " https://issuer.example",
        "https://issuer.example ",
        "https://issuer.exampl",
        "https://issuer.example.attacker.example",
        "issuer.example",
        "http://issuer.example",
        "https://issuer.example\u{0}",
        "https://\u{131}ssuer.example",
        "",
        PARTNER,
        "https://attacker.example",
    ] {
        let row = attack(
            "J-2 V7 V9",
            format!("iss {iss:?}"),
            good().claim("iss", iss),
            wrong,
        );
        rows.push(row.beside(good().claim_written("iss", r#""https:\/\/issuer.example""#)));
    }
    for iss in [
        json!([ISSUER]),
        json!([ISSUER, PARTNER]),
        json!(null),
        json!(1),
        json!(true),
        json!({"iss": ISSUER}),
        json!([]),
    ] {
        let row = attack(
            "J-2 V6 V9",
            format!("iss {iss}"),
            good().claim("iss", iss),
            no_text,
        );
        rows.push(row.beside(good()));
    }
    let without = Refused::Invalid("no issuer");
    rows.push(attack("J-2 J-5 V7 V9", "no iss", good().without("iss"), without).beside(good()));
    let elsewhere = good()
        .without("iss")
        .header("iss", ISSUER)
        .claim_written("Iss", r#""https://issuer.example""#);
    rows.push(
        attack("J-2 V7", "iss elsewhere", elsewhere, without).beside(good().header("iss", PARTNER)),
    );
    rows
}

fn audiences() -> Vec<Row> {
    let wrong = Refused::Invalid("wrong audience");
    let types = Refused::Invalid("aud is not a string or an array of strings");
    let mut rows = Vec::new();
    for aud in [
        json!(""),
        json!([]),
        json!([""]),
        json!("https://api.example/"),
        json!("https://api.exampl"),
        json!("https://api.example.attacker.example"),
        json!("https://API.example"),
        json!("http://api.example"),
        json!("api.example"),
        json!(["api", "example"]),
        json!("*"),
        json!(ELSEWHERE),
        json!(format!("{AUDIENCE} {ELSEWHERE}")),
        json!(format!("{AUDIENCE},{ELSEWHERE}")),
        json!(format!(" {AUDIENCE}")),
        json!(["https://api.example/orders"]),
        json!("https://api.example\u{0}"),
        json!("web"),
    ] {
        let row = attack(
            "J-3 V7",
            format!("aud {aud}"),
            good().claim("aud", aud),
            wrong,
        );
        rows.push(row.beside(good().claim("aud", json!([ELSEWHERE, AUDIENCE]))));
    }
    for aud in [
        json!(null),
        json!(1),
        json!(true),
        json!({"aud": AUDIENCE}),
        json!([AUDIENCE, 1]),
        json!([AUDIENCE, null]),
        json!([[AUDIENCE]]),
        json!({"0": AUDIENCE}),
    ] {
        let row = attack(
            "J-3 V6",
            format!("aud {aud}"),
            good().claim("aud", aud),
            types,
        );
        rows.push(row.beside(good().claim("aud", json!([AUDIENCE]))));
    }
    let without = attack(
        "J-3 J-5 V7",
        "no aud",
        good().without("aud"),
        Refused::Invalid("no audience"),
    );
    rows.push(without.beside(good()));
    rows
}

fn times() -> Vec<Row> {
    let now = "2025-10-02T10:13:20Z";
    let early = Refused::Invalid("not yet valid");
    let expiring = |exp: u64| good().claim("exp", exp);
    let mut rows = vec![
        attack(
            "J-4",
            "expired just now",
            expiring(NOW),
            Refused::Expired(NOW, now),
        )
        .beside(expiring(NOW + 1)),
        attack(
            "J-4",
            "expired",
            expiring(PAST),
            Refused::Expired(PAST, "2025-10-01T10:00:00Z"),
        )
        .beside(good().claim_written("exp", &format!("{NOW}.5"))),
        attack(
            "J-4",
            "expired in 1970",
            expiring(0),
            Refused::Expired(0, "1970-01-01T00:00:00Z"),
        )
        .beside(good().claim_written("exp", "253402300799")),
        attack(
            "J-4",
            "a fraction ago",
            good().claim_written("exp", &format!("{}.9", NOW - 1)),
            Refused::Expired(NOW - 1, "2025-10-02T10:13:19Z"),
        )
        .beside(good().claim_written("exp", "1.8e9")),
        attack(
            "J-4",
            "valid from the next second on",
            good().claim("nbf", NOW + 1),
            early,
        )
        .beside(good().claim("nbf", NOW)),
        attack(
            "J-4",
            "valid in a moment",
            good().claim_written("nbf", &format!("{NOW}.1")),
            early,
        )
        .beside(good().claim_written("nbf", &format!("{}.9", NOW - 1))),
        attack(
            "J-4 V28",
            "expired, and not for us",
            expiring(PAST).claim("aud", ELSEWHERE),
            Refused::Invalid("wrong audience"),
        )
        .beside(good()),
    ];
    let without = attack(
        "J-4 J-5 V7",
        "no exp",
        good().without("exp"),
        Refused::Invalid("no expiry"),
    );
    rows.push(without.beside(good()));
    rows
}

fn dates() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, words, beside) in [
        ("exp", "exp is not a date", "1.7594e9"),
        ("nbf", "nbf is not a date", "-0"),
        ("iat", "iat is not a date", "0.5"),
        ("auth_time", "auth_time is not a date", "0"),
    ] {
        for value in [
            r#""1859400000""#,
            r#""""#,
            "null",
            "true",
            "[1859400000]",
            "{}",
            "-1",
            "-0.5",
            "1e400",
            "-1e400",
            "1e308",
            "253402300800",
            "1859400000000",
            "18446744073709551616",
            r#"{"$serde_json::private::Number":"1859400000"}"#,
        ] {
            let token = good().claim_written(name, value);
            let row = attack(
                "J-4 V6",
                format!("{name} {value}"),
                token,
                Refused::Invalid(words),
            );
            let beside = if name == "exp" { "1.8e9" } else { beside };
            rows.push(row.beside(good().claim_written(name, beside)));
        }
    }
    rows
}

fn required() -> Vec<Row> {
    let missing = Refused::Invalid("sub, client_id or jti missing (RFC 9068)");
    let mut rows = Vec::new();
    for (name, words) in [
        ("sub", "sub is not a string"),
        ("client_id", "client_id is not a string"),
        ("jti", "jti is not a string"),
    ] {
        // What need not follow RFC 9068 may lack it; the subject is wanted by this service.
        let beside = || {
            if name == "sub" {
                good()
            } else {
                good().without(name)
            }
            .to("/relaxed")
        };
        let row = attack(
            "J-5 V7",
            format!("no {name}"),
            good().without(name),
            missing,
        );
        rows.push(row.beside(beside()));
        let row = attack(
            "J-5",
            format!("an empty {name}"),
            good().claim(name, ""),
            missing,
        );
        rows.push(row.beside(beside()));
        for value in [
            json!(null),
            json!(1),
            json!(true),
            json!(["ada"]),
            json!({"a": "b"}),
        ] {
            for target in ["/orders", "/relaxed"] {
                let token = good().claim(name, value.clone()).to(target);
                let row = attack(
                    "J-5 V6",
                    format!("{target}: {name} {value}"),
                    token,
                    Refused::Invalid(words),
                );
                rows.push(row.beside(good().to(target)));
            }
        }
    }
    let row = attack(
        "J-5",
        "no iat",
        good().without("iat"),
        Refused::Invalid("iat missing (RFC 9068)"),
    );
    rows.push(row.beside(good().without("iat").to("/relaxed")));
    let unfit =
        Refused::Invalid("claims cannot be read as resource_server::harness::service::Claims");
    let row = attack(
        "J-5",
        "relaxed, without what the service reads",
        good().without("sub").to("/relaxed"),
        unfit,
    );
    rows.push(row.beside(good().to("/relaxed")));
    rows
}
