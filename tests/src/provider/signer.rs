//! Key pairs that are made at run time, and the tokens that they sign.

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{self, KeySize};
use aws_lc_rs::signature::{
    self, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    Ed25519KeyPair, KeyPair as _,
};
use serde_json::{Value, json};

use crate::tokens::{AUDIENCE, NOW, encoded};

/// A key pair with a name, for one algorithm.
pub struct Signer {
    alg: &'static str,
    kid: String,
    pair: Pair,
}

enum Pair {
    Rsa(Box<rsa::KeyPair>),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl Signer {
    /// A fresh pair for RS256, PS256, ES256, ES384 or `EdDSA`.
    #[must_use]
    pub fn new(alg: &'static str, kid: &str) -> Self {
        let pair = match alg {
            "RS256" | "PS256" => {
                Pair::Rsa(Box::new(rsa::KeyPair::generate(KeySize::Rsa2048).unwrap()))
            }
            "ES256" => Pair::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()),
            "ES384" => Pair::Ec(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap()),
            "EdDSA" => Pair::Ed(Ed25519KeyPair::generate().unwrap()),
            other => panic!("{other}"),
        };
        Self {
            alg,
            kid: kid.to_owned(),
            pair,
        }
    }

    /// One pair of each kind, named after its algorithm.
    #[must_use]
    pub fn all() -> [Self; 5] {
        ["RS256", "PS256", "ES256", "ES384", "EdDSA"].map(|alg| Self::new(alg, alg))
    }

    #[must_use]
    pub fn alg(&self) -> &'static str {
        self.alg
    }

    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half.
    #[must_use]
    pub fn jwk(&self) -> Value {
        let mut jwk = match &self.pair {
            Pair::Rsa(pair) => {
                let public = pair.public_key();
                let modulus = public.modulus().big_endian_without_leading_zero();
                let exponent = public.exponent().big_endian_without_leading_zero();
                json!({"kty": "RSA", "n": encoded(modulus), "e": encoded(exponent)})
            }
            Pair::Ec(pair) => {
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                let crv = if self.alg == "ES256" {
                    "P-256"
                } else {
                    "P-384"
                };
                json!({"kty": "EC", "crv": crv, "x": encoded(x), "y": encoded(y)})
            }
            Pair::Ed(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": encoded(pair.public_key())})
            }
        };
        jwk["kid"] = json!(self.kid);
        jwk["alg"] = json!(self.alg);
        jwk["use"] = json!("sig");
        jwk
    }

    /// The public half, but for one member, which is left out where it is null.
    #[must_use]
    pub fn jwk_but(&self, name: &str, value: Value) -> Value {
        let mut jwk = self.jwk();
        if value.is_null() {
            jwk.as_object_mut().unwrap().remove(name);
        } else {
            jwk[name] = value;
        }
        jwk
    }

    /// A good access token of this issuer, for a month.
    #[must_use]
    pub fn token(&self, issuer: &str) -> String {
        self.sign(&self.header(), &claims(issuer))
    }

    #[must_use]
    pub fn header(&self) -> Value {
        json!({"alg": self.alg, "typ": "at+jwt", "kid": self.kid})
    }

    /// The header, but for one parameter, which is left out where it is null.
    #[must_use]
    pub fn header_but(&self, name: &str, value: Value) -> Value {
        let mut header = self.header();
        if value.is_null() {
            header.as_object_mut().unwrap().remove(name);
        } else {
            header[name] = value;
        }
        header
    }

    #[must_use]
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let parts = [header, claims].map(|part| encoded(part.to_string()));
        let input = parts.join(".");
        let signature = self.signature(self.alg, input.as_bytes());
        format!("{input}.{}", encoded(signature))
    }

    /// The public key as `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7), in DER.
    #[must_use]
    pub fn spki(&self) -> Vec<u8> {
        let der: PublicKeyX509Der<'_> = match &self.pair {
            Pair::Rsa(pair) => pair.public_key().as_der().unwrap(),
            Pair::Ec(pair) => pair.public_key().as_der().unwrap(),
            Pair::Ed(pair) => pair.public_key().as_der().unwrap(),
        };
        der.as_ref().to_vec()
    }

    /// What the key signs; `alg` matters to RSA keys, which serve several.
    #[must_use]
    pub fn signature(&self, alg: &str, input: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let padding: &'static dyn signature::RsaEncoding = match alg {
                    "RS256" => &signature::RSA_PKCS1_SHA256,
                    _ => &signature::RSA_PSS_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, input, &mut signature).unwrap();
                signature
            }
            Pair::Ec(pair) => pair.sign(&random, input).unwrap().as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(input).as_ref().to_vec(),
        }
    }
}

/// Good claims of an access token of this issuer, for a month.
#[must_use]
pub fn claims(issuer: &str) -> Value {
    json!({
        "iss": issuer, "aud": AUDIENCE, "sub": "ada", "client_id": "web", "jti": "t-1",
        "iat": NOW - 10, "exp": NOW + 30 * 24 * 3600, "scope": "orders:read",
    })
}
