//! For the tests of applications: callers who are logged in, through the real pipeline (feature
//! `testing`).
//!
//! Nothing here goes around a check. A test sends a request with credentials, and everything that
//! happens to a request in production happens to it: carriers, grammar, verifier, scopes, refusal.
//! Only the verifier is another one ([`accepts`]), or it is the real one with a key of the test
//! ([`TokenMinter`]). Users of Digest log in to the real verifier as clients do (`DigestLogin`, feature
//! `digest`). There is no way to make a guard by hand:
//!
//! ```compile_fail,E0624
//! # struct P;
//! let forged = auth_core::private::Guard::<P, ()>::admit(());
//! ```

mod accepting;
#[cfg(feature = "digest")]
mod digest_login;
mod minter;
#[cfg(feature = "digest")]
mod nonce_counts;

pub use accepting::{Accepting, TestScheme, accepts};
#[cfg(feature = "digest")]
pub use digest_login::{DigestLogin, DigestLoginError};
pub use minter::{Token, TokenMinter};
#[cfg(feature = "digest")]
pub use nonce_counts::nonce_counts_contract;
