//! A client of Digest.

use core::fmt;

use auth_syntax::{ChallengeRef, Challenges, DigestAlgorithm, DigestQop};
use http::{HeaderValue, Method};

use crate::readable::debug_like_display;
use crate::secret::Secret;
use crate::verify::digest::hash::{self, Covered, DigestHash};

/// A user with a password, who answers challenges of Digest (RFC 7616 §3.4): a login through the real verifier.
///
/// It counts its requests, so that one challenge is good for many. Where the challenge offers `userhash`, it hides its
/// name. Its `cnonce` is always the same: it is for tests alone.
///
/// ```
/// use auth_core::digest::{DigestUserList, DigestVerifier, NonceSecret};
/// use auth_core::testing::DigestLogin;
/// use auth_core::{Authenticated, AuthState, Digest, DigestAlgorithm, RequestView, auth_policy};
/// use http::Method;
///
/// #[auth_policy(scheme = "Digest", realm = "Admin")]
/// pub struct Admin;
///
/// #[derive(AuthState)]
/// struct App {
///     #[auth(Digest)]
///     users: DigestVerifier<DigestUserList<&'static str>>,
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
/// let users = DigestUserList::builder([("Admin", DigestAlgorithm::Sha256)])
///     .user("ann", "open sesame", "Ann")?
///     .build()?;
/// let app = App { users: DigestVerifier::builder(users, NonceSecret::random()?).build()? };
/// let ask = async |request: &http::Request<()>| -> Result<Authenticated<&str>, auth_core::Refusal> {
///     auth_core::http::check::<Admin, _, _>(&app, RequestView::of(request)).await
/// };
///
/// let mut request = http::Request::get("/orders?open").body(())?;
/// let refused = ask(&request).await.unwrap_err().into_response::<bytes::Bytes>();
/// let challenge = &refused.headers()["www-authenticate"];
///
/// let mut ann = DigestLogin::new("ann", "open sesame");
/// for _ in 0..2 {
///     let credentials = ann.answer(challenge, &Method::GET, "/orders?open")?;
///     request.headers_mut().insert("authorization", credentials);
///     assert_eq!(*ask(&request).await.unwrap(), "Ann");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub struct DigestLogin {
    user: String,
    password: Secret<String>,
    /// The nonce that was answered last, and how often.
    used: Option<(String, u32)>,
}

const CNONCE: &str = "0a4f113b";

impl DigestLogin {
    /// A user, whether the application knows it or not.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            user: user.into(),
            password: Secret::new(password.into()),
            used: None,
        }
    }

    /// What a request to this target (path and query, as it is sent) has in `Authorization`, as an answer to the first
    /// challenge of Digest in a `WWW-Authenticate` field. The same challenge may be answered again: `nc` rises.
    ///
    /// # Errors
    /// If there is no such challenge, or it cannot be answered: [`DigestLoginError`].
    pub fn answer(
        &mut self,
        challenge: &HeaderValue,
        method: &Method,
        target: &str,
    ) -> Result<HeaderValue, DigestLoginError> {
        self.answer_to(challenge, method, target, None)
    }

    /// The same with `qop=auth-int`, for a request with this content.
    ///
    /// # Errors
    /// As for [`answer`](Self::answer); and if `auth-int` is not offered.
    pub fn answer_with_content(
        &mut self,
        challenge: &HeaderValue,
        method: &Method,
        target: &str,
        content: &[u8],
    ) -> Result<HeaderValue, DigestLoginError> {
        self.answer_to(challenge, method, target, Some(content))
    }

    fn answer_to(
        &mut self,
        challenge: &HeaderValue,
        method: &Method,
        target: &str,
        content: Option<&[u8]>,
    ) -> Result<HeaderValue, DigestLoginError> {
        let terms = Terms::of(challenge)?;
        let qop = match content {
            None => DigestQop::Auth,
            Some(_) => DigestQop::AuthInt,
        };
        if !terms.offers(qop) {
            return Err(DigestLoginError::QopNotOffered);
        }
        let mut key = DigestHash::new(
            terms.algorithm,
            &self.user,
            &terms.realm,
            self.password.expose(),
        )
        .map_err(|_| DigestLoginError::Unusable)?;
        if terms.algorithm.is_session() {
            key = hash::session_hash(&key, &terms.nonce, CNONCE);
        }
        let nc = format!("{:08x}", self.next_count(&terms.nonce));
        let content = content.map(|content| hash::content_hash(terms.algorithm, content));
        let covered = Covered {
            nonce: &terms.nonce,
            nc: &nc,
            cnonce: CNONCE,
            uri: target,
            content: content.as_ref(),
        };
        let response = hash::response(&key, method.as_str(), &covered).hex_string();
        let user = if terms.userhash {
            hash::user_hash(terms.algorithm, &self.user, &terms.realm)
                .map_err(|_| DigestLoginError::Unusable)?
        } else {
            self.user.clone()
        };
        let opaque = terms
            .opaque
            .as_deref()
            .map(|opaque| format!(", opaque={}", Quoted(opaque)));
        let value = format!(
            "Digest username={}, realm={}, uri={}, algorithm={}, nonce={}, nc={nc}, cnonce=\"{CNONCE}\", qop={}, response=\"{response}\", userhash={}{}",
            Quoted(&user),
            Quoted(&terms.realm),
            Quoted(target),
            terms.algorithm,
            Quoted(&terms.nonce),
            qop.name(),
            terms.userhash,
            opaque.unwrap_or_default(),
        );
        let value = HeaderValue::try_from(value);
        value.map_err(|_| DigestLoginError::Unusable)
    }

    fn next_count(&mut self, nonce: &str) -> u32 {
        let before = match &self.used {
            Some((last, count)) if last == nonce => *count,
            _ => 0,
        };
        let count = before.saturating_add(1);
        self.used = Some((nonce.to_owned(), count));
        count
    }
}

/// Prints no password.
impl fmt::Debug for DigestLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestLogin")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Why a [`DigestLogin`] has no answer.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DigestLoginError {
    /// The field has no challenge of Digest with `realm`, `nonce` and `qop`.
    NoChallenge,
    /// The challenge is for an algorithm that RFC 7616 does not define.
    UnknownAlgorithm,
    /// The challenge does not offer the quality of protection.
    QopNotOffered,
    /// The user name, the password or the target is none that a request can have.
    Unusable,
}

impl fmt::Display for DigestLoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoChallenge => {
                "the field has no challenge of Digest with `realm`, `nonce` and `qop`"
            }
            Self::UnknownAlgorithm => "the challenge is for an unknown algorithm",
            Self::QopNotOffered => {
                "the challenge does not offer this `qop`: `auth-int` takes `qop = \"auth, auth-int\"` in the policy"
            }
            Self::Unusable => "no request can have this user name, password or target",
        })
    }
}

impl core::error::Error for DigestLoginError {}

debug_like_display!(DigestLoginError);

/// What a challenge says.
struct Terms {
    realm: String,
    nonce: String,
    algorithm: DigestAlgorithm,
    qop: String,
    opaque: Option<String>,
    userhash: bool,
}

impl Terms {
    fn of(field: &HeaderValue) -> Result<Self, DigestLoginError> {
        let challenge = Challenges::new(field.as_bytes())
            .map_while(Result::ok)
            .find(|challenge| challenge.is("Digest"))
            .ok_or(DigestLoginError::NoChallenge)?;
        let needed = |name| text(&challenge, name).ok_or(DigestLoginError::NoChallenge);
        // RFC 7616 §3.3: MD5 where none is named.
        let algorithm = text(&challenge, "algorithm").unwrap_or_else(|| "MD5".to_owned());
        Ok(Self {
            realm: needed("realm")?,
            nonce: needed("nonce")?,
            algorithm: DigestAlgorithm::parse(&algorithm)
                .ok_or(DigestLoginError::UnknownAlgorithm)?,
            qop: needed("qop")?,
            opaque: text(&challenge, "opaque"),
            userhash: text(&challenge, "userhash")
                .is_some_and(|told| told.eq_ignore_ascii_case("true")),
        })
    }

    fn offers(&self, qop: DigestQop) -> bool {
        let mut offered = self.qop.split(',');
        offered.any(|name| DigestQop::parse(name.trim()) == Some(qop))
    }
}

fn text(challenge: &ChallengeRef<'_>, name: &str) -> Option<String> {
    String::from_utf8(challenge.param(name)?.unescaped().collect()).ok()
}

/// A `quoted-string` (RFC 9110 §5.6.4).
struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for character in self.0.chars() {
            if matches!(character, '"' | '\\') {
                f.write_str("\\")?;
            }
            fmt::Write::write_char(f, character)?;
        }
        f.write_str("\"")
    }
}
