//! Which JWTs are taken for access tokens.

/// What a JWT must be to count as an access token.
///
/// `iss`, `aud` and `exp` are required and checked whatever the profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// The profile for access tokens, RFC 9068: `typ` is `at+jwt`, so that an ID token cannot pass
    /// (RFC 8725 §3.12), and `iss`, `exp`, `aud`, `sub`, `client_id`, `iat` and `jti` are all there.
    #[default]
    AccessToken,
    /// For issuers that do not follow RFC 9068: `typ` may also be `JWT`, or absent.
    ///
    /// **Security**: nothing then tells an ID token from an access token but its audience. Make sure
    /// that the audience of this service is never a `client_id`.
    Jwt,
}

impl Profile {
    /// Media types compare without case, and `application/` may be left out (RFC 7515 §4.1.9).
    pub(super) fn admits_type(self, typ: Option<&str>) -> bool {
        let Some(typ) = typ else {
            return self == Self::Jwt;
        };
        let is = |name: &str| {
            let short = match typ.split_at_checked("application/".len()) {
                Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") => rest,
                _ => typ,
            };
            short.eq_ignore_ascii_case(name)
        };
        is("at+jwt") || (self == Self::Jwt && is("JWT"))
    }

    /// The claims that must be there, beside `iss`, `aud` and `exp`.
    pub(super) fn requires_all(self) -> bool {
        self == Self::AccessToken
    }
}

#[cfg(test)]
mod tests {
    use super::Profile;

    #[test]
    fn j1_j15_v7_types() {
        let both = [
            "at+jwt",
            "AT+JWT",
            "application/at+jwt",
            "Application/At+Jwt",
        ];
        let relaxed = [Some("JWT"), Some("jwt"), Some("application/jwt"), None];
        let neither = [
            "",
            "at",
            "at+jwt ",
            "id_token+jwt",
            "dpop+jwt",
            "logout+jwt",
            "secevent+jwt",
            "text/at+jwt",
            "application/application/at+jwt",
            "JWS",
            "JOSE",
            "é+jwt",
        ];
        for typ in both {
            assert!(Profile::AccessToken.admits_type(Some(typ)), "{typ}");
            assert!(Profile::Jwt.admits_type(Some(typ)), "{typ}");
        }
        for typ in relaxed {
            assert!(!Profile::AccessToken.admits_type(typ), "{typ:?}");
            assert!(Profile::Jwt.admits_type(typ), "{typ:?}");
        }
        for typ in neither {
            assert!(!Profile::AccessToken.admits_type(Some(typ)), "{typ}");
            assert!(!Profile::Jwt.admits_type(Some(typ)), "{typ}");
        }
    }
}
