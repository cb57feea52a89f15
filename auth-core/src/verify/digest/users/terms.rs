//! User names, realms and passwords that a request can be about.

use zeroize::Zeroizing;

use super::error::DigestUsersError;
use crate::verify::text;

/// The name in normalisation form C.
pub(in crate::verify::digest) fn user_name(
    name: &str,
) -> Result<Zeroizing<String>, DigestUsersError> {
    // §4: all characters of a profile without controls, save the colon.
    if name.is_empty() || name.contains(|c: char| c == ':' || c.is_control()) {
        return Err(DigestUsersError::InvalidUserName);
    }
    text::normal(name).ok_or(DigestUsersError::InvalidUserName)
}

/// Octet by octet what a policy declares: there is no normalisation.
pub(in crate::verify::digest) fn realm(realm: &str) -> Result<(), DigestUsersError> {
    if realm.is_empty() || realm.len() > text::MAX_LEN || realm.contains(char::is_control) {
        return Err(DigestUsersError::InvalidRealm);
    }
    Ok(())
}

/// The password in normalisation form C.
pub(in crate::verify::digest) fn password(
    password: &str,
) -> Result<Zeroizing<String>, DigestUsersError> {
    // §4: all characters of the profile OpaqueString (RFC 8265 §4.2), which has no controls. A line feed at the end, from a
    // file or a pipe, is the usual one.
    if password.is_empty() || password.contains(char::is_control) {
        return Err(DigestUsersError::InvalidPassword);
    }
    text::normal(password).ok_or(DigestUsersError::InvalidPassword)
}
