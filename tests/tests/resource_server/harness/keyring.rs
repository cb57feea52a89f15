//! The key pairs of the issuers, of strangers, and what is published of them.

use std::sync::LazyLock;

use auth_tests::provider::Signer;
use auth_tests::tokens::{SECRET, encoded};
use serde_json::{Value, json};

/// What there are of key pairs, each with the kid that begins with its name here.
pub struct Keys {
    pub es: Signer,
    /// Another one of the same kind: the issuer rotates.
    pub es_next: Signer,
    pub es384: Signer,
    pub rs: Signer,
    pub ps: Signer,
    pub ed: Signer,
    /// Two of one kid.
    pub twins: [Signer; 2],
    /// Two of one kid, and of two kinds.
    pub shared: [Signer; 2],
    /// Published without `alg`.
    pub bare: Signer,
    /// Published for something else than signatures.
    pub encrypting: Signer,
    pub wrapping: Signer,
    /// It signs RS256, and is published for PS256.
    pub elsewise: Signer,
    pub partner: Signer,
    /// Nobody publishes them.
    pub strangers: [Signer; 3],
}

pub fn keys() -> &'static Keys {
    static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys {
        es: Signer::new("ES256", "es-1"),
        es_next: Signer::new("ES256", "es-2"),
        es384: Signer::new("ES384", "es384-1"),
        rs: Signer::new("RS256", "rs-1"),
        ps: Signer::new("PS256", "ps-1"),
        ed: Signer::new("EdDSA", "ed-1"),
        twins: ["ES256", "ES256"].map(|alg| Signer::new(alg, "twin")),
        shared: ["ES256", "RS256"].map(|alg| Signer::new(alg, "shared")),
        bare: Signer::new("RS256", "bare"),
        encrypting: Signer::new("ES256", "encrypting"),
        wrapping: Signer::new("EdDSA", "wrapping"),
        elsewise: Signer::new("RS256", "elsewise"),
        partner: Signer::new("ES256", "partner-1"),
        strangers: [("ES256", "es-1"), ("RS256", "rs-1"), ("EdDSA", "ed-1")]
            .map(|(alg, kid)| Signer::new(alg, kid)),
    });
    &KEYS
}

impl Keys {
    /// One of each algorithm.
    pub fn each(&'static self) -> [&'static Signer; 5] {
        [&self.es, &self.es384, &self.rs, &self.ps, &self.ed]
    }

    /// All of the issuer's.
    pub fn all(&'static self) -> Vec<&'static Signer> {
        let mut all = self.each().to_vec();
        all.extend([
            &self.es_next,
            &self.bare,
            &self.encrypting,
            &self.wrapping,
            &self.elsewise,
        ]);
        all.extend(self.twins.iter().chain(&self.shared));
        all
    }

    /// What the issuer publishes: not all of it can be used.
    pub fn published(&self) -> Vec<Value> {
        let mut keys: Vec<Value> = [
            &self.es,
            &self.es_next,
            &self.es384,
            &self.rs,
            &self.ps,
            &self.ed,
        ]
        .into_iter()
        .chain(&self.twins)
        .chain(&self.shared)
        .map(Signer::jwk)
        .collect();
        keys.extend([
            self.bare.jwk_but("alg", Value::Null),
            self.encrypting.jwk_but("use", json!("enc")),
            self.wrapping.jwk_but("key_ops", json!(["wrapKey"])),
            self.elsewise.jwk_but("alg", json!("PS256")),
            json!({"kty": "RSA", "alg": "RS256", "kid": "weak", "n": encoded([0xff; 128]), "e": "AQAB"}),
            json!({"kty": "oct", "alg": "HS256", "kid": "secret", "k": encoded(SECRET)}),
            json!({"kty": "unheard of", "kid": "new"}),
            json!(null),
        ]);
        keys.extend(crate::table::keys::of_rfcs());
        keys
    }
}
