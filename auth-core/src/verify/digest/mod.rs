//! Digest (RFC 7616): nonces, counts, users, and the verifier that puts them together.

#[allow(dead_code, unused_imports, reason = "the verifier asks for them")]
mod counts;
#[cfg_attr(not(test), expect(dead_code, reason = "the verifier uses it"))]
mod hash;
#[allow(dead_code, reason = "the verifier asks for them")]
mod nonce;
#[cfg_attr(not(test), expect(dead_code, reason = "the verifier uses it"))]
mod users;

pub use counts::{CountAnswer, MemoryNonceCounts, NonceCounts, NonceUse};
pub use hash::{DigestHash, user_hash};
pub use nonce::{NonceId, NonceSecret, NonceSecretTooShort};
pub use users::{
    AsyncDigestUsersFn, DigestLookup, DigestUserEntry, DigestUserList, DigestUserListBuilder,
    DigestUsers, DigestUsersError, DigestUsersFn, Htdigest, htdigest_line,
};
