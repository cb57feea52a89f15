//! Absolute URLs of settings: checked, and kept as they are written.
//!
//! A parser that repairs what it reads (as those of browsers do) would compare and publish another text than the one
//! that was written.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

/// The longest URL that is taken, in octets. It goes into header fields, which clients and proxies bound.
const MAX_LEN: usize = 2048;

/// What is wrong with a URL. It does not repeat the URL, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlProblem {
    /// It does not begin with `https://` or `http://`.
    NotAbsolute,
    /// It is longer than 2048 octets.
    TooLong,
    /// It is `http`, which is for loopback hosts only, if for any.
    NotHttps,
    /// It names a user or a password.
    UserInfo,
    /// The host is missing, or holds what no host name and no address holds.
    Host,
    /// What is behind the colon is no port.
    Port,
    /// A character that cannot stand in a URL (RFC 3986 §2), at this octet.
    Character {
        /// Where, counted from 0.
        at: usize,
    },
    /// A segment `.` or `..` in its path.
    DotSegment,
    /// It has a query.
    Query,
    /// It has a fragment.
    Fragment,
}

impl fmt::Display for UrlProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAbsolute => {
                "it does not begin with `https://`: write the whole URL, such as `https://api.example.com/mcp`"
            }
            Self::TooLong => "it is too long: write a URL of at most 2048 octets",
            Self::NotHttps => {
                "it is not `https`: write `https://`; plain `http` is for loopback hosts such as `localhost` only, and not for keys"
            }
            Self::UserInfo => "it names a user: write the host directly behind `://`, without `@`",
            Self::Host => {
                "its host is no host name and no IP address: write one such as `api.example.com`, `127.0.0.1` or `[::1]`, international names as `xn--…`"
            }
            Self::Port => "its port is none: write a number from 1 to 65535 behind the colon, or no colon",
            Self::Character { at } => {
                return write!(
                    f,
                    "at octet {at} is a character that cannot stand there: write it percent-encoded, such as `%20` for a space"
                );
            }
            Self::DotSegment => {
                "its path holds a segment `.` or `..`, which clients resolve: write the path without"
            }
            Self::Query => "it has a query: write it without `?` and what follows",
            Self::Fragment => "it has a fragment: write it without `#` and what follows",
        })
    }
}

impl core::error::Error for UrlProblem {}

/// A URL that was read, by its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Url<'a> {
    text: &'a str,
    is_https: bool,
    is_loopback: bool,
    /// Where the path begins; it may be empty.
    path_at: usize,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

impl<'a> Url<'a> {
    /// Reads an `http` or `https` URL (RFC 3986 §3, RFC 9110 §4.2). Nothing is decoded and nothing changed.
    pub(crate) fn read(text: &'a str) -> Result<Self, UrlProblem> {
        if text.len() > MAX_LEN {
            return Err(UrlProblem::TooLong);
        }
        let (scheme, rest) = text.split_once("://").ok_or(UrlProblem::NotAbsolute)?;
        let is_https = scheme.eq_ignore_ascii_case("https");
        if !is_https && !scheme.eq_ignore_ascii_case("http") {
            return Err(UrlProblem::NotAbsolute);
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, behind) = rest.split_at(end);
        let is_loopback = read_authority(authority)?;
        let path_at = text.len() - behind.len();
        check_characters(behind, path_at)?;
        let (hierarchy, fragment) = cut(behind, '#');
        let (path, query) = cut(hierarchy, '?');
        if path.split('/').any(is_dots) {
            return Err(UrlProblem::DotSegment);
        }
        Ok(Self {
            text,
            is_https,
            is_loopback,
            path_at,
            path,
            query,
            fragment,
        })
    }

    /// Demands `https`.
    pub(crate) fn https(self) -> Result<Self, UrlProblem> {
        self.is_https.then_some(self).ok_or(UrlProblem::NotHttps)
    }

    /// Demands `https`, or a loopback host.
    pub(crate) fn https_or_loopback(self) -> Result<Self, UrlProblem> {
        if self.is_loopback {
            return Ok(self);
        }
        self.https()
    }

    /// Demands that there is no fragment.
    pub(crate) fn without_fragment(self) -> Result<Self, UrlProblem> {
        match self.fragment {
            None => Ok(self),
            Some(_) => Err(UrlProblem::Fragment),
        }
    }

    /// Demands that there is neither query nor fragment.
    pub(crate) fn bare(self) -> Result<Self, UrlProblem> {
        if self.query.is_some() {
            return Err(UrlProblem::Query);
        }
        self.without_fragment()
    }

    /// What stands before the path: `https://api.example.com:8443`.
    pub(crate) fn origin(&self) -> &'a str {
        self.text.get(..self.path_at).unwrap_or_default()
    }

    /// The path as it is written, which may be empty.
    pub(crate) fn path(&self) -> &'a str {
        self.path
    }
}

/// Whether the host is one of this machine.
fn read_authority(authority: &str) -> Result<bool, UrlProblem> {
    if authority.contains('@') {
        return Err(UrlProblem::UserInfo);
    }
    if let Some(address) = authority.strip_prefix('[') {
        let (address, behind) = address.split_once(']').ok_or(UrlProblem::Host)?;
        let address: Ipv6Addr = address.parse().map_err(|_| UrlProblem::Host)?;
        match behind.strip_prefix(':') {
            Some(port) => check_port(port)?,
            None if behind.is_empty() => {}
            None => return Err(UrlProblem::Host),
        }
        return Ok(address.is_loopback());
    }
    let (host, port) = cut(authority, ':');
    if let Some(port) = port {
        check_port(port)?;
    }
    let named = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    if host.is_empty() || host.starts_with('.') || !host.bytes().all(named) {
        return Err(UrlProblem::Host);
    }
    let address: Result<Ipv4Addr, _> = host.parse();
    Ok(
        host.eq_ignore_ascii_case("localhost")
            || address.is_ok_and(|address| address.is_loopback()),
    )
}

fn check_port(digits: &str) -> Result<(), UrlProblem> {
    let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
    match digits.parse::<u16>() {
        Ok(1..) if all_digits => Ok(()),
        _ => Err(UrlProblem::Port),
    }
}

/// RFC 3986 §3.3 to §3.5: `pchar`, `/`, `?`, one `#`; `%` with two hexadecimal digits.
fn check_characters(text: &str, start: usize) -> Result<(), UrlProblem> {
    let mut fragment = false;
    for (at, b) in text.bytes().enumerate() {
        let allowed = match b {
            b'%' => {
                let digits = text.as_bytes().get(at + 1..at + 3);
                digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            }
            b'#' => !core::mem::replace(&mut fragment, true),
            b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+'
            | b',' | b';' | b'=' | b':' | b'@' | b'/' | b'?' => true,
            _ => b.is_ascii_alphanumeric(),
        };
        if !allowed {
            return Err(UrlProblem::Character { at: start + at });
        }
    }
    Ok(())
}

/// Also as clients read them: `%2e` is a dot.
fn is_dots(segment: &str) -> bool {
    let decoded = segment.to_ascii_lowercase().replace("%2e", ".");
    matches!(&*decoded, "." | "..")
}

/// What is before the first `at`, and what is behind it if it is there.
fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, behind)) => (before, Some(behind)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Url, UrlProblem};

    #[test]
    fn parts_are_kept_as_they_are_written() {
        for (text, origin, path) in [
            ("https://api.example.com", "https://api.example.com", ""),
            ("https://api.example.com/", "https://api.example.com", "/"),
            (
                "HTTPS://API.Example.com:8443/A%2fb/;c=d@e",
                "HTTPS://API.Example.com:8443",
                "/A%2fb/;c=d@e",
            ),
            ("http://[::1]:80/x?y=/z#a/b?", "http://[::1]:80", "/x"),
            ("https://a?b", "https://a", ""),
        ] {
            let url = Url::read(text).unwrap();
            assert_eq!((url.origin(), url.path()), (origin, path), "{text}");
        }
    }

    #[test]
    fn what_is_no_url_is_told_by_its_reason() {
        use UrlProblem as P;
        let long = format!("https://a/{}", "b".repeat(2048));
        for (text, problem) in [
            ("", P::NotAbsolute),
            ("api.example.com", P::NotAbsolute),
            ("https:/a", P::NotAbsolute),
            ("//a", P::NotAbsolute),
            ("ftp://a", P::NotAbsolute),
            (" https://a", P::NotAbsolute),
            (&*long, P::TooLong),
            ("https://ada:secret@a", P::UserInfo),
            ("https://@a", P::UserInfo),
            ("https://", P::Host),
            ("https:///a", P::Host),
            ("https://:80", P::Host),
            ("https://.a", P::Host),
            ("https://bücher.example", P::Host),
            ("https://a b", P::Host),
            ("https://a\\b", P::Host),
            ("https://[::1", P::Host),
            ("https://[::1]a", P::Host),
            ("https://[1.2.3.4]", P::Host),
            ("https://a:", P::Port),
            ("https://a:0", P::Port),
            ("https://a:+80", P::Port),
            ("https://a:65536", P::Port),
            ("https://a:b:c", P::Port),
            ("https://a/b c", P::Character { at: 11 }),
            ("https://a/\"", P::Character { at: 10 }),
            ("https://a/\r\nx", P::Character { at: 10 }),
            ("https://a/{b}", P::Character { at: 10 }),
            ("https://a/é", P::Character { at: 10 }),
            ("https://a/%2", P::Character { at: 10 }),
            ("https://a/%zz", P::Character { at: 10 }),
            ("https://a/#b#c", P::Character { at: 12 }),
            ("https://a/../b", P::DotSegment),
            ("https://a/b/.", P::DotSegment),
            ("https://a/%2E./b", P::DotSegment),
        ] {
            assert_eq!(Url::read(text).err(), Some(problem), "{text}");
        }
    }

    #[test]
    fn demands_are_told_by_their_reason() {
        let read = |text| Url::read(text).unwrap();
        for loopback in [
            "http://localhost:80",
            "http://LOCALHOST",
            "http://127.8.0.1/",
            "http://[::1]",
        ] {
            assert!(read(loopback).https_or_loopback().is_ok(), "{loopback}");
            assert_eq!(read(loopback).https().err(), Some(UrlProblem::NotHttps));
        }
        for elsewhere in [
            "http://a",
            "http://localhost.a",
            "http://10.0.0.1",
            "http://[::2]",
            "http://127.0.0.1.a",
        ] {
            let refused = read(elsewhere).https_or_loopback();
            assert_eq!(refused.err(), Some(UrlProblem::NotHttps), "{elsewhere}");
        }
        assert_eq!(read("https://a?").bare().err(), Some(UrlProblem::Query));
        assert_eq!(read("https://a#").bare().err(), Some(UrlProblem::Fragment));
        assert!(read("https://a?b").without_fragment().is_ok());
        assert!(read("https://a?b#c").without_fragment().is_err());
    }
}
