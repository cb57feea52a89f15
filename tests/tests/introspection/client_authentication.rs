//! How this service says who asks, as it goes over the wire (I-1, RFC 6749 §2.3.1, RFC 7523).

use auth_core::introspection::{ClientAuth, Introspection, SigningKey};
use auth_core::jwt::{Algorithm, Audience};
use auth_core::outbound::PlainHttp;
use auth_core::{Revocation, Secret};
use auth_tests::introspector::{Asked, Introspector};
use auth_tests::tokens::{AUDIENCE, NOW};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{DecodingKey, Validation};

use super::{Claims, Service, TOKEN};

const PROVIDER: &str = "https://login.example";

/// What a real endpoint is sent by the client that comes along, one request for each token.
async fn wire(auth: ClientAuth, tokens: &[&str]) -> Vec<Asked> {
    let endpoint = Introspector::default();
    let address = endpoint.listen().await;
    let builder =
        Introspection::<Claims>::builder(address, auth, Audience::new(AUDIENCE), Revocation::None);
    let service = Service::of(endpoint, builder.with_plain_http(PlainHttp::OnLoopback));
    for token in tokens {
        assert_eq!(service.status(token).await, 200);
    }
    service.endpoint.asked()
}

async fn once(auth: ClientAuth) -> Asked {
    wire(auth, &[TOKEN]).await.remove(0)
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

#[tokio::test]
async fn i1_basic_is_form_urlencoded_first() {
    for (id, password, pair) in [
        ("orders", "hunter2", "orders:hunter2"),
        ("a:b", "c:d", "a%3Ab:c%3Ad"),
        ("a b", "+%&=/?", "a+b:%2B%25%26%3D%2F%3F"),
        ("caf\u{e9}", "\u{a3}\"\\", "caf%C3%A9:%C2%A3%22%5C"),
        (
            "https://me.example",
            "a-b_c.d*e~f",
            "https%3A%2F%2Fme.example:a-b_c.d*e%7Ef",
        ),
    ] {
        let asked = once(ClientAuth::basic(id, secret(password))).await;
        let credentials = asked.field("authorization").unwrap();
        let credentials = credentials.strip_prefix("Basic ").unwrap();
        assert_eq!(STANDARD.decode(credentials).unwrap(), pair.as_bytes());
        // RFC 6749 §2.3: one method for each request.
        assert_eq!(asked.names(), ["token"]);
        assert_eq!(asked.form["token"], TOKEN);
        assert_eq!(
            (asked.method.as_str(), asked.uri.as_str()),
            ("POST", "/introspect")
        );
    }
}

#[tokio::test]
async fn i1_post_puts_both_into_the_form() {
    for (id, password) in [("orders", "hunter2"), ("a&b=c", "+% \u{e9}&token=x")] {
        let asked = once(ClientAuth::post(id, secret(password))).await;
        assert_eq!(asked.names(), ["client_id", "client_secret", "token"]);
        assert_eq!(asked.form["client_id"], id);
        assert_eq!(asked.form["client_secret"], password);
        assert_eq!(asked.form["token"], TOKEN);
        assert_eq!(asked.field("authorization"), None);
    }
}

#[derive(Debug, serde::Deserialize)]
struct Assertion {
    iss: String,
    sub: String,
    aud: String,
    jti: String,
    iat: u64,
    exp: u64,
}

fn pem(der: &[u8]) -> String {
    format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der)
    )
}

fn rsa() -> (String, DecodingKey) {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let public = DecodingKey::from_rsa_der(pair.public_key().as_ref());
    (pem(der.as_ref()), public)
}

fn ec(algorithm: &'static aws_lc_rs::signature::EcdsaSigningAlgorithm) -> (String, DecodingKey) {
    let pair = EcdsaKeyPair::generate(algorithm).unwrap();
    let der = pair.to_pkcs8v1().unwrap();
    let public = DecodingKey::from_ec_der(pair.public_key().as_ref());
    (pem(der.as_ref()), public)
}

fn ed() -> (String, DecodingKey) {
    let pair = Ed25519KeyPair::generate().unwrap();
    let der = pair.to_pkcs8v1().unwrap();
    let public = DecodingKey::from_ed_der(pair.public_key().as_ref());
    (pem(der.as_ref()), public)
}

/// The claims, if another implementation of JOSE finds the signature good.
fn read(
    assertion: &str,
    algorithm: jsonwebtoken::Algorithm,
    key: &DecodingKey,
) -> Option<Assertion> {
    let mut rules = Validation::new(algorithm);
    rules.validate_exp = false; // the clock of these tests stands still
    rules.set_audience(&[PROVIDER]);
    jsonwebtoken::decode(assertion, key, &rules)
        .ok()
        .map(|read| read.claims)
}

#[tokio::test]
async fn i1_private_key_jwt_is_signed_afresh_for_each_call() {
    use jsonwebtoken::Algorithm as Theirs;
    let (rsa_pem, rsa_key) = rsa();
    let (p256_pem, p256_key) = ec(&ECDSA_P256_SHA256_FIXED_SIGNING);
    let (p384_pem, p384_key) = ec(&ECDSA_P384_SHA384_FIXED_SIGNING);
    let (ed_pem, ed_key) = ed();
    let (_, other) = ec(&ECDSA_P256_SHA256_FIXED_SIGNING);
    for (ours, theirs, pem, key) in [
        (Algorithm::RS256, Theirs::RS256, &rsa_pem, &rsa_key),
        (Algorithm::PS256, Theirs::PS256, &rsa_pem, &rsa_key),
        (Algorithm::ES256, Theirs::ES256, &p256_pem, &p256_key),
        (Algorithm::ES384, Theirs::ES384, &p384_pem, &p384_key),
        (Algorithm::EdDSA, Theirs::EdDSA, &ed_pem, &ed_key),
    ] {
        let signing = SigningKey::from_pem(ours, pem).unwrap().with_kid("k-1");
        let auth = ClientAuth::private_key_jwt("or:ders", PROVIDER, signing);
        let asked = wire(auth, &["one", "two"]).await;
        let mut names = Vec::new();
        for asked in &asked {
            assert_eq!(
                asked.names(),
                [
                    "client_assertion",
                    "client_assertion_type",
                    "client_id",
                    "token"
                ]
            );
            assert_eq!(asked.field("authorization"), None);
            assert_eq!(asked.form["client_id"], "or:ders");
            assert_eq!(
                asked.form["client_assertion_type"],
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            );
            let assertion = &asked.form["client_assertion"];
            let header = jsonwebtoken::decode_header(assertion).unwrap();
            assert_eq!(header.kid.as_deref(), Some("k-1"));
            assert!(read(assertion, theirs, &other).is_none(), "another key");
            let claims = read(assertion, theirs, key).unwrap();
            assert_eq!(
                (claims.iss.as_str(), claims.sub.as_str()),
                ("or:ders", "or:ders")
            );
            assert_eq!(claims.aud, PROVIDER);
            assert_eq!((claims.iat, claims.exp), (NOW, NOW + 60));
            names.push(claims.jti);
        }
        assert_eq!(names.len(), 2);
        assert_ne!(names[0], names[1], "no name is used twice");
        assert!(names.iter().all(|jti| jti.len() >= 20));
    }
}
