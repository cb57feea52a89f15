//! A client of Digest that says whatever a test wants, and computes apart from the library.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, SHA512_256, digest};
use http::{Response, header};
use md5::Digest as _;

/// What a client knows, and what it is about to ask for.
#[derive(Clone)]
pub struct Client {
    pub user: String,
    pub password: String,
    /// As in the challenge, with `-sess` or without.
    pub algorithm: String,
    pub realm: String,
    pub nonce: String,
    pub nc: String,
    pub cnonce: String,
    /// The `cnonce` in A1 of a session.
    pub session_cnonce: Option<String>,
    pub qop: &'static str,
    pub method: String,
    pub uri: String,
    pub content: Vec<u8>,
}

impl Client {
    /// The first answer to this challenge.
    #[must_use]
    pub fn of(challenge: &str, user: &str, password: &str) -> Self {
        let param = |name| param(challenge, name).unwrap_or_else(|| panic!("{name}: {challenge}"));
        Self {
            user: user.to_owned(),
            password: password.to_owned(),
            algorithm: param("algorithm"),
            realm: param("realm"),
            nonce: param("nonce"),
            nc: "00000001".to_owned(),
            cnonce: "0a4f113b".to_owned(),
            session_cnonce: None,
            qop: "auth",
            method: "GET".to_owned(),
            uri: "/".to_owned(),
            content: Vec::new(),
        }
    }

    #[must_use]
    pub fn asking(mut self, method: &str, uri: &str) -> Self {
        (self.method, self.uri) = (method.to_owned(), uri.to_owned());
        self
    }

    #[must_use]
    pub fn counting(mut self, nc: u32) -> Self {
        self.nc = format!("{nc:08x}");
        self
    }

    /// With `auth-int`.
    #[must_use]
    pub fn covering(mut self, content: impl AsRef<[u8]>) -> Self {
        self.qop = "auth-int";
        self.content = content.as_ref().to_vec();
        self
    }

    fn h(&self, text: impl AsRef<[u8]>) -> String {
        hash(&self.algorithm, text.as_ref())
    }

    fn a1(&self) -> String {
        let Self {
            user,
            realm,
            password,
            nonce,
            cnonce,
            ..
        } = self;
        let a1 = self.h(format!("{user}:{realm}:{password}"));
        if self.algorithm.ends_with("-sess") {
            let cnonce = self.session_cnonce.as_ref().unwrap_or(cnonce);
            return self.h(format!("{a1}:{nonce}:{cnonce}"));
        }
        a1
    }

    fn proof(&self, method: &str, content: &[u8]) -> String {
        let Self {
            uri,
            nonce,
            nc,
            cnonce,
            qop,
            ..
        } = self;
        let a1 = self.a1();
        let a2 = match *qop {
            "auth-int" => self.h(format!("{method}:{uri}:{}", self.h(content))),
            _ => self.h(format!("{method}:{uri}")),
        };
        self.h(format!("{a1}:{nonce}:{nc}:{cnonce}:{qop}:{a2}"))
    }

    /// RFC 7616 §3.4.1.
    #[must_use]
    pub fn response(&self) -> String {
        self.proof(&self.method, &self.content)
    }

    /// RFC 2617's form for clients of RFC 2069: without `qop`, `nc` and `cnonce`.
    #[must_use]
    pub fn old_response(&self) -> String {
        let a2 = self.h(format!("{}:{}", self.method, self.uri));
        self.h(format!("{}:{}:{a2}", self.a1(), self.nonce))
    }

    /// RFC 7616 §3.5: what the server has to prove, for an answer of this content.
    #[must_use]
    pub fn rspauth(&self, content: impl AsRef<[u8]>) -> String {
        self.proof("", content.as_ref())
    }

    /// RFC 7616 §3.4.4.
    #[must_use]
    pub fn user_hash(&self) -> String {
        self.h(format!("{}:{}", self.user, self.realm))
    }

    /// `Authentication-Info` as it has to be, for an answer of this content.
    #[must_use]
    pub fn info(&self, content: impl AsRef<[u8]>) -> String {
        format!(
            "rspauth=\"{}\", qop={}, cnonce=\"{}\", nc={}",
            self.rspauth(content),
            self.qop,
            self.cnonce,
            self.nc
        )
    }

    #[must_use]
    pub fn params(&self) -> Params {
        let quoted = |text: &str| format!("\"{text}\"");
        Params(
            [
                ("username", quoted(&self.user)),
                ("realm", quoted(&self.realm)),
                ("uri", quoted(&self.uri)),
                ("algorithm", self.algorithm.clone()),
                ("nonce", quoted(&self.nonce)),
                ("nc", self.nc.clone()),
                ("cnonce", quoted(&self.cnonce)),
                ("qop", self.qop.to_owned()),
                ("response", quoted(&self.response())),
            ]
            .map(|(name, value)| (name.to_owned(), value.into_bytes()))
            .to_vec(),
        )
    }
}

/// The parameters as they are written, quotes included.
#[derive(Clone)]
pub struct Params(Vec<(String, Vec<u8>)>);

impl Params {
    #[must_use]
    pub fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let value = value.as_ref().to_vec();
        match self.0.iter_mut().find(|(present, _)| present == name) {
            Some((_, place)) => *place = value,
            None => self.0.push((name.to_owned(), value)),
        }
        self
    }

    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(present, _)| present != name);
        self
    }

    /// As it is written.
    #[must_use]
    pub fn get(&self, name: &str) -> &[u8] {
        let mut params = self.0.iter();
        &params.find(|(present, _)| present == name).unwrap().1
    }

    /// Whether or not there is one already.
    #[must_use]
    pub fn and(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.0.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    #[must_use]
    pub fn field(&self) -> Vec<u8> {
        let params = self.0.iter().map(|(name, value)| {
            let mut param = format!("{name}=").into_bytes();
            param.extend(value);
            param
        });
        [
            b"Digest ".to_vec(),
            params.collect::<Vec<_>>().join(&b", "[..]),
        ]
        .concat()
    }
}

/// A parameter of a challenge; none here holds a comma or an escape but `qop`.
#[must_use]
pub fn param(challenge: &str, name: &str) -> Option<String> {
    let start = challenge.find(&format!(" {name}="))? + name.len() + 2;
    let value = challenge.get(start..)?;
    let value = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => value.split(',').next()?,
    };
    Some(value.to_owned())
}

/// The field lines of the challenges.
#[must_use]
pub fn challenges<B>(response: &Response<B>) -> Vec<String> {
    let lines = response.headers().get_all(header::WWW_AUTHENTICATE);
    lines
        .iter()
        .map(|line| line.to_str().unwrap().to_owned())
        .collect()
}

/// Hexadecimal digits, by the algorithm or the one that it varies.
#[must_use]
pub fn hash(algorithm: &str, text: &[u8]) -> String {
    let octets = match algorithm.trim_end_matches("-sess") {
        "MD5" => md5::Md5::digest(text).to_vec(),
        "SHA-256" => digest(&SHA256, text).as_ref().to_vec(),
        "SHA-512-256" => digest(&SHA512_256, text).as_ref().to_vec(),
        other => panic!("{other}"),
    };
    octets.iter().fold(String::new(), |mut digits, octet| {
        write!(digits, "{octet:02x}").unwrap();
        digits
    })
}
