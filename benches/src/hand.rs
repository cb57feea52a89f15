//! What people write without this project: extractors that find the field, strip the scheme and look
//! the rest up. They check less (letter case of the scheme, doubled fields, grammar, length) and answer
//! a bare 401.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::header::AUTHORIZATION;
use http::request::Parts;
use jsonwebtoken::{DecodingKey, Validation, decode};
use sha2::{Digest as _, Sha256};

use crate::app::{App, User};
use crate::jwt::{Claims, JwtApp};
use crate::request::X_API_KEY;

/// An opaque token's user.
#[derive(Debug)]
pub struct Token(pub Arc<User>);

/// An API key's user.
#[derive(Debug)]
pub struct Key(pub Arc<User>);

/// A JWT's claims.
#[derive(Debug)]
pub struct Jwt(pub Claims);

/// What the extractor of JWTs needs.
#[derive(Debug)]
pub struct JwtSettings {
    pub(crate) key: DecodingKey,
    pub(crate) validation: Validation,
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ")
}

impl FromRequestParts<Arc<App>> for Token {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, StatusCode> {
        bearer(parts)
            .and_then(|token| app.users.get(token))
            .map(|user| Self(Arc::clone(user)))
            .ok_or(StatusCode::UNAUTHORIZED)
    }
}

impl FromRequestParts<Arc<App>> for Key {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, StatusCode> {
        parts
            .headers
            .get(&X_API_KEY)
            .and_then(|key| {
                let hash: [u8; 32] = Sha256::digest(key.as_bytes()).into();
                app.owners.get(&hash)
            })
            .map(|user| Self(Arc::clone(user)))
            .ok_or(StatusCode::UNAUTHORIZED)
    }
}

impl FromRequestParts<Arc<JwtApp>> for Jwt {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<JwtApp>) -> Result<Self, StatusCode> {
        let token = bearer(parts).ok_or(StatusCode::UNAUTHORIZED)?;
        decode(token, &app.by_hand.key, &app.by_hand.validation)
            .map(|token| Self(token.claims))
            .map_err(|_| StatusCode::UNAUTHORIZED)
    }
}
