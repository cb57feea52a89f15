//! Where requests of our own may go.

use core::fmt;

use http::Uri;
use url::{Host, Url};

/// Whether an identity provider may be asked over plain `http`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlainHttp {
    /// Never: whoever sits between could hand out keys of his own.
    #[default]
    Refused,
    /// On this machine only (`127.0.0.0/8`, `[::1]`, `localhost`): for development and tests.
    OnLoopback,
}

/// The address of an endpoint of an identity provider: `https`, or plain `http` on this machine where that was
/// [chosen](PlainHttp).
///
/// ```
/// use auth_core::outbound::{Address, AddressError, PlainHttp};
///
/// assert!(Address::new("https://login.example.com/jwks", PlainHttp::Refused).is_ok());
/// assert!(Address::new("http://127.0.0.1:9000/jwks", PlainHttp::OnLoopback).is_ok());
/// assert_eq!(
///     Address::new("http://127.0.0.1:9000/jwks", PlainHttp::Refused),
///     Err(AddressError::PlainHttp)
/// );
/// assert_eq!(
///     Address::new("file:///etc/passwd", PlainHttp::OnLoopback),
///     Err(AddressError::NotHttps)
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Uri);

impl Address {
    /// Reads an address.
    pub fn new(text: &str, plain: PlainHttp) -> Result<Self, AddressError> {
        let url = Url::parse(text).map_err(|_| AddressError::NotAUrl)?;
        match url.scheme() {
            "http" if !is_loopback(&url) => return Err(AddressError::NotOnLoopback),
            "http" if plain == PlainHttp::Refused => return Err(AddressError::PlainHttp),
            "https" | "http" => {}
            _ => return Err(AddressError::NotHttps),
        }
        if url.host().is_none() {
            return Err(AddressError::NotAUrl);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(AddressError::Fragment);
        }
        url.as_str()
            .parse()
            .map(Self)
            .map_err(|_| AddressError::NotAUrl)
    }

    /// The address.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.0
    }
}

/// A name could lead anywhere, but for the one that always means this machine (RFC 6761 §6.3).
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// For logs and labels: without the query, which may hold what is nobody's business.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.scheme_str().unwrap_or_default();
        let host = self
            .0
            .authority()
            .map_or("", |authority| authority.as_str());
        write!(f, "{scheme}://{host}{}", self.0.path())
    }
}

/// Why an address is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressError {
    /// It is no absolute URL with a host.
    NotAUrl,
    /// Its scheme is neither `https` nor `http`.
    NotHttps,
    /// Its scheme is `http`, and [`PlainHttp::OnLoopback`] was not chosen.
    PlainHttp,
    /// Its scheme is `http`, and its host is not this machine.
    NotOnLoopback,
    /// It holds a user name or a password.
    UserInfo,
    /// It holds a fragment.
    Fragment,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAUrl => {
                "this is no URL with a host: write one such as `https://login.example.com`"
            }
            Self::NotHttps => "the URL must begin with `https://`",
            Self::PlainHttp => {
                "the URL begins with `http://`: write `https://`; for a provider on this machine, choose `.with_plain_http(PlainHttp::OnLoopback)` (on `RemoteKeys::discover`, `RemoteKeys::at` and `Introspection::builder`)"
            }
            Self::NotOnLoopback => {
                "the URL begins with `http://`: write `https://`; plain `http` is possible only to this machine: 127.0.0.0/8, [::1] or localhost"
            }
            Self::UserInfo => {
                "the URL holds a user name or password: leave it out, client credentials are given elsewhere"
            }
            Self::Fragment => "the URL holds a fragment (`#`): leave it out",
        })
    }
}

impl core::error::Error for AddressError {}

#[cfg(test)]
mod tests {
    use super::{Address, AddressError, PlainHttp};

    #[test]
    fn t16_the_query_is_not_shown() {
        let address = Address::new(
            "https://login.example.com:8443/a/b?key=hunter2",
            PlainHttp::Refused,
        );
        let address = address.map(|address| (address.to_string(), address.uri().query().is_some()));
        assert_eq!(
            address,
            Ok(("https://login.example.com:8443/a/b".to_owned(), true))
        );
    }

    #[test]
    fn v4_only_https_or_loopback_by_choice() {
        use AddressError as E;
        for (text, refused, on_loopback) in [
            ("https://login.example.com/a?b=c", None, None),
            ("https://[2001:db8::1]/", None, None),
            ("HTTPS://login.example.com", None, None),
            ("http://127.0.0.1:9000/", Some(E::PlainHttp), None),
            ("http://127.9.9.9/", Some(E::PlainHttp), None),
            ("http://[::1]:9000/", Some(E::PlainHttp), None),
            ("http://localhost:9000/", Some(E::PlainHttp), None),
            (
                "http://login.example.com/",
                Some(E::NotOnLoopback),
                Some(E::NotOnLoopback),
            ),
            (
                "http://localhost.example.com/",
                Some(E::NotOnLoopback),
                Some(E::NotOnLoopback),
            ),
            (
                "http://10.0.0.1/",
                Some(E::NotOnLoopback),
                Some(E::NotOnLoopback),
            ),
            (
                "http://0.0.0.0/",
                Some(E::NotOnLoopback),
                Some(E::NotOnLoopback),
            ),
            (
                "http://169.254.169.254/latest",
                Some(E::NotOnLoopback),
                Some(E::NotOnLoopback),
            ),
            ("file:///etc/passwd", Some(E::NotHttps), Some(E::NotHttps)),
            (
                "data:application/json,{}",
                Some(E::NotHttps),
                Some(E::NotHttps),
            ),
            (
                "ftp://login.example.com/",
                Some(E::NotHttps),
                Some(E::NotHttps),
            ),
            ("login.example.com", Some(E::NotAUrl), Some(E::NotAUrl)),
            ("/jwks", Some(E::NotAUrl), Some(E::NotAUrl)),
            ("", Some(E::NotAUrl), Some(E::NotAUrl)),
            ("https://", Some(E::NotAUrl), Some(E::NotAUrl)),
            (
                "https://ann@login.example.com/",
                Some(E::UserInfo),
                Some(E::UserInfo),
            ),
            (
                "https://:pw@login.example.com/",
                Some(E::UserInfo),
                Some(E::UserInfo),
            ),
            (
                "https://login.example.com/#a",
                Some(E::Fragment),
                Some(E::Fragment),
            ),
        ] {
            assert_eq!(
                Address::new(text, PlainHttp::Refused).err(),
                refused,
                "{text}"
            );
            assert_eq!(
                Address::new(text, PlainHttp::OnLoopback).err(),
                on_loopback,
                "{text}"
            );
        }
    }
}
