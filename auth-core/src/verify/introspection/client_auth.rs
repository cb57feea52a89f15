//! How this service tells the endpoint who asks (RFC 6749 §2.3, RFC 7523 §2.2).

use core::fmt;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::{IntrospectionError, SigningKey};
use crate::secret::Secret;

/// How long an assertion is good, in seconds: for one call, and clocks that differ a little.
const ASSERTION_TIME: u64 = 60;

/// How this service authenticates itself to the introspection endpoint. RFC 7662 §2.1 demands it: whoever may ask about
/// tokens can try out guesses.
///
/// ```
/// use auth_core::Secret;
/// use auth_core::introspection::ClientAuth;
///
/// # let from_the_environment = || String::from("hunter2");
/// let auth = ClientAuth::basic("orders", Secret::new(from_the_environment()));
/// assert_eq!(format!("{auth:?}"), r#"ClientAuth { client_id: "orders", method: "client_secret_basic", .. }"#);
/// ```
pub struct ClientAuth {
    client_id: Box<str>,
    with: With,
}

enum With {
    Basic(Secret<String>),
    Post(Secret<String>),
    PrivateKey { audience: Box<str>, key: SigningKey },
}

impl ClientAuth {
    /// `client_secret_basic`: id and secret as HTTP Basic credentials, each form-urlencoded first (RFC 6749 §2.3.1), so
    /// that colons and other characters are safe.
    pub fn basic(client_id: impl Into<Box<str>>, secret: Secret<String>) -> Self {
        Self {
            client_id: client_id.into(),
            with: With::Basic(secret),
        }
    }

    /// `client_secret_post`: id and secret in the form. Only for providers that cannot take
    /// [`ClientAuth::basic`] (RFC 6749 §2.3.1).
    pub fn post(client_id: impl Into<Box<str>>, secret: Secret<String>) -> Self {
        Self {
            client_id: client_id.into(),
            with: With::Post(secret),
        }
    }

    /// `private_key_jwt`: an assertion, signed afresh for each call and good for a minute (RFC 7523 §2.2 and §3). No
    /// secret leaves this service.
    ///
    /// `audience` is what the provider wants to read in `aud`: its issuer, or the address of its token or introspection
    /// endpoint.
    pub fn private_key_jwt(
        client_id: impl Into<Box<str>>,
        audience: impl Into<Box<str>>,
        key: SigningKey,
    ) -> Self {
        Self {
            client_id: client_id.into(),
            with: With::PrivateKey {
                audience: audience.into(),
                key,
            },
        }
    }

    pub(super) fn check(&self) -> Result<(), IntrospectionError> {
        if self.client_id.is_empty() {
            return Err(IntrospectionError::EmptyClientId);
        }
        match &self.with {
            With::Basic(secret) | With::Post(secret) if secret.expose().is_empty() => {
                Err(IntrospectionError::EmptySecret)
            }
            With::PrivateKey { audience, .. } if audience.trim().is_empty() => {
                Err(IntrospectionError::EmptyAssertionAudience)
            }
            _ => Ok(()),
        }
    }

    /// The request about a token (RFC 7662 §2.1), but for its address. `now` is in seconds since 1970-01-01T00:00:00Z.
    pub(super) fn request(
        &self,
        token: &str,
        hint: Option<&str>,
        now: u64,
    ) -> Result<Request<Bytes>, Unspecified> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", token);
        if let Some(hint) = hint {
            form.append_pair("token_type_hint", hint);
        }
        let mut authorization = None;
        match &self.with {
            With::Basic(secret) => {
                authorization = Some(self.basic_credentials(secret.expose())?);
            }
            With::Post(secret) => {
                form.append_pair("client_id", &self.client_id);
                form.append_pair("client_secret", secret.expose());
            }
            With::PrivateKey { audience, key } => {
                form.append_pair("client_id", &self.client_id);
                form.append_pair("client_assertion_type", ASSERTION_TYPE);
                let assertion = self.assertion(audience, key, now)?;
                form.append_pair("client_assertion", &assertion);
            }
        }
        let mut request = Request::new(Bytes::from(form.finish()));
        *request.method_mut() = Method::POST;
        let fields = request.headers_mut();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        fields.insert(CONTENT_TYPE, form);
        // Not the signed answers of RFC 9701, which must be asked for.
        fields.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(credentials) = authorization {
            fields.insert(AUTHORIZATION, credentials);
        }
        Ok(request)
    }

    fn basic_credentials(&self, secret: &str) -> Result<HeaderValue, Unspecified> {
        let encoded = |text: &str| -> Zeroizing<String> {
            Zeroizing::new(form_urlencoded::byte_serialize(text.as_bytes()).collect())
        };
        let pair = Zeroizing::new(format!(
            "{}:{}",
            *encoded(&self.client_id),
            *encoded(secret)
        ));
        let credentials = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
        let mut value = HeaderValue::from_str(&credentials).map_err(|_| Unspecified)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// RFC 7523 §3: who, for whom, until when, and a name that is used once.
    fn assertion(&self, audience: &str, key: &SigningKey, now: u64) -> Result<String, Unspecified> {
        let mut jti = [0; 16];
        rand::fill(&mut jti)?;
        let mut header = serde_json::json!({"alg": key.algorithm().name(), "typ": "JWT"});
        if let (Some(kid), Some(header)) = (key.kid(), header.as_object_mut()) {
            header.insert("kid".to_owned(), kid.into());
        }
        let claims = serde_json::json!({
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": audience,
            "jti": URL_SAFE_NO_PAD.encode(jti),
            "iat": now,
            "exp": now.saturating_add(ASSERTION_TIME),
        });
        let message = [header, claims]
            .map(|part| URL_SAFE_NO_PAD.encode(part.to_string()))
            .join(".");
        let signature = key.sign(message.as_bytes())?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn method(&self) -> &'static str {
        match self.with {
            With::Basic(_) => "client_secret_basic",
            With::Post(_) => "client_secret_post",
            With::PrivateKey { .. } => "private_key_jwt",
        }
    }
}

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Prints no secret.
impl fmt::Debug for ClientAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientAuth")
            .field("client_id", &self.client_id)
            .field("method", &self.method())
            .finish_non_exhaustive()
    }
}
