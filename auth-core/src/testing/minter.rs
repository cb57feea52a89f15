//! Tokens for the real JWT verifier.

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::{hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::Revocation;
use crate::clock::Clock;
use crate::jwt::{Algorithm, Audience, Issuer, JwtError, JwtVerifier, Key};

/// Mints tokens with a fresh random key, and makes the real [`JwtVerifier`] that trusts it.
///
/// ```
/// use auth_core::testing::TokenMinter;
/// use auth_core::{Authenticated, AuthState, Cause, JwtVerifier, RequestView, auth_policy};
///
/// #[derive(Clone, serde::Deserialize)]
/// struct Claims {
///     sub: String,
/// }
///
/// #[auth_policy(scheme = "Bearer", realm = "API", scope = "orders:read")]
/// pub struct Api;
///
/// #[derive(AuthState)]
/// struct App {
///     #[auth(Bearer)]
///     tokens: JwtVerifier<Claims>,
/// }
///
/// # fn run<F: Future>(f: F) -> F::Output {
/// #     let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
/// #     match std::pin::pin!(f).poll(&mut cx) {
/// #         std::task::Poll::Ready(output) => output,
/// #         std::task::Poll::Pending => unreachable!(),
/// #     }
/// # }
/// # run(async {
/// let minter = TokenMinter::new()?;
/// let app = App { tokens: minter.verifier()? };
/// let ask = async |token: String| {
///     let request = http::Request::builder()
///         .header("Authorization", format!("Bearer {token}"))
///         .body(())
///         .unwrap();
///     auth_core::http::check::<Api, Authenticated<Claims>, _>(&app, RequestView::of(&request)).await
/// };
///
/// let ann = minter.token().subject("ann").scope("orders:read");
/// assert_eq!(ask(ann.mint()).await.unwrap().sub, "ann");
///
/// let late = minter.token().scope("orders:read").expiring_at(1_759_312_800);
/// let refusal = ask(late.mint()).await.unwrap_err();
/// assert_eq!(refusal.cause(), &Cause::TokenExpired { at: Some(1_759_312_800) });
/// # Ok::<(), auth_core::jwt::JwtError>(())
/// # }).unwrap();
/// ```
pub struct TokenMinter {
    signing: hmac::Key,
    checking: Key,
    issuer: Issuer,
    audience: Audience,
    clock: Clock,
    minted: AtomicU64,
}

impl TokenMinter {
    /// A minter with a random HS256 key, an issuer and an audience under the name `test`, and the
    /// clock of the system.
    ///
    /// # Errors
    /// [`JwtError::NoRandomness`] if the system has none.
    pub fn new() -> Result<Self, JwtError> {
        let mut secret = Zeroizing::new([0; 32]);
        rand::fill(secret.as_mut_slice()).map_err(|_| JwtError::NoRandomness)?;
        Ok(Self {
            signing: hmac::Key::new(hmac::HMAC_SHA256, secret.as_slice()),
            checking: Key::hs256(secret.as_slice())?,
            issuer: Issuer::new("https://issuer.test"),
            audience: Audience::new("https://api.test"),
            clock: Clock::system(),
            minted: AtomicU64::new(0),
        })
    }

    /// Mints, and makes verifiers, in the name of another issuer.
    #[must_use]
    pub fn with_issuer(mut self, issuer: Issuer) -> Self {
        self.issuer = issuer;
        self
    }

    /// Mints, and makes verifiers, for another audience.
    #[must_use]
    pub fn with_audience(mut self, audience: Audience) -> Self {
        self.audience = audience;
        self
    }

    /// Dates tokens by another clock, which its verifiers ask as well.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The real verifier, trusting this minter's key: with its issuer, audience and clock.
    ///
    /// # Errors
    /// If the issuer or the audience is empty.
    pub fn verifier<Claims>(&self) -> Result<JwtVerifier<Claims>, JwtError> {
        let verifier = JwtVerifier::new(
            self.issuer.clone(),
            self.audience.clone(),
            [Algorithm::HS256],
            [self.checking.clone()],
            Revocation::None,
        )?;
        Ok(verifier.with_clock(self.clock.clone()))
    }

    /// The key alone, for a verifier with other settings; its algorithm is [`Algorithm::HS256`].
    #[must_use]
    pub fn key(&self) -> Key {
        self.checking.clone()
    }

    /// An access token as RFC 9068 wants it: of five minutes, for the subject `test-subject`, without
    /// scopes. Change what the test is about, then [`mint`](Token::mint) it.
    pub fn token(&self) -> Token<'_> {
        let now = self.clock.unix_seconds();
        let count = self.minted.fetch_add(1, Ordering::Relaxed);
        let token = Token {
            minter: self,
            typ: Some("at+jwt".to_owned()),
            claims: Map::new(),
        };
        token
            .claim("iss", self.issuer.as_str())
            .claim("aud", self.audience.as_str())
            .claim("sub", "test-subject")
            .claim("client_id", "test-client")
            .claim("jti", format!("test-{count}"))
            .claim("iat", now)
            .claim("exp", now.saturating_add(300))
    }

    /// Signs these very texts as header and payload, whatever they are: for tests of tokens that no
    /// honest issuer would make.
    #[must_use]
    pub fn sign(&self, header: &str, payload: &str) -> String {
        let message = [header, payload]
            .map(|part| URL_SAFE_NO_PAD.encode(part))
            .join(".");
        let signature = hmac::sign(&self.signing, message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// Prints no key.
impl fmt::Debug for TokenMinter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenMinter")
            .field("issuer", &self.issuer.as_str())
            .field("audience", &self.audience.as_str())
            .finish_non_exhaustive()
    }
}

/// A token to be minted; made by [`TokenMinter::token`].
#[derive(Clone, Debug)]
#[must_use = "call `mint` to get the token"]
pub struct Token<'m> {
    minter: &'m TokenMinter,
    typ: Option<String>,
    claims: Map<String, Value>,
}

impl Token<'_> {
    /// Sets `sub`.
    pub fn subject(self, sub: &str) -> Self {
        self.claim("sub", sub)
    }

    /// Sets `scope`: scopes separated by spaces.
    pub fn scope(self, scope: &str) -> Self {
        self.claim("scope", scope)
    }

    /// Sets `roles`.
    pub fn roles<'r>(self, roles: impl IntoIterator<Item = &'r str>) -> Self {
        self.claim("roles", roles.into_iter().collect::<Value>())
    }

    /// Sets `acr`: how the user was authenticated.
    pub fn acr(self, acr: &str) -> Self {
        self.claim("acr", acr)
    }

    /// Sets `auth_time`: when the user last authenticated, in seconds since 1970-01-01T00:00:00Z.
    pub fn auth_time(self, unix_seconds: u64) -> Self {
        self.claim("auth_time", unix_seconds)
    }

    /// Sets `aud` to one audience.
    pub fn audience(self, aud: &str) -> Self {
        self.claim("aud", aud)
    }

    /// Sets `exp`, in seconds since 1970-01-01T00:00:00Z.
    pub fn expiring_at(self, unix_seconds: u64) -> Self {
        self.claim("exp", unix_seconds)
    }

    /// Sets any claim, of any type.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// Leaves a claim out.
    pub fn without(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// Sets `typ` of the header.
    pub fn typ(mut self, typ: &str) -> Self {
        self.typ = Some(typ.to_owned());
        self
    }

    /// Leaves `typ` out of the header.
    pub fn without_typ(mut self) -> Self {
        self.typ = None;
        self
    }

    /// The token, signed.
    #[must_use]
    pub fn mint(self) -> String {
        let mut header = Map::new();
        header.insert("alg".to_owned(), Algorithm::HS256.name().into());
        if let Some(typ) = self.typ {
            header.insert("typ".to_owned(), typ.into());
        }
        self.minter.sign(
            &Value::Object(header).to_string(),
            &Value::Object(self.claims).to_string(),
        )
    }
}
