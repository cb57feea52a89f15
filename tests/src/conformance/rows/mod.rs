//! The requests, and what is answered. Each row names the requirements that it proves.

mod bodies;
mod carriers;
mod demands;
mod digests;
mod jwts;
mod keys;
mod passwords;
mod policies;
mod several;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::app::{API_KEY, NARROW_KEY, REVOKED_KEY};
use crate::tokens::{self, NOW, PAST};

/// A request and its answer.
#[derive(Clone)]
pub struct Row {
    pub name: &'static str,
    pub handler: &'static str,
    pub fields: Vec<(&'static str, Vec<u8>)>,
    pub content: &'static str,
    pub expected: Expected,
}

#[derive(Clone, Copy)]
pub enum Expected {
    /// The handler ran, for this caller.
    Admitted(&'static str),
    /// The handler did not run, and the request body was not read.
    Refused {
        status: u16,
        error: &'static str,
        challenges: &'static [&'static str],
    },
}

use Expected::{Admitted, Refused};

const BEARER: &str = r#"Bearer realm="API""#;
const BASIC: &str = r#"Basic realm="Secured area", charset="UTF-8""#;
const API_KEY_CHALLENGE: &str = r#"ApiKey realm="API", in="header", name="X-API-Key""#;

fn row(
    name: &'static str,
    handler: &'static str,
    fields: &[(&'static str, &dyn AsRef<[u8]>)],
    expected: Expected,
) -> Row {
    let fields = fields
        .iter()
        .map(|(name, value)| (*name, value.as_ref().to_vec()))
        .collect();
    Row {
        name,
        handler,
        fields,
        content: "{malformed json",
        expected,
    }
}

fn refused(status: u16, error: &'static str, challenges: &'static [&'static str]) -> Expected {
    Refused {
        status,
        error,
        challenges,
    }
}

/// 401 `authentication_required` with the plain challenge.
fn missing(challenges: &'static [&'static str]) -> Expected {
    refused(401, "authentication_required", challenges)
}

fn invalid_request() -> Expected {
    refused(
        400,
        "invalid_request",
        &[r#"Bearer realm="API", error="invalid_request""#],
    )
}

fn invalid_token() -> Expected {
    refused(
        401,
        "invalid_token",
        &[r#"Bearer realm="API", error="invalid_token", error_description="Token invalid""#],
    )
}

fn basic(pair: impl AsRef<[u8]>) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

fn bearer(token: impl std::fmt::Display) -> String {
    format!("Bearer {token}")
}

const AUTH: &str = "Authorization";
const KEY: &str = "X-API-Key";

/// All rows, to be sent once to a server: credentials of Digest serve once.
#[must_use]
pub fn all() -> Vec<Row> {
    [
        carriers::rows(),
        passwords::rows(),
        keys::rows(),
        jwts::rows(),
        policies::rows(),
        several::rows(),
        demands::rows(),
        digests::rows(),
        bodies::rows(),
    ]
    .concat()
}
