//! How the target of Digest credentials differs from that of the request.

use core::fmt;

#[cfg(feature = "digest")]
use crate::hex;

/// How the `uri` of Digest credentials differs from the target of the request, which it has to repeat octet for octet (RFC
/// 7616 §3.4.6). It tells nothing of either, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetDifference {
    /// `uri` has scheme and host, and path and query alone are expected.
    AbsoluteForm,
    /// The path is the same. `uri` lacks the query.
    QueryMissing,
    /// The path is the same, and the query another one, or one that the request does not have.
    OtherQuery,
    /// `uri` begins with path segments that the request lacks: where a proxy or layer strips a prefix.
    PrefixAdded,
    /// The request begins with path segments that `uri` lacks: where a proxy or layer adds a prefix.
    PrefixMissing,
    /// The same in another spelling: in percent-coding, or in the case of letters.
    Spelling,
    /// Anything else.
    Other,
}

impl TargetDifference {
    /// Of two that are not the same.
    #[cfg(feature = "digest")]
    pub(crate) fn between(uri: &str, target: &str) -> Self {
        if !uri.starts_with('/') && uri.contains("://") {
            return Self::AbsoluteForm;
        }
        if decoded(uri).eq(decoded(target)) {
            return Self::Spelling;
        }
        let ((uri, uri_query), (path, query)) = (parts(uri), parts(target));
        if uri == path {
            return match uri_query {
                None => Self::QueryMissing,
                Some(_) => Self::OtherQuery,
            };
        }
        if uri_query != query || !uri.starts_with('/') || !path.starts_with('/') {
            return Self::Other;
        }
        if uri.ends_with(path) {
            Self::PrefixAdded
        } else if path.ends_with(uri) {
            Self::PrefixMissing
        } else {
            Self::Other
        }
    }
}

/// Path and query.
#[cfg(feature = "digest")]
fn parts(target: &str) -> (&str, Option<&str>) {
    match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    }
}

/// The octets that a target stands for, letters in lower case.
#[cfg(feature = "digest")]
fn decoded(target: &str) -> impl Iterator<Item = u8> {
    let mut rest = target.as_bytes();
    core::iter::from_fn(move || {
        let octet = match rest {
            [b'%', high, low, behind @ ..] if let Some(octet) = hex::octet([*high, *low]) => {
                rest = behind;
                octet
            }
            [octet, behind @ ..] => {
                rest = behind;
                *octet
            }
            [] => return None,
        };
        Some(octet.to_ascii_lowercase())
    })
}

/// For logs: a few words, which are all there are.
impl fmt::Display for TargetDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AbsoluteForm => "it has scheme and host",
            Self::QueryMissing => "it lacks the query",
            Self::OtherQuery => "it has another query",
            Self::PrefixAdded => "it has a prefix that the target lacks",
            Self::PrefixMissing => "it lacks a prefix of the target",
            Self::Spelling => "it differs in percent-coding or in the case of letters",
            Self::Other => "it is another one",
        })
    }
}

#[cfg(all(test, feature = "digest"))]
mod tests {
    use super::TargetDifference::{
        self, AbsoluteForm, Other, OtherQuery, PrefixAdded, PrefixMissing, QueryMissing, Spelling,
    };

    // D-13: what a proxy, a layer or a client did to it is told, and nothing of it.
    #[test]
    fn d13_how_targets_differ_is_told_in_closed_words() {
        for (uri, target, expected) in [
            ("http://api.example.org/a?b", "/a?b", AbsoluteForm),
            ("HTTPS://api.example.org", "/", AbsoluteForm),
            ("/a", "/a?b=c", QueryMissing),
            ("/a?", "/a?b=c", OtherQuery),
            ("/a?b=d", "/a?b=c", OtherQuery),
            ("/a?b", "/a", OtherQuery),
            ("/api/a?b", "/a?b", PrefixAdded),
            ("/api/", "/", PrefixAdded),
            ("/a", "/api/a", PrefixMissing),
            ("/a%2fb", "/a%2Fb", Spelling),
            ("/%61", "/a", Spelling),
            ("/A", "/a", Spelling),
            ("/a?q=%22x%22", "/a?q=\"x\"", Spelling),
            ("/caf%c3%a9", "/caf\u{e9}", Spelling),
            ("/%", "/%2", Other),
            ("/api/a?b", "/a?c", Other),
            ("/api", "/", Other),
            ("/b", "/a", Other),
            ("/redirect?to=http://b", "/a", Other),
            ("*", "/a", Other),
            ("a", "/a", Other),
            ("/a", "*", Other),
            ("", "/", Other),
        ] {
            let found = TargetDifference::between(uri, target);
            assert_eq!(found, expected, "{uri} {target}");
            assert!(!found.to_string().contains('/'), "{found}");
        }
    }
}
