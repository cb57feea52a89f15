//! The authentication schemes: how each reads its credentials and what its challenge says.
//!
//! A scheme knows the grammar of its credentials and the parameters of its challenge, and nothing
//! about users: whether credentials are *good* is for a [`Verifier`](crate::Verifier) to say.

mod api_key;
mod basic;
mod bearer;
mod digest;

#[cfg(feature = "api-keys")]
pub(crate) use api_key::is_presentable;
pub use api_key::{ApiKey, ApiKeyCredentials};
pub use basic::{Basic, BasicCredentials};
pub use bearer::{Bearer, BearerToken};
pub use digest::{Digest, DigestCredentials, DigestUser};

use crate::refusal::{Cause, Text};

/// An authentication scheme (RFC 9110 §11.1).
///
/// Implemented by [`Basic`], [`Bearer`], [`Digest`] and [`ApiKey`]. A scheme of your own is a type that implements it, and
/// is named in attributes by its path; its credentials travel in `Authorization`:
///
/// ```
/// use auth_core::scheme::{ChallengeErrors, ParamKind, SchemeParam};
/// use auth_core::{Cause, Scheme, Secret, Text, requires_auth};
///
/// pub enum Ticket {}
///
/// impl Scheme for Ticket {
///     type Credentials<'r> = &'r str;
///     type Owned = Secret<String>;
///     const NAME: &'static str = "Ticket";
///     const REJECTED: Text = Text::new("invalid_credentials", "Ticket unknown or used");
///     const ERRORS: ChallengeErrors = ChallengeErrors::None;
///     // What its challenge can say beside the realm.
///     const PARAMS: &'static [SchemeParam] = &[SchemeParam::required("desk", ParamKind::Text)];
///
///     fn extract(value: &[u8]) -> Result<&str, Cause> {
///         match core::str::from_utf8(value) {
///             Ok(ticket) if !ticket.is_empty() && ticket.bytes().all(|b| b.is_ascii_alphanumeric()) => Ok(ticket),
///             _ => Err(Cause::Malformed),
///         }
///     }
///
///     fn to_owned(ticket: &str) -> Secret<String> {
///         Secret::new(ticket.to_owned())
///     }
/// }
///
/// // WWW-Authenticate: Ticket realm="Hall", desk="north"
/// #[requires_auth(scheme = Ticket, realm = "Hall", desk = "north")]
/// async fn enter() {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an authentication scheme",
    label = "not a scheme",
    note = "a scheme is a type that implements `auth_core::Scheme`; a policy stands alone: `#[requires_auth({Self})]`"
)]
pub trait Scheme: Send + Sync + 'static {
    /// What a request presents, borrowed from it.
    type Credentials<'r>: Send;

    /// The same, owned: for verifiers that hold on to it across an `await`.
    type Owned: Send + 'static;

    /// The name in challenges and credentials, as registered with IANA where it is.
    const NAME: &'static str;

    /// What the body of the refusal says when a verifier found the credentials wrong.
    const REJECTED: Text;

    /// What the challenge of this scheme can tell about a refusal.
    const ERRORS: ChallengeErrors;

    /// The parameters that its challenge can have beside `realm`: what the keys of the attribute are checked
    /// against while the program is compiled. At most 8.
    const PARAMS: &'static [SchemeParam] = &[];

    /// Whether a challenge lacks something that only the verifier knows, and that differs each time: a nonce. Then the
    /// declaration says so too, and the verifier [completes](crate::Verifier::complete) it.
    #[doc(hidden)]
    const OPEN_CHALLENGES: bool = false;

    /// Reads the credentials: for those carried in `Authorization` what follows the scheme and its
    /// blanks, else the whole field value. The value may be empty
    /// (`Authorization: Bearer` and nothing more); for a field that is absent or empty it is not called.
    ///
    /// # Errors
    /// [`Cause::Malformed`] or [`Cause::InvalidRequest`] when the value does not follow the grammar
    /// of the scheme; it then names nobody, and no verifier hears of it.
    fn extract(value: &[u8]) -> Result<Self::Credentials<'_>, Cause>;

    /// Copies the credentials out of the request.
    fn to_owned(credentials: Self::Credentials<'_>) -> Self::Owned;
}

/// Whether a scheme defines parameters that say why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChallengeErrors {
    /// None: the challenge is the same for every cause (Basic, `ApiKey`).
    None,
    /// `scope`, `error` and `error_description` of RFC 6750 §3 (Bearer).
    OAuth,
}

/// A parameter of the challenges of a scheme of your own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemeParam {
    pub(crate) key: &'static str,
    pub(crate) kind: ParamKind,
    pub(crate) required: bool,
}

impl SchemeParam {
    /// A parameter without which a policy of this scheme does not compile.
    #[must_use]
    pub const fn required(key: &'static str, kind: ParamKind) -> Self {
        Self {
            key,
            kind,
            required: true,
        }
    }

    /// A parameter that may be left out.
    #[must_use]
    pub const fn optional(key: &'static str, kind: ParamKind) -> Self {
        Self {
            key,
            kind,
            required: false,
        }
    }
}

/// What the value of a parameter is (RFC 9110 §11.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParamKind {
    /// Printable ASCII, sent as a quoted-string.
    Text,
    /// One token, sent without quotes.
    Token,
    /// A number that is not negative, sent without quotes.
    Number,
    /// One of these, sent as a quoted-string.
    OneOf(&'static [&'static str]),
}
