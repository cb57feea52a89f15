//! `JwtVerifier` as an application meets it: each rule with an attack refused and an honest neighbour
//! admitted.
#![cfg(feature = "testing")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use auth_core::jwt::{Algorithm, Audience, Issuer, JwtError, JwtVerifier, Key, Profile};
use auth_core::testing::{Token, TokenMinter};
use auth_core::{
    AuthState, Authenticated, Bearer, Cause, Clock, ClockHand, Grants, RequestView, Revocation,
    Scheme, Verifier, auth_policy,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::EncodingKey;
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use serde_json::{Value, json};

const NOW: u64 = 1_759_312_800; // 2025-10-01T10:00:00Z
const ISS: &str = "https://login.example.com/";
const AUD: &str = "https://orders.example.com";

#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
struct Claims {
    sub: String,
}

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Api;

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: JwtVerifier<Claims>,
}

fn run<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("checking a JWT awaits nothing"),
    }
}

/// Whether a token is admitted, or why it is refused. It is asked twice: what the verifier remembers is answered as what it
/// examines (V21).
fn ask<C>(verifier: &JwtVerifier<C>, token: &str) -> Result<(), Cause>
where
    C: serde::de::DeserializeOwned + Clone + Send + Sync + 'static,
{
    let request = http::Request::new(());
    let once = || {
        let token = Bearer::extract(token.as_bytes())?;
        let verified = run(verifier.verify(token, &RequestView::of(&request)))?;
        Ok::<_, Cause>(told(verified.grants()))
    };
    let hits = || verifier.cache_stats().unwrap().hits;
    let first = once();
    let before = hits();
    assert_eq!(once(), first);
    assert_eq!(hits() - before, u64::from(first.is_ok()));
    first.map(|_| ())
}

/// All that grants tell.
fn told(grants: &Grants) -> impl PartialEq + std::fmt::Debug + use<> {
    let words = |words: &mut dyn Iterator<Item = &str>| -> Vec<String> {
        words.map(str::to_owned).collect()
    };
    (
        words(&mut grants.scopes()),
        words(&mut grants.roles()),
        grants.acr().map(str::to_owned),
        grants.auth_time(),
        grants.expires_at(),
    )
}

/// Through the whole pipeline, twice as well: status and cause of the refusal, or the caller.
fn pipeline(
    verifier: JwtVerifier<Claims>,
    token: &str,
) -> Result<Authenticated<Claims>, (u16, Vec<String>, Cause)> {
    let app = App { tokens: verifier };
    let (first, second) = (request(&app, token), request(&app, token));
    match (&first, &second) {
        (Ok(first), Ok(second)) => {
            assert_eq!(**first, **second);
            assert_eq!(told(first.grants()), told(second.grants()));
        }
        (first, second) => assert_eq!(first.as_ref().err(), second.as_ref().err()),
    }
    second
}

fn request(app: &App, token: &str) -> Result<Authenticated<Claims>, (u16, Vec<String>, Cause)> {
    let request = http::Request::builder()
        .header("Authorization", format!("Bearer {token}"))
        .body(())
        .unwrap();
    run(auth_core::http::check::<Api, _, _>(
        app,
        RequestView::of(&request),
    ))
    .map_err(|refusal| {
        let challenges = refusal
            .challenges()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect();
        (
            refusal.status().as_u16(),
            challenges,
            refusal.cause().clone(),
        )
    })
}

fn refused(why: &'static str) -> Result<(), Cause> {
    Err(Cause::invalid_token(why))
}

fn minter() -> (TokenMinter, ClockHand) {
    let (clock, hand) = Clock::manual(NOW);
    let minter = TokenMinter::new()
        .unwrap()
        .with_issuer(Issuer::new(ISS))
        .with_audience(Audience::new(AUD))
        .with_clock(clock);
    (minter, hand)
}

/// A minter with its verifier in the profile of RFC 9068, and in the relaxed one.
fn both() -> (TokenMinter, JwtVerifier<Claims>, JwtVerifier<Claims>) {
    let (minter, _) = minter();
    let strict = minter.verifier().unwrap();
    let relaxed = minter.verifier().unwrap().with_profile(Profile::Jwt);
    (minter, strict, relaxed)
}

// ---- keys and signatures of every algorithm ---------------------------------------------------------

macro_rules! key_file {
    ($name:literal) => {
        include_str!(concat!("data/keys/", $name))
    };
}

/// Key for signing, key for checking.
fn pair(algorithm: Algorithm) -> (EncodingKey, Key) {
    let der = |pem: &str| pem::parse(pem).unwrap().into_contents();
    let rsa = || {
        (
            EncodingKey::from_rsa_der(&der(key_file!("rsa2048.pem"))),
            Key::from_pem(algorithm, key_file!("rsa2048.pub.pem")).unwrap(),
        )
    };
    match algorithm {
        Algorithm::HS256 => (
            EncodingKey::from_secret(&[7; 32]),
            Key::hs256([7; 32]).unwrap(),
        ),
        Algorithm::HS384 => (
            EncodingKey::from_secret(&[7; 48]),
            Key::hs384([7; 48]).unwrap(),
        ),
        Algorithm::HS512 => (
            EncodingKey::from_secret(&[7; 64]),
            Key::hs512([7; 64]).unwrap(),
        ),
        Algorithm::ES256 => (
            EncodingKey::from_ec_der(&der(key_file!("es256.pem"))),
            Key::from_pem(algorithm, key_file!("es256.pub.pem")).unwrap(),
        ),
        Algorithm::ES384 => (
            EncodingKey::from_ec_der(&der(key_file!("es384.pem"))),
            Key::from_pem(algorithm, key_file!("es384.pub.pem")).unwrap(),
        ),
        Algorithm::EdDSA => (
            EncodingKey::from_ed_der(&der(key_file!("ed25519.pem"))),
            Key::from_pem(algorithm, key_file!("ed25519.pub.pem")).unwrap(),
        ),
        _ => rsa(),
    }
}

const ALL: [Algorithm; 12] = [
    Algorithm::HS256,
    Algorithm::HS384,
    Algorithm::HS512,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

fn good_claims() -> Value {
    json!({"iss": ISS, "aud": AUD, "sub": "ann", "client_id": "c", "jti": "1", "iat": NOW, "exp": NOW + 300})
}

/// A token whose header is this text, signed with the key of another family if wanted.
fn signed(algorithm: Algorithm, key: &EncodingKey, header: &str, payload: &str) -> String {
    let message = [header, payload]
        .map(|part| URL_SAFE_NO_PAD.encode(part))
        .join(".");
    let jose = algorithm.name().parse().unwrap();
    let signer = (DEFAULT_PROVIDER.signer_factory)(&jose, key).unwrap();
    let signature = signer.try_sign(message.as_bytes()).unwrap();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn honest(algorithm: Algorithm, key: &EncodingKey) -> String {
    let header = format!(r#"{{"alg":"{algorithm}","typ":"at+jwt"}}"#);
    signed(algorithm, key, &header, &good_claims().to_string())
}

fn verifier(
    algorithms: impl IntoIterator<Item = Algorithm>,
    keys: impl IntoIterator<Item = Key>,
) -> JwtVerifier<Claims> {
    let (issuer, audience) = (Issuer::new(ISS), Audience::new(AUD));
    JwtVerifier::new(issuer, audience, algorithms, keys, Revocation::None)
        .unwrap()
        .with_clock(Clock::manual(NOW).0)
}

#[test]
fn every_algorithm_admits_a_good_token_and_refuses_a_bad_one_j6_j12() {
    for algorithm in ALL {
        let (signing, key) = pair(algorithm);
        let verifier = verifier([algorithm], [key]);
        let token = honest(algorithm, &signing);
        assert_eq!(ask(&verifier, &token), Ok(()), "{algorithm}");

        let (message, signature) = token.rsplit_once('.').unwrap();
        let octets = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let mut flipped = octets.clone();
        flipped[3] ^= 1;
        let cut = octets[..octets.len() - 1].to_vec();
        let longer = [octets.as_slice(), &[0]].concat();
        let zeros = vec![0; octets.len()];
        for bad in [flipped, cut, longer, zeros, vec![0]] {
            let bad = format!("{message}.{}", URL_SAFE_NO_PAD.encode(bad));
            assert_eq!(
                ask(&verifier, &bad),
                refused("wrong signature"),
                "{algorithm}"
            );
        }
        let mut other = good_claims();
        other["sub"] = json!("root");
        let header = token.split('.').next().unwrap();
        let swapped = format!(
            "{header}.{}.{signature}",
            URL_SAFE_NO_PAD.encode(other.to_string())
        );
        assert_eq!(
            ask(&verifier, &swapped),
            refused("wrong signature"),
            "{algorithm}"
        );
    }
}

#[test]
fn j12_der_signatures_are_no_es256() {
    // r and s of an honest token, in the ASN.1 that other protocols use
    let (signing, key) = pair(Algorithm::ES256);
    let verifier = verifier([Algorithm::ES256], [key]);
    let token = honest(Algorithm::ES256, &signing);
    let (message, signature) = token.rsplit_once('.').unwrap();
    let octets = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let integer = |half: &[u8]| {
        let half = if half[0] > 0x7f {
            [&[0], half].concat()
        } else {
            half.to_vec()
        };
        [&[2, u8::try_from(half.len()).unwrap()], half.as_slice()].concat()
    };
    let pair = [integer(&octets[..32]), integer(&octets[32..])].concat();
    let der = [&[0x30, u8::try_from(pair.len()).unwrap()], pair.as_slice()].concat();
    let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(der));
    assert_eq!(ask(&verifier, &token), refused("wrong signature"));
}

#[test]
fn j6_one_key_serves_one_algorithm() {
    // The same RSA key pair, used with another algorithm of its family, listed or not.
    let (signing, key) = pair(Algorithm::RS256);
    let token = honest(Algorithm::PS256, &signing);
    let alone = verifier([Algorithm::RS256], [key.clone()]);
    assert_eq!(ask(&alone, &token), refused("algorithm not allowed"));
    let other = Key::from_pem(Algorithm::PS256, key_file!("rsa2048.pub.pem"))
        .unwrap()
        .with_kid("ps");
    let listed = verifier(
        [Algorithm::RS256, Algorithm::PS256],
        [key.with_kid("rs"), other],
    );
    let header = r#"{"alg":"PS256","typ":"at+jwt","kid":"rs"}"#;
    let named = signed(
        Algorithm::PS256,
        &signing,
        header,
        &good_claims().to_string(),
    );
    assert_eq!(ask(&listed, &named), refused("unknown key"));
    assert_eq!(ask(&listed, &token), Ok(()));
}

#[test]
fn j6_v2_none_is_refused_in_every_spelling() {
    let (minter, strict, relaxed) = both();
    let payload = URL_SAFE_NO_PAD.encode(good_claims().to_string());
    let honest = minter.token().mint();
    let signature = honest.rsplit_once('.').unwrap().1;
    for name in [
        "none",
        "None",
        "nOnE",
        "NONE",
        "none ",
        "",
        "null",
        "hs256",
        "HS256\\u0000",
        "HS1",
    ] {
        let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{name}","typ":"at+jwt"}}"#));
        for verifier in [&strict, &relaxed] {
            for end in ["AA", signature] {
                let token = format!("{header}.{payload}.{end}");
                assert_eq!(
                    ask(verifier, &token),
                    refused("algorithm not allowed"),
                    "{name}"
                );
            }
            let token = format!("{header}.{payload}.");
            assert_eq!(
                ask(verifier, &token),
                refused("malformed: not three segments")
            );
        }
    }
    // Signed as HS256, with a header that says something else, or nothing.
    for header in [
        r#"{"typ":"at+jwt"}"#,
        r#"{"alg":null,"typ":"at+jwt"}"#,
        r#"{"alg":["HS256"],"typ":"at+jwt"}"#,
        r#"{"alg":256,"typ":"at+jwt"}"#,
    ] {
        let token = minter.sign(header, &good_claims().to_string());
        assert_eq!(
            ask(&strict, &token),
            refused("malformed: header"),
            "{header}"
        );
    }
}

#[test]
fn j8_v1_hmac_with_a_public_key_is_refused_in_every_encoding() {
    let pem = key_file!("rsa2048.pub.pem");
    let der = pem::parse(pem).unwrap().into_contents();
    let rsa = Key::from_pem(Algorithm::RS256, pem).unwrap();
    let hmac = Key::hs256([9; 32]).unwrap();
    let only_rsa = verifier([Algorithm::RS256], [rsa.clone()]);
    let mixed = verifier([Algorithm::RS256, Algorithm::HS256], [rsa, hmac]);
    let forms = [
        pem.as_bytes().to_vec(),
        pem.trim().as_bytes().to_vec(),
        key_file!("rsa2048.pkcs1.pub.pem").as_bytes().to_vec(),
        STANDARD.encode(&der).into_bytes(),
        der,
    ];
    for form in forms {
        let token = honest(Algorithm::HS256, &EncodingKey::from_secret(&form));
        assert_eq!(ask(&only_rsa, &token), refused("algorithm not allowed"));
        assert_eq!(ask(&mixed, &token), refused("wrong signature"));
        assert_eq!(Key::hs256(&form).unwrap_err(), JwtError::SecretIsPublicKey);
    }
    // The neighbours: what the keys really signed.
    let (signing, _) = pair(Algorithm::RS256);
    assert_eq!(ask(&mixed, &honest(Algorithm::RS256, &signing)), Ok(()));
    let honest = honest(Algorithm::HS256, &EncodingKey::from_secret(&[9; 32]));
    assert_eq!(ask(&mixed, &honest), Ok(()));
}

#[test]
fn j7_v3_no_key_is_taken_from_the_token() {
    // Signed with the attacker's key, which the header offers in every way there is.
    let (attacker, attacker_key) = pair(Algorithm::ES256);
    let (owner, key) = {
        let jwk = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
        (jwk, Key::from_jwk_as(Algorithm::ES256, jwk).unwrap())
    };
    let verifier_of = |key: Key| verifier([Algorithm::ES256], [key]);
    let point = &pem::parse(key_file!("es256.pub.pem"))
        .unwrap()
        .into_contents()[27..];
    let (x, y) = point.split_at(32);
    let jwk = json!({"kty": "EC", "crv": "P-256",
        "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y)});
    let own: Value = serde_json::from_str(owner).unwrap();
    for offered in [
        json!({"jwk": jwk}),
        json!({"jwk": own}),
        json!({"jku": "https://attacker.example/jwks.json"}),
        json!({"x5u": "https://attacker.example/cert.pem"}),
        json!({"x5c": ["MIIB"], "x5t": "AA", "x5t#S256": "AA"}),
    ] {
        let mut header = json!({"alg": "ES256", "typ": "at+jwt"});
        header
            .as_object_mut()
            .unwrap()
            .extend(offered.as_object().unwrap().clone());
        let token = signed(
            Algorithm::ES256,
            &attacker,
            &header.to_string(),
            &good_claims().to_string(),
        );
        assert_eq!(
            ask(&verifier_of(key.clone()), &token),
            refused("wrong signature"),
            "{header}"
        );
        // The neighbour: such headers do no harm to a token of a configured key either.
        assert_eq!(
            ask(&verifier_of(attacker_key.clone()), &token),
            Ok(()),
            "{header}"
        );
    }
}

#[test]
fn j7_v5_kid_only_chooses_among_configured_keys() {
    let payload = good_claims().to_string();
    let [a, b, c] = [[1; 32], [2; 32], [3; 32]].map(|secret| EncodingKey::from_secret(&secret));
    let keys = || {
        [
            Key::hs256([1; 32]).unwrap().with_kid("a"),
            Key::hs256([2; 32]).unwrap().with_kid("b"),
        ]
    };
    let named = verifier([Algorithm::HS256], keys());
    let token = |key: &EncodingKey, kid: Value| {
        let header = json!({"alg": "HS256", "typ": "at+jwt", "kid": kid});
        signed(Algorithm::HS256, key, &header.to_string(), &payload)
    };
    assert_eq!(ask(&named, &token(&a, json!("a"))), Ok(()));
    assert_eq!(ask(&named, &token(&b, json!("b"))), Ok(()));
    assert_eq!(
        ask(&named, &token(&b, json!("a"))),
        refused("wrong signature")
    );
    // Without a kid, each key of the algorithm is tried.
    for (key, expected) in [(&a, Ok(())), (&b, Ok(())), (&c, refused("wrong signature"))] {
        assert_eq!(ask(&named, &honest(Algorithm::HS256, key)), expected);
    }
    for kid in [
        "",
        "A",
        "c",
        "../../dev/null",
        "' OR 1=1 --",
        &"a".repeat(257),
        &"k".repeat(5000),
    ] {
        assert_eq!(
            ask(&named, &token(&a, json!(kid))),
            refused("unknown key"),
            "{kid}"
        );
    }
    for kid in [json!(null), json!(1), json!(["a"]), json!({"a": 1})] {
        assert_eq!(ask(&named, &token(&a, kid)), refused("malformed: header"));
    }
    // A key without an id serves whatever kid a token names.
    let unnamed = verifier([Algorithm::HS256], [Key::hs256([1; 32]).unwrap()]);
    assert_eq!(ask(&unnamed, &token(&a, json!("whatever"))), Ok(()));
    assert_eq!(
        ask(&unnamed, &token(&a, json!("k".repeat(257)))),
        refused("unknown key")
    );
    // Two keys under one id (J-17): both are tried.
    let twins = keys().map(|key| key.with_kid("same"));
    assert_eq!(
        ask(
            &verifier([Algorithm::HS256], twins),
            &token(&b, json!("same"))
        ),
        Ok(())
    );
}

// ---- the form of a token ----------------------------------------------------------------------------

#[test]
fn j9_v8_crit_and_b64_are_refused() {
    let (minter, strict, relaxed) = both();
    for extra in [
        r#""crit":["exp"],"exp":1"#,
        r#""crit":["b64"],"b64":false"#,
        r#""crit":["unknown"],"unknown":1"#,
        r#""crit":["missing"]"#,
        r#""crit":[]"#,
        r#""crit":null"#,
        r#""crit":"exp""#,
        r#""b64":false"#,
        r#""b64":true"#,
        r#""cr\u0069t":["a"]"#,
    ] {
        let token = minter.sign(
            &format!(r#"{{"alg":"HS256","typ":"at+jwt",{extra}}}"#),
            &good_claims().to_string(),
        );
        assert_eq!(
            ask(&strict, &token),
            refused("unknown critical header"),
            "{extra}"
        );
        assert_eq!(
            ask(&relaxed, &token),
            refused("unknown critical header"),
            "{extra}"
        );
    }
    let harmless = r#"{"alg":"HS256","typ":"at+jwt","critical":["a"],"cty":"x","new":{"a":[1]}}"#;
    assert_eq!(
        ask(&strict, &minter.sign(harmless, &good_claims().to_string())),
        Ok(())
    );
}

#[test]
fn j10_base64url_is_strict() {
    let (minter, strict, _) = both();
    let token = minter.token().mint();
    assert_eq!(ask(&strict, &token), Ok(()));
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        panic!()
    };
    let not_base64url = refused("malformed: not base64url");
    // 32 octets leave two unused bits in the last character: each of the three other spellings of
    // the same signature is refused.
    let last = signature.chars().last().unwrap();
    let alphabet: Vec<char> = ('A'..='Z')
        .chain('a'..='z')
        .chain('0'..='9')
        .chain(['-', '_'])
        .collect();
    let at = alphabet.iter().position(|c| *c == last).unwrap();
    for bits in 1..4 {
        let other = format!(
            "{}{}",
            &signature[..signature.len() - 1],
            alphabet[at + bits]
        );
        assert_eq!(
            ask(&strict, &format!("{header}.{payload}.{other}")),
            not_base64url
        );
    }
    for bad in [
        format!("{header}.{payload}.{signature}="),
        format!("{header}.{payload}.{signature}/"),
        format!("{header}.{payload}.+{signature}"),
        format!("{header}~.{payload}.{signature}"),
        format!("{header}.{payload}A.{signature}"),
    ] {
        let found = ask(&strict, &bad);
        assert!(matches!(&found, Err(Cause::InvalidToken(_))), "{bad}");
        if !bad.contains("A.") {
            assert_eq!(found, not_base64url, "{bad}");
        }
    }
}

#[test]
fn j12_v24_exactly_three_segments_that_are_not_empty() {
    let (minter, strict, relaxed) = both();
    let token = minter.token().mint();
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        panic!()
    };
    let three = refused("malformed: not three segments");
    for bad in [
        "opaque".to_owned(),
        "a.b".to_owned(),
        ".".to_owned(),
        "..".to_owned(),
        "....".to_owned(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!(".{payload}.{signature}"),
        format!("{token}."),
        format!(".{token}"),
        format!("{header}..{payload}.{signature}"),
        // five segments: a JWE is never decrypted
        format!("{header}.{payload}.{payload}.{payload}.{signature}"),
        ".".repeat(16_000),
    ] {
        for verifier in [&strict, &relaxed] {
            assert_eq!(ask(verifier, &bad), three, "{bad:.40}");
        }
    }
    let empty = minter.sign(r#"{"alg":"HS256","typ":"at+jwt"}"#, "");
    assert_eq!(ask(&strict, &empty), refused("malformed: payload"));
    assert_eq!(
        ask(&strict, &"a".repeat(64 * 1024 + 1)),
        refused("malformed: too long")
    );
    let long = format!("{}.{payload}.{signature}", "A".repeat(16 * 1024 + 1));
    assert_eq!(ask(&strict, &long), refused("malformed: header too long"));
}

#[test]
fn j11_doubled_names_are_refused() {
    let (minter, strict, _) = both();
    let header = r#"{"alg":"HS256","typ":"at+jwt"}"#;
    let doubled = |extra: &str| {
        good_claims()
            .to_string()
            .replacen('{', &format!("{{{extra},"), 1)
    };
    for extra in [
        r#""exp":1"#,
        r#""aud":"other""#,
        r#""sub":"root""#,
        r#""s\u0075b":"root""#,
        r#""mine":1,"mine":2"#,
    ] {
        let token = minter.sign(header, &doubled(extra));
        assert_eq!(
            ask(&strict, &token),
            refused("malformed: payload"),
            "{extra}"
        );
    }
    for header in [
        r#"{"alg":"none","alg":"HS256","typ":"at+jwt"}"#,
        r#"{"alg":"HS256","typ":"at+jwt","\u0061lg":"none"}"#,
        r#"{"alg":"HS256","typ":"at+jwt","kid":"a","kid":"b"}"#,
        r#"{"alg":"HS256","typ":"at+jwt","x":1,"x":1}"#,
    ] {
        let token = minter.sign(header, &good_claims().to_string());
        assert_eq!(
            ask(&strict, &token),
            refused("malformed: header"),
            "{header}"
        );
    }
    let token = minter.sign(header, &doubled(r#""mine":{"a":1},"Sub":"b""#));
    assert_eq!(ask(&strict, &token), Ok(()));
}

#[test]
fn j19_the_payload_is_one_json_object() {
    let (minter, strict, _) = both();
    let header = r#"{"alg":"HS256","typ":"at+jwt"}"#;
    let good = good_claims().to_string();
    for bad in [
        "null",
        "[]",
        "\"a\"",
        "1",
        "{",
        "{}x",
        "not json",
        &format!("[{good}]"),
        &format!("{good}{good}"),
        &format!("\u{feff}{good}"),
        &good.replacen('{', r#"{"other":1e400,"#, 1),
        &good.replacen('{', r#"{"other":"\ud800","#, 1),
    ] {
        assert_eq!(
            ask(&strict, &minter.sign(header, bad)),
            refused("malformed: payload"),
            "{bad}"
        );
    }
    assert_eq!(ask(&strict, &minter.sign(header, &good)), Ok(()));
    for bad in ["null", "[]", "{", r#"{"alg":"HS256"}{}"#] {
        assert_eq!(
            ask(&strict, &minter.sign(bad, &good)),
            refused("malformed: header"),
            "{bad}"
        );
    }
    // Not UTF-8, and signed all the same.
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"at+jwt"}"#),
        URL_SAFE_NO_PAD.encode(b"{\"sub\":\"\xff\"}")
    );
    let key = EncodingKey::from_secret(&[7; 32]);
    let signer = (DEFAULT_PROVIDER.signer_factory)(&jsonwebtoken::Algorithm::HS256, &key).unwrap();
    let signature = signer.try_sign(message.as_bytes()).unwrap();
    let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
    let own = verifier([Algorithm::HS256], [Key::hs256([7; 32]).unwrap()]);
    assert_eq!(ask(&own, &token), refused("malformed: payload"));
}

// ---- claims -----------------------------------------------------------------------------------------

#[test]
fn j1_j15_v7_typ_tells_access_tokens_from_others() {
    let (minter, strict, relaxed) = both();
    for typ in [
        "at+jwt",
        "AT+JWT",
        "application/at+jwt",
        "Application/AT+jwt",
    ] {
        assert_eq!(
            ask(&strict, &minter.token().typ(typ).mint()),
            Ok(()),
            "{typ}"
        );
    }
    // An ID token, as most issuers write it.
    let id_tokens = [minter.token().typ("JWT"), minter.token().without_typ()];
    for token in id_tokens {
        assert_eq!(ask(&strict, &token.clone().mint()), refused("wrong typ"));
        assert_eq!(ask(&relaxed, &token.mint()), Ok(()));
    }
    for typ in [
        "",
        "id_token+jwt",
        "logout+jwt",
        "dpop+jwt",
        "secevent+jwt",
        "at+jwt ",
    ] {
        for verifier in [&strict, &relaxed] {
            assert_eq!(
                ask(verifier, &minter.token().typ(typ).mint()),
                refused("wrong typ"),
                "{typ}"
            );
        }
    }
    let token = minter.sign(
        r#"{"alg":"HS256","typ":["at+jwt"]}"#,
        &good_claims().to_string(),
    );
    assert_eq!(ask(&relaxed, &token), refused("malformed: header"));
}

#[test]
fn j2_v6_v7_iss_is_the_issuer_octet_by_octet() {
    let (minter, strict, relaxed) = both();
    for verifier in [&strict, &relaxed] {
        let with = |iss: Value| ask(verifier, &minter.token().claim("iss", iss).mint());
        assert_eq!(with(json!(ISS)), Ok(()));
        for other in [
            "https://login.example.com",
            "https://login.example.com//",
            "https://LOGIN.example.com/",
            "https://login.example.com/ ",
            "https://login.example.com/x",
            "",
        ] {
            assert_eq!(with(json!(other)), refused("wrong issuer"), "{other}");
        }
        for other in [
            json!([ISS]),
            json!(null),
            json!(1),
            json!({"iss": ISS}),
            json!(true),
        ] {
            assert_eq!(with(other), refused("iss is not a string"));
        }
        assert_eq!(
            ask(verifier, &minter.token().without("iss").mint()),
            refused("no issuer")
        );
    }
}

#[test]
fn j3_v6_v7_aud_contains_the_audience() {
    let (minter, strict, relaxed) = both();
    for verifier in [&strict, &relaxed] {
        let with = |aud: Value| ask(verifier, &minter.token().claim("aud", aud).mint());
        for good in [
            json!(AUD),
            json!([AUD]),
            json!(["other", AUD]),
            json!(["", AUD, AUD]),
        ] {
            assert_eq!(with(good), Ok(()));
        }
        for bad in [
            json!(""),
            json!([]),
            json!("other"),
            json!(["other", ""]),
            json!("https://orders.example.co"),
            json!("https://orders.example.com/"),
            json!("https://ORDERS.example.com"),
            json!(format!("{AUD} {AUD}")),
        ] {
            assert_eq!(with(bad.clone()), refused("wrong audience"), "{bad}");
        }
        for bad in [
            json!(null),
            json!(1),
            json!({"aud": AUD}),
            json!([AUD, 1]),
            json!([[AUD]]),
        ] {
            let why = refused("aud is not a string or an array of strings");
            assert_eq!(with(bad.clone()), why, "{bad}");
        }
        assert_eq!(
            ask(verifier, &minter.token().without("aud").mint()),
            refused("no audience")
        );
    }
}

#[test]
fn j4_expiry_to_the_second_with_and_without_leeway() {
    let (minter, hand) = minter();
    let exact: JwtVerifier<Claims> = minter.verifier().unwrap();
    let lenient: JwtVerifier<Claims> = minter
        .verifier()
        .unwrap()
        .with_leeway(Duration::from_mins(1))
        .unwrap();
    let token = minter.token().expiring_at(NOW + 10).mint();
    let expired = Err(Cause::TokenExpired { at: Some(NOW + 10) });
    for (now, by_exact, by_lenient) in [
        (NOW + 9, Ok(()), Ok(())),
        (NOW + 10, expired.clone(), Ok(())),
        (NOW + 69, expired.clone(), Ok(())),
        (NOW + 70, expired.clone(), expired.clone()),
        (u64::MAX, expired.clone(), expired.clone()),
    ] {
        hand.set(now);
        assert_eq!(ask(&exact, &token), by_exact, "{now}");
        assert_eq!(ask(&lenient, &token), by_lenient, "{now}");
    }
}

#[test]
fn j4_nbf_is_honoured_and_leeway_is_bounded() {
    let (minter, hand) = minter();
    let exact: JwtVerifier<Claims> = minter.verifier().unwrap();
    let lenient: JwtVerifier<Claims> = minter
        .verifier()
        .unwrap()
        .with_leeway(Duration::from_mins(1))
        .unwrap();
    let token = minter.token().claim("nbf", NOW + 60).mint();
    let early = refused("not yet valid");
    for (now, by_exact, by_lenient) in [
        (NOW - 1, early.clone(), early.clone()),
        (NOW, early.clone(), Ok(())),
        (NOW + 59, early.clone(), Ok(())),
        (NOW + 60, Ok(()), Ok(())),
    ] {
        hand.set(now);
        assert_eq!(ask(&exact, &token), by_exact, "{now}");
        assert_eq!(ask(&lenient, &token), by_lenient, "{now}");
    }
    let five_minutes = Duration::from_mins(5);
    assert!(
        minter
            .verifier::<Claims>()
            .unwrap()
            .with_leeway(five_minutes)
            .is_ok()
    );
    assert_eq!(
        minter
            .verifier::<Claims>()
            .unwrap()
            .with_leeway(five_minutes + Duration::from_nanos(1))
            .unwrap_err(),
        JwtError::LeewayTooLong
    );
}

#[test]
fn j4_v6_dates_are_numbers_of_seconds() {
    let (minter, strict, relaxed) = both();
    let with = |verifier, name: &str, value: &str| ask(verifier, &written(&minter, name, value));
    for verifier in [&strict, &relaxed] {
        for bad in [
            "\"1759313100\"",
            "\"\"",
            "null",
            "true",
            "[1759313100]",
            "{}",
            "-1",
            "-0.5",
            "1e400",
            "-1e400",
            "1e300",
            "253402300800",
            "1759313100000",
            "{\"$serde_json::private::Number\":\"1759313100\"}",
        ] {
            for name in ["exp", "nbf", "iat", "auth_time"] {
                let why = match name {
                    "exp" => "exp is not a date",
                    "nbf" => "nbf is not a date",
                    "iat" => "iat is not a date",
                    _ => "auth_time is not a date",
                };
                assert_eq!(with(verifier, name, bad), refused(why), "{name}: {bad}");
            }
        }
        for good in ["1759312801", "1759312800.5", "1.7593131e9", "253402300799"] {
            assert_eq!(with(verifier, "exp", good), Ok(()), "{good}");
        }
        for good in ["0", "-0", "1759312800", "1759312799.999"] {
            assert_eq!(with(verifier, "nbf", good), Ok(()), "{good}");
            assert_eq!(with(verifier, "iat", good), Ok(()), "{good}");
            assert_eq!(with(verifier, "auth_time", good), Ok(()), "{good}");
        }
        let past = Err(Cause::TokenExpired { at: Some(NOW - 1) });
        assert_eq!(with(verifier, "exp", "1759312799.9"), past);
        assert_eq!(
            with(verifier, "exp", "0"),
            Err(Cause::TokenExpired { at: Some(0) })
        );
        assert_eq!(
            ask(verifier, &minter.token().without("exp").mint()),
            refused("no expiry")
        );
    }
}

#[test]
fn j5_the_profile_of_rfc_9068_requires_seven_claims() {
    let (minter, strict, relaxed) = both();
    for name in ["sub", "client_id", "jti"] {
        let why = refused("sub, client_id or jti missing (RFC 9068)");
        let absent = minter.token().without(name).mint();
        assert_eq!(ask(&strict, &absent), why, "{name}");
        assert_eq!(
            ask(&strict, &minter.token().claim(name, "").mint()),
            why,
            "{name}"
        );
        if name != "sub" {
            assert_eq!(ask(&relaxed, &absent), Ok(()), "{name}");
        }
        for other in [json!(null), json!(1), json!(["a"])] {
            for verifier in [&strict, &relaxed] {
                let found = ask(verifier, &minter.token().claim(name, other.clone()).mint());
                assert!(
                    matches!(found, Err(Cause::InvalidToken(_))),
                    "{name}: {other}"
                );
            }
        }
    }
    let absent = minter.token().without("iat").mint();
    assert_eq!(ask(&strict, &absent), refused("iat missing (RFC 9068)"));
    assert_eq!(ask(&relaxed, &absent), Ok(()));
}

#[test]
fn p6_m3_a_sender_constrained_token_is_no_bearer_token() {
    let (minter, strict, relaxed) = both();
    for cnf in [
        json!({"jkt": "0ZcOCORZNYy"}),
        json!({"x5t#S256": "A4DtL2J"}),
        json!({}),
        json!(null),
    ] {
        for verifier in [&strict, &relaxed] {
            let token = minter.token().claim("cnf", cnf.clone()).mint();
            assert_eq!(
                ask(verifier, &token),
                refused("sender-constrained token without its proof")
            );
        }
    }
}

#[test]
fn expiry_is_told_only_if_nothing_else_is_wrong() {
    let (minter, strict, _) = both();
    let late = || minter.token().expiring_at(NOW - 1);
    let expired = Err(Cause::TokenExpired { at: Some(NOW - 1) });
    assert_eq!(ask(&strict, &late().mint()), expired);
    let faults: [(&str, Token<'_>); 6] = [
        ("wrong issuer", late().claim("iss", "x")),
        ("wrong audience", late().audience("x")),
        ("wrong typ", late().typ("JWT")),
        ("not yet valid", late().claim("nbf", NOW + 1)),
        ("iat missing (RFC 9068)", late().without("iat")),
        ("scope is not a string", late().claim("scope", json!(["a"]))),
    ];
    for (why, token) in faults {
        assert_eq!(ask(&strict, &token.mint()), refused(why));
    }
    let (message, _) = late()
        .mint()
        .rsplit_once('.')
        .map(|(m, s)| (m.to_owned(), s.to_owned()))
        .unwrap();
    assert_eq!(
        ask(&strict, &format!("{message}.AAAA")),
        refused("wrong signature")
    );
}

#[test]
fn the_signature_is_checked_before_any_claim() {
    // Every claim is wrong, and so is the signature: only the signature is told.
    let (minter, strict, _) = both();
    let (stranger, ..) = both();
    let token = stranger
        .token()
        .claim("iss", 1)
        .claim("exp", "x")
        .claim("aud", json!({}))
        .mint();
    assert_eq!(ask(&strict, &token), refused("wrong signature"));
    assert_eq!(
        ask(&strict, &stranger.token().mint()),
        refused("wrong signature")
    );
    let broken = stranger.sign(r#"{"alg":"HS256","typ":"at+jwt"}"#, "not json");
    assert_eq!(ask(&strict, &broken), refused("wrong signature"));
    assert_eq!(ask(&strict, &minter.token().mint()), Ok(()));
}

#[test]
fn claims_that_do_not_fit_the_applications_type_are_refused_without_quoting_them_t16_v28() {
    #[derive(Clone, Debug, serde::Deserialize)]
    struct Tenant {
        #[expect(dead_code, reason = "only its type matters")]
        tenant: u32,
    }
    let (minter, ..) = both();
    let verifier: JwtVerifier<Tenant> = minter.verifier().unwrap();
    assert_eq!(
        ask(&verifier, &minter.token().claim("tenant", 7).mint()),
        Ok(())
    );
    for token in [
        minter.token(),
        minter.token().claim("tenant", "s3cret-tenant"),
    ] {
        let Err(Cause::InvalidToken(detail)) = ask(&verifier, &token.mint()) else {
            panic!()
        };
        let detail = detail.to_string();
        assert!(detail.starts_with("claims cannot be read as "), "{detail}");
        assert!(
            detail.ends_with("Tenant") && !detail.contains("s3cret"),
            "{detail}"
        );
    }
}

#[test]
fn scopes_come_from_scope_or_scp_t15() {
    let (minter, ..) = both();
    let scopes = |token: Token<'_>| {
        let found = pipeline(minter.verifier().unwrap(), &token.mint());
        found.map(|caller| {
            caller
                .grants()
                .scopes()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(scopes(minter.token()).unwrap(), [""; 0]);
    assert_eq!(scopes(minter.token().scope("a b")).unwrap(), ["a", "b"]);
    assert_eq!(scopes(minter.token().scope(" a  b ")).unwrap(), ["a", "b"]);
    assert_eq!(
        scopes(minter.token().claim("scp", "a b")).unwrap(),
        ["a", "b"]
    );
    assert_eq!(
        scopes(minter.token().claim("scp", json!(["a", "b c"]))).unwrap(),
        ["a", "b", "c"]
    );
    assert_eq!(
        scopes(minter.token().scope("a").claim("scp", "b")).unwrap(),
        ["a"]
    );
    for bad in [json!(null), json!(1), json!(["a"]), json!({"a": true})] {
        assert!(scopes(minter.token().claim("scope", bad)).is_err());
    }
    for bad in [json!(null), json!(1), json!(["a", 1]), json!({"a": true})] {
        assert!(scopes(minter.token().claim("scp", bad.clone())).is_err());
        assert!(scopes(minter.token().scope("a").claim("scp", bad)).is_err());
    }
    let caller = pipeline(minter.verifier().unwrap(), &minter.token().mint()).unwrap();
    assert_eq!(caller.grants().expires_at(), Some(NOW + 300));
    assert_eq!(caller.sub, "test-subject");
}

#[test]
fn j14_t9_every_failure_is_answered_401_invalid_token() {
    let (minter, ..) = both();
    let (stranger, ..) = both();
    for (token, description) in [
        (minter.token().expiring_at(NOW).mint(), true),
        (minter.token().claim("nbf", NOW + 1).mint(), false),
        (minter.token().claim("iss", "x").mint(), false),
        (minter.token().audience("x").mint(), false),
        (minter.token().typ("JWT").mint(), false),
        (stranger.token().mint(), false),
        (minter.sign(r#"{"alg":"none"}"#, "{}"), false),
        ("opaque".to_owned(), false),
    ] {
        let (status, challenges, cause) = pipeline(minter.verifier().unwrap(), &token).unwrap_err();
        assert_eq!(status, 401, "{cause}");
        let [challenge] = &challenges[..] else {
            panic!("{challenges:?}")
        };
        assert!(
            challenge.starts_with(r#"Bearer realm="API""#),
            "{challenge}"
        );
        assert!(
            challenge.contains(r#"error="invalid_token""#),
            "{challenge}"
        );
        assert_eq!(
            matches!(cause, Cause::TokenExpired { at: Some(NOW) }),
            description
        );
        assert!(
            token.split('.').all(|part| !challenge.contains(part)),
            "{challenge}"
        );
    }
}

/// A token of good claims but one, which is written just so.
fn written(minter: &TokenMinter, name: &str, value: &str) -> String {
    let mut claims = good_claims();
    claims.as_object_mut().unwrap().remove(name);
    let payload = claims
        .to_string()
        .replacen('{', &format!(r#"{{"{name}":{value},"#), 1);
    minter.sign(r#"{"alg":"HS256","typ":"at+jwt"}"#, &payload)
}

fn grants(verifier: JwtVerifier<Claims>, token: &str) -> Result<Grants, Cause> {
    match pipeline(verifier, token) {
        Ok(caller) => Ok(caller.grants().clone()),
        Err((_, _, cause)) => Err(cause),
    }
}

fn roles(verifier: JwtVerifier<Claims>, token: &str) -> Result<Vec<String>, Cause> {
    Ok(grants(verifier, token)?
        .roles()
        .map(str::to_owned)
        .collect())
}

fn no_roles() -> Result<Vec<String>, Cause> {
    Err(Cause::invalid_token(
        "roles are not an array of strings, or of objects with a value",
    ))
}

/// A wrapper that gives other grants is taken at its word, also where the verifier inside has judged the time.
#[test]
fn grants_that_are_put_upon_a_token_end_when_they_say() {
    struct Until(JwtVerifier<Claims>, u64);
    impl Verifier for Until {
        type Scheme = Bearer;
        type Identity = Claims;
        async fn verify<'r>(
            &'r self,
            token: auth_core::BearerToken<'r>,
            request: &'r RequestView<'r>,
        ) -> Result<auth_core::Verified<Claims>, Cause> {
            let verified = self.0.verify(token, request).await?;
            Ok(verified.with_grants(Grants::none().expiring_at(self.1)))
        }
    }
    #[derive(AuthState)]
    struct Wrapped {
        #[auth(Bearer)]
        tokens: Until,
        #[auth(settings)]
        settings: auth_core::Settings,
    }
    let (minter, _) = minter();
    for (end, admitted) in [(NOW + 1, true), (NOW, false), (NOW - 1000, false)] {
        let app = Wrapped {
            tokens: Until(minter.verifier().unwrap(), end),
            settings: auth_core::Settings::new().with_clock(Clock::manual(NOW).0),
        };
        let request = http::Request::builder()
            .header("Authorization", format!("Bearer {}", minter.token().mint()))
            .body(())
            .unwrap();
        let view = RequestView::of(&request);
        let asked = run(auth_core::http::check::<Api, Authenticated<Claims>, _>(
            &app, view,
        ));
        assert_eq!(asked.is_ok(), admitted, "{end}");
    }
}

#[test]
fn the_grants_tell_which_token_they_come_from() {
    let (minter, _) = minter();
    let token = minter.token().subject("ann");
    let granted = grants(minter.verifier().unwrap(), &token.mint()).unwrap();
    let token = granted.token().unwrap();
    assert_eq!((token.issuer(), token.subject()), (ISS, Some("ann")));
    assert!(token.jti().is_some_and(|jti| !jti.is_empty()));
    assert_eq!(token.issued_at(), Some(NOW));
    assert_eq!(token.expires_at(), Some(NOW + 300));
}

#[test]
fn s2_acr_and_auth_time_tell_how_and_when_the_user_authenticated() {
    let (minter, strict, _) = both();
    let token = minter.token().acr("phr").auth_time(NOW - 60).mint();
    let told = grants(strict, &token).unwrap();
    assert_eq!(
        (told.acr(), told.auth_time()),
        (Some("phr"), Some(NOW - 60))
    );

    let (minter, strict, _) = both();
    let silent = grants(strict, &minter.token().mint()).unwrap();
    assert_eq!((silent.acr(), silent.auth_time()), (None, None));

    // `iat` is when the token was made; a fraction makes no authentication fresher.
    let (minter, strict, _) = both();
    let token = written(&minter, "auth_time", "1759312799.9");
    assert_eq!(grants(strict, &token).unwrap().auth_time(), Some(NOW - 1));
}

#[test]
fn s2_v6_an_acr_is_a_string() {
    let (minter, strict, relaxed) = both();
    for verifier in [&strict, &relaxed] {
        for bad in [
            "null",
            "1",
            "true",
            "[]",
            r#"["phr"]"#,
            r#"{"values":["phr"]}"#,
        ] {
            let token = written(&minter, "acr", bad);
            assert_eq!(
                ask(verifier, &token),
                refused("acr is not a string"),
                "{bad}"
            );
        }
        assert_eq!(ask(verifier, &minter.token().acr("phr").mint()), Ok(()));
    }
}

#[test]
fn v6_roles_are_an_array_of_strings_or_of_scim_objects() {
    let (minter, ..) = both();
    let ask = |token: &str| roles(minter.verifier().unwrap(), token);
    assert_eq!(ask(&minter.token().mint()).unwrap(), [""; 0]);
    let clerk = minter.token().roles(["clerk", "team lead"]);
    assert_eq!(ask(&clerk.mint()).unwrap(), ["clerk", "team lead"]);
    for (good, wanted) in [
        ("[]", &[][..]),
        (r#"["caf\u00e9", "a b"]"#, &["caf\u{e9}", "a b"]),
        (r#"[{"value":"clerk"}]"#, &["clerk"]),
        (
            r#"[{"display":"C","value":"\u0063","primary":true,"type":1}, "d"]"#,
            &["c", "d"],
        ),
    ] {
        let token = written(&minter, "roles", good);
        assert_eq!(ask(&token).unwrap(), wanted, "{good}");
    }
    for bad in [
        "null",
        "1",
        "true",
        "\"admin\"",
        "{}",
        r#"{"value":"admin"}"#,
        r#"["admin", null]"#,
        r#"["admin", 1]"#,
        r#"["admin", ["admin"]]"#,
        r#"["admin", {}]"#,
        r#"[{"value":null}]"#,
        r#"[{"value":["admin"]}]"#,
        r#"[{"Value":"admin"}]"#,
        r#"[{"display":"admin"}]"#,
    ] {
        assert_eq!(ask(&written(&minter, "roles", bad)), no_roles(), "{bad}");
    }
    // J-11: doubled names, however deep.
    let doubled = written(&minter, "roles", r#"[{"value":"a","value":"admin"}]"#);
    assert_eq!(
        ask(&doubled),
        Err(Cause::invalid_token("malformed: payload"))
    );
}

#[test]
fn v6_roles_can_stand_in_another_claim() {
    let (minter, ..) = both();
    let keycloak = |token: &str| {
        let verifier = minter.verifier().unwrap();
        roles(verifier.with_roles_claim(["realm_access", "roles"]), token)
    };
    let realm = |value: &str| written(&minter, "realm_access", value);
    let good = realm(r#"{"roles":["clerk"],"other":{"roles":["admin"]}}"#);
    assert_eq!(keycloak(&good).unwrap(), ["clerk"]);
    // Neither the usual claim nor one of the inner name counts, and they may be anything.
    for elsewhere in ["[\"admin\"]", "\"admin\"", "1", "null"] {
        let token = written(&minter, "roles", elsewhere);
        assert_eq!(keycloak(&token).unwrap(), [""; 0], "{elsewhere}");
    }
    for none in [
        "{}",
        r#"{"Roles":["admin"]}"#,
        r#"{"realm_access":{"roles":["admin"]}}"#,
    ] {
        assert_eq!(keycloak(&realm(none)).unwrap(), [""; 0], "{none}");
    }
    for bad in [
        "null",
        "1",
        "\"admin\"",
        "[]",
        r#"["admin"]"#,
        r#"[{"roles":["admin"]}]"#,
    ] {
        let why = Cause::invalid_token("what holds the roles is no object");
        assert_eq!(keycloak(&realm(bad)), Err(why), "{bad}");
    }
    for bad in ["null", "1", "\"admin\"", "{}", "[1]"] {
        let bad = format!(r#"{{"roles":{bad}}}"#);
        assert_eq!(keycloak(&realm(&bad)), no_roles(), "{bad}");
    }

    // A claim that is read anyway can hold them too; a path may be longer than a token is deep.
    let from = |path: &[&str], token: &str| {
        let verifier = minter.verifier().unwrap();
        roles(verifier.with_roles_claim(path.iter().copied()), token)
    };
    let token = minter.token().claim("scp", json!(["a", "b"])).mint();
    assert_eq!(from(&["scp"], &token).unwrap(), ["a", "b"]);
    assert_eq!(from(&["groups"], &token).unwrap(), [""; 0]);
    assert_eq!(from(&["x"; 1000], &token).unwrap(), [""; 0]);
}

#[test]
fn roles_need_not_be_read() {
    let (minter, ..) = both();
    let verifier = || minter.verifier().unwrap().without_roles();
    for anything in ["[\"admin\"]", "\"admin\"", "null"] {
        let token = written(&minter, "roles", anything);
        assert_eq!(roles(verifier(), &token).unwrap(), [""; 0], "{anything}");
    }
    // Not read, and yet read in full.
    for name in ["roles", ""] {
        let token = written(&minter, name, "1e400");
        let malformed = Err(Cause::invalid_token("malformed: payload"));
        assert_eq!(roles(verifier(), &token), malformed, "{name}");
    }
}

// ---- settings ---------------------------------------------------------------------------------------

#[test]
fn v7_empty_and_contradictory_settings_are_typed_errors() {
    let key = || Key::hs256([7; 32]).unwrap();
    let hs256 = || vec![Algorithm::HS256];
    let new = |iss: &str, aud: &str, algorithms: Vec<Algorithm>, keys: Vec<Key>| {
        JwtVerifier::<Claims>::new(
            Issuer::new(iss),
            Audience::new(aud),
            algorithms,
            keys,
            Revocation::None,
        )
        .map(|_| ())
    };
    assert_eq!(new(ISS, AUD, hs256(), vec![key()]), Ok(()));
    for (found, expected) in [
        (new("", AUD, hs256(), vec![key()]), JwtError::EmptyIssuer),
        (new(" ", AUD, hs256(), vec![key()]), JwtError::EmptyIssuer),
        (new(ISS, "", hs256(), vec![key()]), JwtError::EmptyAudience),
        (
            new(ISS, "\t", hs256(), vec![key()]),
            JwtError::EmptyAudience,
        ),
        (new(ISS, AUD, vec![], vec![key()]), JwtError::NoAlgorithms),
        (new(ISS, AUD, hs256(), vec![]), JwtError::NoKeys),
        (
            new(ISS, AUD, hs256(), vec![key(); 33]),
            JwtError::TooManyKeys,
        ),
        (
            new(ISS, AUD, vec![Algorithm::ES256], vec![key()]),
            JwtError::AlgorithmNotListed(Algorithm::HS256),
        ),
        (
            new(
                ISS,
                AUD,
                vec![Algorithm::HS256, Algorithm::ES256],
                vec![key()],
            ),
            JwtError::AlgorithmWithoutKey(Algorithm::ES256),
        ),
        (
            new(ISS, AUD, hs256(), vec![key().with_kid("k".repeat(257))]),
            JwtError::KidTooLong,
        ),
    ] {
        assert_eq!(found, Err(expected));
    }
    assert_eq!(
        new(ISS, AUD, hs256(), vec![key().with_kid("k".repeat(256)); 32]),
        Ok(())
    );
}

#[test]
fn v28_nothing_prints_a_key_or_a_token() {
    let secret = "correct-horse-battery-staple-and-more";
    let key = Key::hs256(secret).unwrap().with_kid("main");
    let verifier = verifier([Algorithm::HS256], [key.clone()]);
    let minter = TokenMinter::new().unwrap();
    let printed = format!("{key:?} {verifier:?} {minter:?}");
    assert!(printed.contains("HS256") && printed.contains("main"));
    assert!(!printed.contains("horse"), "{printed}");
    let octets = format!("{:?}", secret.as_bytes());
    assert!(
        !printed.contains(octets.trim_matches(['[', ']'])),
        "{printed}"
    );
    assert!(!JwtError::SecretIsPublicKey.to_string().is_empty());
}
