//! Digest (RFC 7616): nonces, counts, users, and the verifier that puts them together.

mod counts;
#[cfg_attr(not(test), expect(dead_code, reason = "the verifier uses it"))]
mod hash;
#[allow(dead_code, reason = "the verifier asks for them")]
mod nonce;
#[cfg_attr(not(test), expect(dead_code, reason = "the verifier uses it"))]
mod users;

pub use hash::{DigestHash, user_hash};
pub use nonce::{NonceId, NonceSecret, NonceSecretTooShort};
pub use users::{
    AsyncDigestUsersFn, DigestLookup, DigestUserEntry, DigestUserList, DigestUserListBuilder,
    DigestUsers, DigestUsersError, DigestUsersFn, Htdigest, htdigest_line,
};
