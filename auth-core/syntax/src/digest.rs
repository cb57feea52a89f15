//! The words of Digest (RFC 7616): algorithms and qualities of protection.

use core::fmt;

use crate::{BadDeclaration, check_error_text, check_scope};

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

/// What one Digest member declares beside its realm: see [`Declaration::digest`](crate::Declaration::digest).
#[derive(Clone, Copy, Debug)]
pub struct DigestTerms<'a> {
    algorithms: [DigestAlgorithm; DigestAlgorithm::ALL.len()],
    count: usize,
    auth_int: bool,
    domain: Option<&'a str>,
    opaque: Option<&'a str>,
    userhash: bool,
    charset: bool,
}

impl<'a> DigestTerms<'a> {
    /// SHA-256, `qop="auth"` and `charset=UTF-8`.
    pub(crate) const fn new() -> Self {
        Self {
            algorithms: [DigestAlgorithm::Sha256; DigestAlgorithm::ALL.len()],
            count: 1,
            auth_int: false,
            domain: None,
            opaque: None,
            userhash: false,
            charset: true,
        }
    }

    pub(crate) const fn with_algorithms(mut self, algorithms: &[DigestAlgorithm]) -> Self {
        let mut rest = algorithms;
        self.count = 0;
        while let [first, others @ ..] = rest {
            // More than there are repeat one, which `check` refuses.
            if self.count < self.algorithms.len() {
                self.algorithms[self.count] = *first;
            }
            self.count += 1;
            rest = others;
        }
        self
    }

    pub(crate) const fn offering_auth_int(mut self) -> Self {
        self.auth_int = true;
        self
    }

    pub(crate) const fn with_domain(mut self, domain: &'a str) -> Self {
        self.domain = Some(domain);
        self
    }

    pub(crate) const fn with_opaque(mut self, opaque: &'a str) -> Self {
        self.opaque = Some(opaque);
        self
    }

    pub(crate) const fn with_userhash(mut self) -> Self {
        self.userhash = true;
        self
    }

    pub(crate) const fn without_charset(mut self) -> Self {
        self.charset = false;
        self
    }

    /// The algorithms that are offered, preferred first: one challenge each (RFC 7616 §3.7).
    #[must_use]
    pub const fn algorithms(&self) -> &[DigestAlgorithm] {
        let count = if self.count < self.algorithms.len() {
            self.count
        } else {
            self.algorithms.len()
        };
        self.algorithms.split_at(count).0
    }

    /// Whether this quality of protection is offered: [`DigestQop::Auth`] always is.
    #[must_use]
    pub const fn offers(&self, qop: DigestQop) -> bool {
        match qop {
            DigestQop::Auth => true,
            DigestQop::AuthInt => self.auth_int,
        }
    }

    /// The value of `qop` in challenges.
    #[must_use]
    pub const fn qop(&self) -> &'static str {
        if self.auth_int {
            "auth, auth-int"
        } else {
            "auth"
        }
    }

    /// The URIs that the credentials are good for, separated by one space.
    #[must_use]
    pub const fn domain(&self) -> Option<&'a str> {
        self.domain
    }

    /// What clients are to send back unchanged.
    #[must_use]
    pub const fn opaque(&self) -> Option<&'a str> {
        self.opaque
    }

    /// Whether clients may send a hash instead of the user's name (RFC 7616 §3.4.4).
    #[must_use]
    pub const fn userhash(&self) -> bool {
        self.userhash
    }

    /// Whether `charset=UTF-8` is told.
    #[must_use]
    pub const fn charset(&self) -> bool {
        self.charset
    }

    pub(crate) const fn check(&self) -> Result<(), BadDeclaration> {
        if self.count == 0 {
            return Err(BadDeclaration::NoAlgorithm);
        }
        if self.count > self.algorithms.len() {
            return Err(BadDeclaration::RepeatedAlgorithm);
        }
        let mut rest = self.algorithms();
        while let [first, others @ ..] = rest {
            let mut behind = others;
            while let [other, further @ ..] = behind {
                if *first as u8 == *other as u8 {
                    return Err(BadDeclaration::RepeatedAlgorithm);
                }
                behind = further;
            }
            rest = others;
        }
        if let Some(domain) = self.domain
            && let Err(bad) = check_domain(domain)
        {
            return Err(bad);
        }
        if let Some(opaque) = self.opaque {
            if opaque.is_empty() {
                return Err(BadDeclaration::EmptyOpaque);
            }
            if let Err(bad) = check_error_text(opaque) {
                return Err(BadDeclaration::Opaque(bad));
            }
        }
        Ok(())
    }
}

/// URIs separated by one space, each a path of this server or with a scheme (RFC 7616 §3.3).
const fn check_domain(domain: &str) -> Result<(), BadDeclaration> {
    // The same list as a scope: visible ASCII without `"` and `\`, separated by one space.
    if let Err(bad) = check_scope(domain) {
        return Err(BadDeclaration::Domain(bad));
    }
    let mut rest = domain.as_bytes();
    loop {
        match rest {
            [b'/', b'/', ..] | [] => return Err(BadDeclaration::RelativeDomain),
            [b'/', ..] => {}
            _ if has_authority(rest) => {}
            _ => return Err(BadDeclaration::RelativeDomain),
        }
        while let [first, others @ ..] = rest {
            if *first == b' ' {
                break;
            }
            rest = others;
        }
        let [_, others @ ..] = rest else {
            return Ok(());
        };
        rest = others;
    }
}

/// `http://` or `https://` and something behind it.
const fn has_authority(uri: &[u8]) -> bool {
    match uri {
        [
            b'h' | b'H',
            b't' | b'T',
            b't' | b'T',
            b'p' | b'P',
            rest @ ..,
        ] => match rest {
            [b's' | b'S', b':', b'/', b'/', next, ..] | [b':', b'/', b'/', next, ..] => {
                *next != b' ' && *next != b'/'
            }
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{DigestAlgorithm, check_domain};
    use crate::BadDeclaration;

    #[test]
    fn a_domain_is_a_list_of_uris_d1() {
        for good in [
            "/",
            "/a /b",
            "https://api.example/a",
            "http://a.example /b https://c.example",
        ] {
            assert_eq!(check_domain(good), Ok(()), "{good}");
        }
        for relative in [
            "a",
            "/a b",
            "//a.example/",
            "ftp://a.example",
            "https://",
            "/a https:///b",
        ] {
            assert_eq!(
                check_domain(relative),
                Err(BadDeclaration::RelativeDomain),
                "{relative}"
            );
        }
        for bad in ["", "/a  /b", "/a\"", "/\u{e4}", " /a"] {
            let refused = check_domain(bad);
            assert!(
                matches!(refused, Err(BadDeclaration::Domain(_))),
                "{bad:?} {refused:?}"
            );
        }
    }

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
