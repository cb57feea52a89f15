#![doc = include_str!("../../digest.md")]

mod budget;
mod builder;
mod counts;
#[cfg(test)]
mod equal_work;
pub(crate) mod hash;
mod hints;
mod info;
mod nonce;
mod reload;
mod spelling;
mod users;
mod verifier;

pub use builder::{DigestVerifierBuilder, DigestVerifierError};
pub(crate) use counts::StoreId;
pub use counts::{CountAnswer, MemoryNonceCounts, NonceCounts, NonceUse};
pub use hash::{DigestHash, user_hash};
pub use nonce::{NonceId, NonceSecret, NonceSecretFileError, NonceSecretTooShort};
pub use users::{
    AsyncDigestUsersFn, DigestLookup, DigestUserEntry, DigestUserList, DigestUserListBuilder,
    DigestUsers, DigestUsersError, DigestUsersFn, Htdigest, htdigest_line,
};
pub use verifier::DigestVerifier;

#[doc = include_str!("../../digest-attacks.md")]
pub mod attacks {}
#[doc = include_str!("../../digest-clients.md")]
pub mod clients {}
