//! Tokens in the making: a good one, of which one thing is changed.

use std::sync::atomic::{AtomicU64, Ordering};

use auth_tests::provider::{Signer, claims};
use auth_tests::tokens::encoded;
use serde_json::Value;

use super::{ISSUER, PARTNER, keys};

/// A token that is not signed yet. Names and values are kept as they will be written, so that they can be odd.
#[derive(Clone)]
pub struct Draft {
    header: Members,
    claims: Members,
    payload: Option<Vec<u8>>,
    signed: Signed,
}

#[derive(Clone)]
enum Signed {
    By(&'static Signer, &'static str),
    Hmac(Vec<u8>),
    /// These octets, whatever they are.
    With(Vec<u8>),
}

#[derive(Clone)]
struct Members(Vec<(String, String)>);

/// A good access token by the key `es-1`. Each has a `jti` of its own.
pub fn good() -> Draft {
    by(&keys().es)
}

/// A good access token by another key of the issuer.
pub fn by(signer: &'static Signer) -> Draft {
    of(ISSUER, signer)
}

/// A good access token of the partner.
pub fn partners() -> Draft {
    of(PARTNER, &keys().partner)
}

pub fn of(issuer: &str, signer: &'static Signer) -> Draft {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let jti = COUNT.fetch_add(1, Ordering::Relaxed);
    Draft {
        header: Members::of(&signer.header()),
        claims: Members::of(&claims(issuer)),
        payload: None,
        signed: Signed::By(signer, signer.alg()),
    }
    .claim("jti", format!("t-{jti}"))
}

impl Draft {
    pub fn header(self, name: &str, value: impl Into<Value>) -> Self {
        self.header_written(name, &value.into().to_string())
    }

    /// The value as it stands in the JSON.
    pub fn header_written(mut self, name: &str, value: &str) -> Self {
        self.header.set(name, value);
        self
    }

    /// One more parameter in front, whatever its name is; with the backslashes that shall stand there.
    pub fn header_first(mut self, name: &str, value: &str) -> Self {
        self.header.0.insert(0, (name.to_owned(), value.to_owned()));
        self
    }

    pub fn without_header(mut self, name: &str) -> Self {
        self.header.0.retain(|(found, _)| found != name);
        self
    }

    pub fn claim(self, name: &str, value: impl Into<Value>) -> Self {
        self.claim_written(name, &value.into().to_string())
    }

    pub fn claim_written(mut self, name: &str, value: &str) -> Self {
        self.claims.set(name, value);
        self
    }

    pub fn claim_first(mut self, name: &str, value: &str) -> Self {
        self.claims.0.insert(0, (name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.claims.0.retain(|(found, _)| found != name);
        self
    }

    /// These octets instead of the claims.
    pub fn payload(mut self, payload: impl AsRef<[u8]>) -> Self {
        self.payload = Some(payload.as_ref().to_vec());
        self
    }

    /// The claims as they will be written.
    pub fn claims(&self) -> String {
        self.claims.text()
    }

    /// The header stays as it is.
    pub fn signed_by(self, signer: &'static Signer) -> Self {
        self.signed_as(signer, signer.alg())
    }

    /// The header stays as it is.
    pub fn signed_as(mut self, signer: &'static Signer, alg: &'static str) -> Self {
        self.signed = Signed::By(signer, alg);
        self
    }

    /// HMAC-SHA-256 with these octets; the header stays as it is.
    pub fn hmac(mut self, secret: impl AsRef<[u8]>) -> Self {
        self.signed = Signed::Hmac(secret.as_ref().to_vec());
        self
    }

    pub fn signature(mut self, octets: impl AsRef<[u8]>) -> Self {
        self.signed = Signed::With(octets.as_ref().to_vec());
        self
    }

    pub fn token(&self) -> String {
        self.parts().join(".")
    }

    /// The three segments.
    pub fn parts(&self) -> [String; 3] {
        let payload = self.payload.clone();
        let payload = payload.unwrap_or_else(|| self.claims().into_bytes());
        let [header, payload] = [encoded(self.header.text()), encoded(payload)];
        let input = format!("{header}.{payload}");
        let signature = match &self.signed {
            Signed::By(signer, alg) => signer.signature(alg, input.as_bytes()),
            Signed::Hmac(secret) => {
                let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
                aws_lc_rs::hmac::sign(&key, input.as_bytes())
                    .as_ref()
                    .to_vec()
            }
            Signed::With(octets) => octets.clone(),
        };
        [header, payload, encoded(signature)]
    }
}

impl Members {
    fn of(object: &Value) -> Self {
        let members = object.as_object().unwrap().iter();
        Self(
            members
                .map(|(name, value)| (name.clone(), value.to_string()))
                .collect(),
        )
    }

    fn set(&mut self, name: &str, value: &str) {
        match self.0.iter_mut().find(|(found, _)| found == name) {
            Some((_, found)) => value.clone_into(found),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
    }

    fn text(&self) -> String {
        let members = self.0.iter();
        let members: Vec<_> = members
            .map(|(name, value)| format!(r#""{name}":{value}"#))
            .collect();
        format!("{{{}}}", members.join(","))
    }
}
