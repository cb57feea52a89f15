//! Which key checks which token (J-6, J-8, J-13, J-16 to J-18, J-20, V1).

use auth_tests::provider::Signer;
use auth_tests::tokens::{SECRET, encoded};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::harness::{Draft, Refused, Row, attack, by, good, keys};

const UNKNOWN: Refused = Refused::Invalid("unknown key");
const SIGNATURE: Refused = Refused::Invalid("wrong signature");
const ALGORITHM: Refused = Refused::Invalid("algorithm not allowed");

pub fn rows() -> Vec<Row> {
    let all = [
        strangers(),
        mixed_up(),
        public_keys_as_secrets(),
        published_oddly(),
        vectors(),
    ];
    all.into_iter().flatten().collect()
}

fn strangers() -> Vec<Row> {
    let mut rows = Vec::new();
    for stranger in &keys().strangers {
        let name = format!("{} of a stranger", stranger.alg());
        let ours = || {
            by(keys()
                .each()
                .into_iter()
                .find(|key| key.alg() == stranger.alg())
                .unwrap())
        };
        rows.push(attack("J-7 J-14", name.clone(), by(stranger), SIGNATURE).beside(ours()));
        let nameless = by(stranger).without_header("kid");
        let row = attack(
            "J-7 J-14",
            format!("{name}, without a kid"),
            nameless,
            SIGNATURE,
        );
        rows.push(row.asking_for_keys().beside(ours().without_header("kid")));
    }
    // Nothing is told but that the token is invalid, whatever else is wrong with it.
    let all_wrong = by(&keys().strangers[0]).header("typ", "JWT");
    let all_wrong = all_wrong
        .claim("iss", 1)
        .claim("exp", "x")
        .claim("aud", json!({}))
        .claim("scope", 1);
    rows.push(attack("J-14", "everything wrong", all_wrong, SIGNATURE).beside(good()));
    let expired = by(&keys().strangers[0]).claim("exp", 1);
    rows.push(attack("J-14 V28", "expired, of a stranger", expired, SIGNATURE).beside(good()));
    rows
}

/// A key is used for its own algorithm, whatever the token says.
fn mixed_up() -> Vec<Row> {
    let keys = keys();
    let mut rows = Vec::new();
    for signer in keys.each() {
        for other in keys
            .each()
            .into_iter()
            .filter(|other| other.alg() != signer.alg())
        {
            // The algorithm of the one, the name of the other.
            let name = format!("{} by the name of {}", signer.alg(), other.kid());
            let row = attack(
                "J-6 J-18 V1",
                name,
                by(signer).header("kid", other.kid()),
                UNKNOWN,
            );
            rows.push(
                row.asking_for_keys()
                    .beside(by(signer).without_header("kid")),
            );
            // The signature of the one, the header of the other.
            let name = format!("{} signed as {}", other.alg(), signer.alg());
            let row = attack("J-6 V1", name, by(other).signed_by(signer), SIGNATURE);
            rows.push(row.beside(by(other)));
        }
    }
    // The same RSA key with another padding, by its name and without.
    let padded = by(&keys.rs)
        .header("alg", "PS256")
        .signed_as(&keys.rs, "PS256");
    let row = attack(
        "J-6 V1",
        "PS256 by a key for RS256",
        padded.clone(),
        UNKNOWN,
    );
    rows.push(row.asking_for_keys().beside(by(&keys.ps)));
    let row = attack(
        "J-6 V1",
        "PS256 by a key for RS256, without a kid",
        padded.without_header("kid"),
        SIGNATURE,
    );
    rows.push(
        row.asking_for_keys()
            .beside(by(&keys.ps).without_header("kid")),
    );
    let [ec, rsa] = &keys.shared;
    let row = attack(
        "J-17 V1",
        "two kinds of key under one kid, and neither is it",
        by(&keys.ed).header("kid", "shared"),
        UNKNOWN,
    );
    rows.push(row.asking_for_keys().beside(by(rsa)));
    let row = attack(
        "J-17 V1",
        "two kinds of key under one kid, and the wrong one",
        by(rsa).signed_by(ec),
        SIGNATURE,
    );
    rows.push(row.beside(by(ec)));
    for (n, twin) in keys.twins.iter().enumerate() {
        let other = by(&keys.es).header("kid", "twin");
        let row = attack(
            "J-17",
            format!("two keys under one kid, and neither is it, {n}"),
            other,
            SIGNATURE,
        );
        rows.push(row.beside(by(twin)));
    }
    rows
}

/// HMAC with what everybody can fetch as the secret.
fn public_keys_as_secrets() -> Vec<Row> {
    let mut rows = Vec::new();
    let hmac = |kid: &str, secret: &[u8]| {
        good()
            .header("alg", "HS256")
            .header("kid", kid)
            .hmac(secret)
    };
    for (n, signer) in keys().all().into_iter().enumerate() {
        for (form, secret) in written(signer) {
            for kid in [signer.kid(), "secret"] {
                let name = format!("HS256 with key {n} as {form}, kid {kid}");
                rows.push(attack("J-6 J-8 V1", name, hmac(kid, &secret), ALGORITHM).beside(good()));
            }
        }
    }
    let set = json!({"keys": keys().published()}).to_string();
    let row = attack(
        "J-8 V1",
        "HS256 with the whole set",
        hmac("es-1", set.as_bytes()),
        ALGORITHM,
    );
    rows.push(row.beside(good()));
    // A secret that somebody published is none.
    let row = attack(
        "J-8 J-16 V1",
        "a secret from the set",
        hmac("secret", SECRET),
        ALGORITHM,
    );
    rows.push(row.beside(good()));
    // Where secrets are used too, the public key still is none.
    let honest = || hmac("secret", SECRET).to("/mixed_keys");
    for (form, secret) in written(&keys().es) {
        let name = format!("beside a secret, es-1 as {form}");
        let row = attack(
            "J-8 V1",
            name,
            hmac("secret", &secret).to("/mixed_keys"),
            SIGNATURE,
        );
        rows.push(row.beside(honest()));
        let name = format!("beside a secret, by its name, es-1 as {form}");
        let row = attack(
            "J-8 V1",
            name,
            hmac("es-1", &secret).to("/mixed_keys"),
            UNKNOWN,
        );
        rows.push(row.beside(good().to("/mixed_keys")));
    }
    for secret in [&b""[..], b"\0", b"secret", &[0; 32]] {
        let name = format!("the secret {secret:?}");
        let row = attack(
            "J-8 J-13",
            name,
            hmac("secret", secret).to("/mixed_keys"),
            SIGNATURE,
        );
        rows.push(row.beside(honest()));
    }
    rows
}

/// Every way to write a public key down.
fn written(signer: &Signer) -> Vec<(&'static str, Vec<u8>)> {
    let jwk = signer.jwk();
    let der = signer.spki();
    let base64 = STANDARD.encode(&der);
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        lines.join("\n")
    );
    let part = |name: &str| jwk[name].as_str().unwrap_or_default().to_owned();
    let text = format!("{}{}{}", part("n"), part("x"), part("y"));
    let octets = ["n", "x", "y"].map(|name| decoded(&part(name))).concat();
    vec![
        ("JWK", jwk.to_string().into_bytes()),
        ("JWK of required members", required(&jwk).into_bytes()),
        ("PEM", pem.clone().into_bytes()),
        (
            "PEM without the last line feed",
            pem.trim_end().as_bytes().to_vec(),
        ),
        ("PEM with CRLF", pem.replace('\n', "\r\n").into_bytes()),
        ("PEM in one line", pem.replace('\n', "").into_bytes()),
        ("base64", base64.into_bytes()),
        ("base64url", encoded(&der).into_bytes()),
        ("DER", der),
        ("point or modulus", [&[4], octets.as_slice()].concat()),
        ("coordinates or modulus", octets),
        ("coordinates or modulus in base64url", text.into_bytes()),
    ]
}

/// RFC 7638 §3: what a thumbprint is made of.
fn required(jwk: &Value) -> String {
    let names = ["crv", "e", "kty", "n", "x", "y"].into_iter();
    let members = names.filter_map(|name| Some(format!("\"{name}\":{}", jwk.get(name)?)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn decoded(text: &str) -> Vec<u8> {
    base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(text)
        .unwrap()
}

/// Keys of the set that are not for this: as if they were not there.
fn published_oddly() -> Vec<Row> {
    let keys = keys();
    let weak = by(&keys.rs).header("kid", "weak").signature([0x5a; 128]);
    let rows: [(&'static str, &str, Draft, Draft); 6] = [
        ("J-13", "an RSA key of 1024 bits", weak, by(&keys.rs)),
        ("J-16", "a key for encryption", by(&keys.encrypting), good()),
        (
            "J-16",
            "a key for wrapping",
            by(&keys.wrapping),
            by(&keys.ed),
        ),
        (
            "J-16 J-6",
            "a key for another algorithm",
            by(&keys.elsewise),
            by(&keys.rs),
        ),
        (
            "J-6 V1",
            "a key without an algorithm, as the token likes it",
            by(&keys.bare)
                .header("alg", "PS256")
                .signed_as(&keys.bare, "PS256"),
            by(&keys.bare),
        ),
        (
            "J-17",
            "a key of a new kind",
            good().header("kid", "new"),
            good(),
        ),
    ];
    rows.into_iter()
        .map(|(ids, name, token, beside)| {
            attack(ids, name, token, UNKNOWN)
                .asking_for_keys()
                .beside(beside)
        })
        .collect()
}

/// The tokens of RFC 7515 appendix A and RFC 8037 appendix A.4.
fn vector(id: &str) -> Value {
    let all = include_str!("../../../../auth-core/tests/data/rfc/jose.json");
    let all: Vec<Value> = serde_json::from_str(all).unwrap();
    all.into_iter().find(|vector| vector["id"] == id).unwrap()
}

/// Their keys, which are in the issuer's set, each under the id of its vector.
pub fn of_rfcs() -> Vec<Value> {
    let ids = [
        "7515-A.1-HS256",
        "7515-A.2-RS256",
        "7515-A.3-ES256",
        "7515-A.4-ES512",
        "8037-A.4-Ed25519",
    ];
    let jwk = |id: &str| {
        let mut jwk = vector(id)["jwk"].clone();
        jwk["kid"] = json!(id);
        jwk
    };
    ids.map(jwk).into()
}

/// Where the signature holds the token is refused for what it says: none of them is an access token.
fn vectors() -> Vec<Row> {
    let wrong = Refused::Invalid("wrong typ");
    let three = Refused::Invalid("malformed: not three segments");
    let keys = keys();
    let rows = [
        ("7515-A.1-HS256", ALGORITHM, good()),
        ("7515-A.2-RS256", wrong, by(&keys.rs)),
        ("7515-A.3-ES256", wrong, by(&keys.es)),
        ("7515-A.4-ES512", ALGORITHM, by(&keys.es384)),
        ("7515-A.5-none", three, good()),
        ("8037-A.4-Ed25519", wrong, by(&keys.ed)),
    ];
    rows.into_iter()
        .flat_map(|(id, refused, beside)| {
            let token = vector(id)["jws"].as_str().unwrap().to_owned();
            let (message, _) = token.rsplit_once('.').unwrap();
            let forged = format!("{message}.{}", encoded([0x5a; 64]));
            let refused_too = match refused {
                Refused::Invalid("wrong typ") => SIGNATURE,
                _ => ALGORITHM,
            };
            [
                attack("J-20", id, token, refused).beside(beside.clone()),
                attack("J-20", format!("{id}, forged"), forged, refused_too).beside(beside),
            ]
        })
        .collect()
}
