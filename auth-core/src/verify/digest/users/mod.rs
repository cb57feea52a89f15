//! Who knows the users.

mod error;
pub(super) mod terms;

pub use error::DigestUsersError;
