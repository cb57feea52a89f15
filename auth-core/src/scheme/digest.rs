//! Digest (RFC 7616).

/// Whom Digest credentials name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum DigestUser<'r> {
    /// `username`, or `username*` decoded (RFC 8187).
    Plain(&'r str),
    /// `username` under `userhash=true`: H(user:realm) in the algorithm of the credentials, in hexadecimal digits of lower
    /// case (RFC 7616 §3.4.4).
    Hashed(&'r str),
}

/// Prints nothing of the name.
impl core::fmt::Debug for DigestUser<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain([redacted])",
            Self::Hashed(_) => "Hashed([redacted])",
        })
    }
}
