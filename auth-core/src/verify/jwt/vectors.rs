//! Published vectors, run through the same code as every token: see tests/data/README.md.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use serde_json::Value;

use super::compact::Token;
use super::{Algorithm, JwtError, Key, KeySet};

/// All that the vectors use and this library serves.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::HS256,
    Algorithm::ES256,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::EdDSA,
];

fn holds(token: &str, key: &Key) -> bool {
    let set = KeySet::of(ALGORITHMS, [Arc::new(key.clone())], 1);
    Token::read(token).is_ok_and(|token| token.signed_by(&set).is_ok())
}

/// Defective or ambiguous. 346, 347, 350, 351: the `alg` of the key contradicts the header, yet they are
/// marked valid. 367, 370: the same octets as the valid 357. 372, 373: valid only to a reader that skips
/// foreign characters (RFC 7515 §2 forbids them).
const EXCLUDED: [u64; 8] = [346, 347, 350, 351, 367, 370, 372, 373];

#[test]
fn wycheproof_393_cases_j6_j10_j12_j16_v1_v2() {
    let file: Value = serde_json::from_str(include_str!(
        "../../../tests/data/wycheproof/json_web_signature_test.json"
    ))
    .unwrap();
    let (mut valid, mut invalid, mut unfit) = (0, 0, 0);
    for group in file["testGroups"].as_array().unwrap() {
        let jwk = if group["public"].is_null() {
            &group["private"]
        } else {
            &group["public"]
        };
        for case in group["tests"].as_array().unwrap() {
            let id = case["tcId"].as_u64().unwrap();
            if EXCLUDED.contains(&id) {
                continue;
            }
            // One case holds an object: the JSON serialisation, given to the reader as text.
            let json = case["jws"].to_string();
            let token = case["jws"].as_str().unwrap_or(&json);
            // Four groups of one case: the key is for encryption, so it never gets to a signature.
            let found = match Key::from_jwk(&jwk.to_string()) {
                Ok(key) => holds(token, &key),
                Err(error) => {
                    assert_eq!(error, JwtError::JwkOtherUse, "case {id}");
                    unfit += 1;
                    false
                }
            };
            match case["result"].as_str().unwrap() {
                "valid" => {
                    assert!(found, "case {id} must hold");
                    valid += 1;
                }
                "invalid" => {
                    assert!(!found, "case {id} must not hold");
                    invalid += 1;
                }
                other => panic!("case {id}: {other}"),
            }
        }
    }
    assert_eq!((valid, invalid, unfit), (40, 353, 4));
    assert_eq!(valid + invalid, 393);
}

#[test]
fn rfc_examples_j20() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../tests/data/rfc/jose.json")).unwrap();
    let vector = |id: &str| {
        let found = vectors
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["id"] == id);
        found.unwrap().clone()
    };
    let token = |id: &str| vector(id)["jws"].as_str().unwrap().to_owned();
    let key = |id: &str, algorithm| Key::from_jwk_as(algorithm, &vector(id)["jwk"].to_string());
    let spoilt = |token: &str| {
        let (message, signature) = token.rsplit_once('.').unwrap();
        let other = if signature.starts_with('A') { "B" } else { "A" };
        format!("{message}.{other}{}", signature.get(1..).unwrap())
    };

    for (id, algorithm) in [
        ("7515-A.1-HS256", Algorithm::HS256),
        ("7515-A.2-RS256", Algorithm::RS256),
        ("7515-A.3-ES256", Algorithm::ES256),
        ("8037-A.4-Ed25519", Algorithm::EdDSA),
    ] {
        let key = key(id, algorithm).unwrap();
        assert!(holds(&token(id), &key), "{id}");
        assert!(!holds(&spoilt(&token(id)), &key), "{id} spoilt");
        for other in ["7515-A.4-ES512", "7515-A.5-none"] {
            assert!(!holds(&token(other), &key), "{other}");
        }
    }
    for algorithm in [Algorithm::ES256, Algorithm::ES384] {
        assert_eq!(
            key("7515-A.4-ES512", algorithm).unwrap_err(),
            JwtError::WrongKind(algorithm)
        );
    }
    // RFC 7515 §A.5 has an empty third segment.
    assert!(token("7515-A.5-none").ends_with('.'));
}
