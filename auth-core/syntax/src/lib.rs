//! The grammar of HTTP authentication: challenges (`WWW-Authenticate`) and credentials
//! (`Authorization`), read and written as RFC 9110 §11 has them.
//!
//! ```
//! use auth_syntax::{Challenge, Challenges, Credentials, Param};
//!
//! // Written: usable in constants, checked by the rules for senders.
//! const CHALLENGE: Challenge<'_> = Challenge::new("Basic", &[
//!     Param::quoted("realm", "Dev zone"),
//!     Param::quoted("charset", "UTF-8"),
//! ]);
//! const { assert!(CHALLENGE.check().is_ok()) }
//! assert_eq!(CHALLENGE.to_string(), r#"Basic realm="Dev zone", charset="UTF-8""#);
//!
//! // Read: borrowed from the field value.
//! let mut challenges = Challenges::new(br#"Newauth, Basic realm="Dev zone""#);
//! assert_eq!(challenges.next().unwrap()?.scheme, "Newauth");
//! let basic = challenges.next().unwrap()?;
//! assert!(basic.param("REALM").is_some_and(|realm| realm.eq_str("Dev zone")));
//!
//! let credentials = Credentials::read(b"bearer mF_9.B5f-4.1JqM")?.unwrap();
//! assert!(credentials.is("Bearer"));
//! assert_eq!(credentials.b64token(), Some("mF_9.B5f-4.1JqM"));
//! # Ok::<(), auth_syntax::SyntaxError>(())
//! ```
//!
//! # What is read
//!
//! What the grammar allows, and nothing else: there is no repair of broken fields. In particular:
//!
//! - `;` never separates anything (§11.3).
//! - The scheme ends with at least one space; a tab does not end it (§11.4: `1*SP`).
//! - Empty list elements are skipped (§5.6.1.2), also those directly behind a scheme and its space.
//! - White space is allowed around `=` (§11.2, `BWS`) and around `,` (§5.6.1, `OWS`).
//! - A parameter name that occurs twice in one challenge is an error, whatever its case (§11.2).
//!
//! Two limits are ours, so that time and memory stay bounded: a field value may hold [`MAX_LEN`]
//! octets, and one challenge or one set of credentials [`MAX_PARAMS`] parameters. More is an error.
//! Within them every function takes time linear in its input and allocates nothing.
//!
//! # What is written
//!
//! A subset that clients agree about: one space behind the scheme, `", "` between parameters,
//! nothing around `=`, values in printable ASCII, `realm` always quoted (§11.5).

#![no_std]

#[cfg(test)]
extern crate std;

mod bad_value;
mod check;
mod class;
mod credentials;
mod cursor;
mod declaration;
mod digest;
mod error;
mod joined;
mod param;
mod read;
mod write;

pub use bad_value::{BadValue, Expected, Problem};
pub use check::BadChallenge;
pub use class::{
    check_error_text, check_quotable, check_scope, check_token, check_token68, is_b64token,
    is_scope_token, is_tchar, is_token, is_token68,
};
pub use credentials::{Credentials, CredentialsParams};
pub use declaration::{
    BadDeclaration, Carrier, ChallengeKind, Declaration, DeclaredChallenge, MAX_OWN_PARAMS,
    parse_seconds, same,
};
pub use digest::{DigestAlgorithm, DigestQop, DigestTerms};
pub use error::{SyntaxError, SyntaxErrorKind};
pub use joined::is_joined;
pub use param::{ParamRef, Params, Unescaped, ValueRef};
pub use read::{ChallengeRef, Challenges};
pub use write::{Challenge, NoRoom, Param, Value};

/// The longest field value that is read, in octets; a longer one is
/// [`TooLong`](SyntaxErrorKind::TooLong). Servers commonly refuse field lines far below it.
pub const MAX_LEN: usize = 64 * 1024;

/// The most parameters that one challenge or one set of credentials may hold. Each name is compared
/// with those before it (RFC 9110 §11.2: once per challenge), so their number must be bounded for
/// time to stay linear. Digest, the scheme with the most, defines twelve.
pub const MAX_PARAMS: usize = 32;

/// The most schemes that one policy may accept, each with a challenge of its own. A refusal names
/// them all in its header section, which clients and proxies bound; and what a request presents to
/// each is kept in an array of this length.
pub const MAX_MEMBERS: usize = 8;
