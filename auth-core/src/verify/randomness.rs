//! What whoever needs random octets says when there are none.

use core::fmt;

/// The operating system gave no random octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoRandomness;

impl fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the operating system gave no random octets")
    }
}

impl core::error::Error for NoRandomness {}
