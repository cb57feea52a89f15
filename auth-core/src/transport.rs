//! Whether a request came over a secure transport.

use core::fmt;
use std::sync::Arc;

use auth_syntax::is_token;

use crate::request::RequestView;

/// How the application knows that a request came over a secure transport, for handlers that demand one.
///
/// A server cannot see it by itself: behind a proxy that ends TLS every connection looks alike, and what
/// a request says about itself, anybody can write. So nothing is believed unless it is configured; a
/// handler that demands a secure transport under [`Transport::unknown`] is answered 500, never a pass.
///
/// ```
/// use auth_core::{Settings, Transport};
/// // The proxy of this deployment sets the field in every request, and overwrites what clients sent.
/// let settings = Settings::new().with_transport(Transport::from_field("X-Forwarded-Proto"));
/// # let _ = settings;
/// ```
///
/// Credentials that came over a transport that is not secure were readable on the way: refusing them
/// does not make them secret again.
///
/// Source: RFC 9110 §17.16.1, and each scheme (RFC 7617 §4, RFC 6750 §5.3).
#[derive(Clone, Default)]
pub struct Transport(Source);

#[derive(Clone, Default)]
enum Source {
    #[default]
    Unknown,
    AlwaysSecure,
    Field(Box<str>),
    Rule(Arc<Rule>),
}

type Rule = dyn Fn(&RequestView<'_>) -> bool + Send + Sync;

impl Transport {
    /// Nothing is known. The default.
    #[must_use]
    pub const fn unknown() -> Self {
        Self(Source::Unknown)
    }

    /// Every request is secure: this server ends TLS itself and listens nowhere else, or only a proxy
    /// that ends TLS can reach it and turns plain requests away.
    #[must_use]
    pub const fn always_secure() -> Self {
        Self(Source::AlwaysSecure)
    }

    /// A request is secure if the field of this name occurs exactly once and is exactly `https`, in any
    /// letter case. A list (`https, http`) is not, since nobody can say which proxy wrote which member.
    ///
    /// # Security
    /// The field is as good as the proxy that writes it. **The proxy must set it in every request,
    /// overwriting what the client sent, and the server must not be reachable around the proxy**: else
    /// whoever sends `X-Forwarded-Proto: https` over plain HTTP is believed. A proxy that only adds the
    /// field where it is absent, or appends to it, is not enough. Some servers treat `X_Forwarded_Proto`
    /// as the same field; here it is another one.
    ///
    /// A name that no field can have leaves the transport unknown.
    #[must_use]
    pub fn from_field(name: impl Into<Box<str>>) -> Self {
        let name = name.into();
        if is_token(&name) {
            Self(Source::Field(name))
        } else {
            Self::unknown()
        }
    }

    /// A request is secure if the function says so: by what the server put into the extensions, say.
    ///
    /// ```
    /// use auth_core::{RequestView, Transport};
    ///
    /// /// Put into the extensions of each request by the part of this server that accepts connections.
    /// #[derive(Clone)]
    /// struct Connection { tls: bool }
    ///
    /// let transport = Transport::by(|request: &RequestView<'_>| {
    ///     request.extension::<Connection>().is_some_and(|connection| connection.tls)
    /// });
    /// # let _ = transport;
    /// ```
    #[must_use]
    pub fn by(rule: impl Fn(&RequestView<'_>) -> bool + Send + Sync + 'static) -> Self {
        Self(Source::Rule(Arc::new(rule)))
    }

    /// Whether the request came over a secure transport; `None` if the application did not say how to
    /// know.
    pub(crate) fn is_secure(&self, request: &RequestView<'_>) -> Option<bool> {
        match &self.0 {
            Source::Unknown => None,
            Source::AlwaysSecure => Some(true),
            Source::Field(name) => {
                let value = request.field(name);
                Some(value.is_some_and(|value| value.eq_ignore_ascii_case(b"https")))
            }
            Source::Rule(rule) => Some(rule(request)),
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Unknown => f.write_str("Transport(unknown)"),
            Source::AlwaysSecure => f.write_str("Transport(always secure)"),
            Source::Field(name) => write!(f, "Transport(from field {name})"),
            Source::Rule(_) => f.write_str("Transport(by rule)"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use http::Request;

    use super::Transport;
    use crate::request::RequestView;

    fn secure(transport: &Transport, fields: &[(&str, &str)]) -> Option<bool> {
        let mut request = Request::builder();
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let request = request.body(()).unwrap();
        transport.is_secure(&RequestView::of(&request))
    }

    #[test]
    fn h20_nothing_is_known_unless_configured() {
        let claims = [
            ("X-Forwarded-Proto", "https"),
            ("Forwarded", "proto=https"),
            ("X-Forwarded-Ssl", "on"),
            ("Host", "example.com:443"),
        ];
        assert_eq!(secure(&Transport::default(), &claims), None);
        assert_eq!(secure(&Transport::unknown(), &claims), None);
        let plain = [("X-Forwarded-Proto", "http")];
        assert_eq!(secure(&Transport::always_secure(), &plain), Some(true));
    }

    #[test]
    fn h20_v15_a_field_counts_once_and_whole() {
        let transport = Transport::from_field("X-Forwarded-Proto");
        for good in ["https", "HTTPS", "Https"] {
            let fields = [("x-forwarded-proto", good)];
            assert_eq!(secure(&transport, &fields), Some(true), "{good}");
        }
        for bad in [
            "http",
            "",
            "wss",
            "https,http",
            "http, https",
            "https, https",
            "httpss",
            "https:",
            "\"https\"",
            "on",
            "1",
        ] {
            let fields = [("X-Forwarded-Proto", bad)];
            assert_eq!(secure(&transport, &fields), Some(false), "{bad}");
        }
        assert_eq!(secure(&transport, &[]), Some(false));
        let twice = [
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Proto", "https"),
        ];
        assert_eq!(secure(&transport, &twice), Some(false));
    }

    #[test]
    fn h20_v23_no_other_field_counts() {
        let transport = Transport::from_field("X-Forwarded-Proto");
        for alias in ["X_Forwarded_Proto", "X-Forwarded-Protocol", "Forwarded"] {
            assert_eq!(secure(&transport, &[(alias, "https")]), Some(false));
            let beside = [("X-Forwarded-Proto", "http"), (alias, "https")];
            assert_eq!(secure(&transport, &beside), Some(false), "{alias}");
            // Nor does it spoil the one that counts.
            let beside = [("X-Forwarded-Proto", "https"), (alias, "http")];
            assert_eq!(secure(&transport, &beside), Some(true), "{alias}");
        }
    }

    #[test]
    fn h20_a_name_that_cannot_be_one_leaves_the_transport_unknown() {
        for bad in ["", "X Forwarded Proto", "X-Forwarded-Proto:", "caf\u{e9}"] {
            let sent = [("X-Forwarded-Proto", "https")];
            assert_eq!(secure(&Transport::from_field(bad), &sent), None, "{bad}");
        }
    }

    #[test]
    fn h20_a_rule_sees_the_request() {
        let transport = Transport::by(|request| request.extension::<u16>() == Some(&443));
        let mut request = Request::new(());
        assert_eq!(transport.is_secure(&RequestView::of(&request)), Some(false));
        request.extensions_mut().insert(443_u16);
        assert_eq!(transport.is_secure(&RequestView::of(&request)), Some(true));
    }

    #[test]
    fn it_can_be_printed() {
        let printed = |transport: Transport| format!("{transport:?}");
        assert_eq!(printed(Transport::unknown()), "Transport(unknown)");
        assert_eq!(
            printed(Transport::always_secure()),
            "Transport(always secure)"
        );
        assert_eq!(
            printed(Transport::from_field("P")),
            "Transport(from field P)"
        );
        assert_eq!(printed(Transport::by(|_| true)), "Transport(by rule)");
    }
}
