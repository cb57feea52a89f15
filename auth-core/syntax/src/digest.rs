//! The words of Digest (RFC 7616): algorithms and qualities of protection.

use core::fmt;

/// A hash function of Digest, plain or as a session variant (RFC 7616 §3.3, §6.1).
///
/// ```
/// use auth_syntax::DigestAlgorithm;
///
/// assert_eq!(DigestAlgorithm::parse("sha-256"), Some(DigestAlgorithm::Sha256));
/// assert_eq!(DigestAlgorithm::Sha512_256Sess.name(), "SHA-512-256-sess");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// `MD5`: for compatibility only (§5.1 of RFC 6151 tells why).
    Md5,
    /// `MD5-sess`
    Md5Sess,
    /// `SHA-256`: mandatory to implement, and the default.
    Sha256,
    /// `SHA-256-sess`
    Sha256Sess,
    /// `SHA-512-256`: SHA-512/256 of FIPS 180-4, and not SHA-512 cut short (erratum 4897).
    Sha512_256,
    /// `SHA-512-256-sess`
    Sha512_256Sess,
}

impl DigestAlgorithm {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Md5,
        Self::Md5Sess,
        Self::Sha256,
        Self::Sha256Sess,
        Self::Sha512_256,
        Self::Sha512_256Sess,
    ];

    /// The name in challenges and credentials.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Md5Sess => "MD5-sess",
            Self::Sha256 => "SHA-256",
            Self::Sha256Sess => "SHA-256-sess",
            Self::Sha512_256 => "SHA-512-256",
            Self::Sha512_256Sess => "SHA-512-256-sess",
        }
    }

    /// The algorithm of this name, whatever its case.
    #[must_use]
    pub const fn parse(name: &str) -> Option<Self> {
        let mut rest: &[Self] = &Self::ALL;
        while let [first, others @ ..] = rest {
            if first.name().eq_ignore_ascii_case(name) {
                return Some(*first);
            }
            rest = others;
        }
        None
    }

    /// The same without `-sess`: both know a user by one hash, H(user:realm:password) (§3.4.2).
    #[must_use]
    pub const fn base(self) -> Self {
        match self {
            Self::Md5 | Self::Md5Sess => Self::Md5,
            Self::Sha256 | Self::Sha256Sess => Self::Sha256,
            Self::Sha512_256 | Self::Sha512_256Sess => Self::Sha512_256,
        }
    }

    /// Whether it is a session variant: one whose A1 holds a nonce and a cnonce (§3.4.2).
    #[must_use]
    pub const fn is_session(self) -> bool {
        matches!(
            self,
            Self::Md5Sess | Self::Sha256Sess | Self::Sha512_256Sess
        )
    }

    /// Octets of a digest.
    #[must_use]
    pub const fn digest_len(self) -> usize {
        match self {
            Self::Md5 | Self::Md5Sess => 16,
            _ => 32,
        }
    }
}

impl fmt::Display for DigestAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The quality of protection (RFC 7616 §3.3): what a digest covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestQop {
    /// `auth`: method and target.
    Auth,
    /// `auth-int`: the content as well.
    AuthInt,
}

impl DigestQop {
    /// The name in challenges and credentials.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::AuthInt => "auth-int",
        }
    }

    /// The quality of this name, whatever its case.
    #[must_use]
    pub const fn parse(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("auth") {
            Some(Self::Auth)
        } else if name.eq_ignore_ascii_case("auth-int") {
            Some(Self::AuthInt)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DigestAlgorithm;

    // D-6: whoever has the one has the other.
    #[test]
    fn a_session_variant_has_the_hash_of_its_base_d6() {
        for algorithm in DigestAlgorithm::ALL {
            assert!(!algorithm.base().is_session());
            assert_eq!(algorithm.base() == algorithm, !algorithm.is_session());
            assert_eq!(algorithm.base().digest_len(), algorithm.digest_len());
            assert!(algorithm.name().starts_with(algorithm.base().name()));
        }
    }
}
