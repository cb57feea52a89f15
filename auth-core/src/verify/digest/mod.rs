//! Digest (RFC 7616): nonces, counts, users, and the verifier that puts them together.

mod counts;
mod hash;
mod nonce;
mod users;
