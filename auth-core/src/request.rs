//! What a verifier may see of a request, whatever the framework.

use core::fmt;
use std::any::Any;
use std::net::SocketAddr;

use http::{Extensions, HeaderMap};

use auth_syntax::Declaration;

use crate::clock::Clock;
#[cfg(feature = "digest")]
use crate::exchange::{self, Exchange};
use crate::policy::Member;

/// Method, target, header fields and extensions of a request; never its body.
#[derive(Clone, Copy)]
pub struct RequestView<'r> {
    method: &'r str,
    target: &'r str,
    fields: &'r dyn Fields,
    extensions: Option<&'r Extensions>,
    peer: Option<&'r SocketAddr>,
    clock: &'r Clock,
    declaration: Option<&'r Declaration<'static>>,
}

/// The header fields of a request.
///
/// A framework with header types of its own implements it; [`http::HeaderMap`] does already.
pub trait Fields: Sync {
    /// Visits the values of all field lines of this name, in order. Names are compared without regard to
    /// case (RFC 9110 §5.1).
    fn each<'f>(&'f self, name: &str, visit: &mut dyn FnMut(&'f [u8]));

    /// The values of the first two field lines of this name: one says what was sent, two that it was
    /// sent more than once.
    fn first_two<'f>(&'f self, name: &str) -> [Option<&'f [u8]>; 2] {
        let mut two = [None, None];
        self.each(name, &mut |value| match two {
            [None, _] => two[0] = Some(value),
            [_, None] => two[1] = Some(value),
            _ => {}
        });
        two
    }
}

impl Fields for HeaderMap {
    fn each<'f>(&'f self, name: &str, visit: &mut dyn FnMut(&'f [u8])) {
        for value in self.get_all(name) {
            visit(value.as_bytes());
        }
    }

    fn first_two<'f>(&'f self, name: &str) -> [Option<&'f [u8]>; 2] {
        let mut lines = self.get_all(name).iter().map(http::HeaderValue::as_bytes);
        [lines.next(), lines.next()]
    }
}

impl<'r> RequestView<'r> {
    /// A view of its parts, for frameworks with request types of their own.
    pub fn new(method: &'r str, target: &'r str, fields: &'r dyn Fields) -> Self {
        Self {
            method,
            target,
            fields,
            extensions: None,
            peer: None,
            clock: const { &Clock::system() },
            declaration: None,
        }
    }

    /// A view of a request.
    pub fn of<B>(request: &'r http::Request<B>) -> Self {
        let method = request.method().as_str();
        let extensions = request.extensions();
        Self::new(method, target(request.uri(), extensions), request.headers())
            .with_extensions(extensions)
    }

    /// A view of the head of a request.
    pub fn of_parts(parts: &'r http::request::Parts) -> Self {
        let method = parts.method.as_str();
        Self::new(
            method,
            target(&parts.uri, &parts.extensions),
            &parts.headers,
        )
        .with_extensions(&parts.extensions)
    }

    /// The same, with what a layer or the server put into the request's extensions.
    #[must_use]
    pub fn with_extensions(mut self, extensions: &'r Extensions) -> Self {
        self.extensions = Some(extensions);
        self
    }

    /// The same, with the address of the peer, for frameworks that keep it elsewhere: [`extension`](Self::extension) gives it
    /// as a `SocketAddr`, if there is none in the extensions.
    #[must_use]
    pub fn with_peer(mut self, peer: &'r SocketAddr) -> Self {
        self.peer = Some(peer);
        self
    }

    pub(crate) fn with_clock(mut self, clock: &'r Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The same, for the verifier of this member.
    pub(crate) fn about(mut self, member: &'r Member) -> Self {
        self.declaration = Some(member.declaration());
        self
    }

    /// What the policy declares of the scheme whose credentials are checked: its realm, say. `None` where nothing is
    /// checked.
    pub fn declaration(&self) -> Option<&'r Declaration<'static>> {
        self.declaration
    }

    /// What time it is: whole seconds since 1970-01-01T00:00:00Z, by the clock of the application's
    /// [`Settings`](crate::Settings).
    pub fn unix_seconds(&self) -> u64 {
        self.clock.unix_seconds()
    }

    /// The clock of the application's [`Settings`](crate::Settings).
    #[cfg(any(feature = "introspection", feature = "digest"))]
    pub(crate) fn clock(&self) -> &'r Clock {
        self.clock
    }

    /// The method, in its own letter case.
    pub fn method(&self) -> &'r str {
        self.method
    }

    /// Path and query of the request target. Under nested routers of axum (feature `axum`), and where a layer remembers
    /// it (`axum::DigestLayer` and `http::GuardedBody::received`, with feature `digest`), this is what the client sent;
    /// else as the framework shows them here.
    pub fn target(&self) -> &'r str {
        self.target
    }

    /// The value of a header field that occurs exactly once; `None` if it is absent or repeated.
    pub fn field(&self, name: &str) -> Option<&'r [u8]> {
        match self.fields.first_two(name) {
            [value, None] => value,
            [_, Some(_)] => None,
        }
    }

    /// What a layer or the server put into the request's extensions: the peer's address, say.
    pub fn extension<T: Any + Send + Sync>(&self) -> Option<&'r T> {
        let found = self.extensions.and_then(Extensions::get);
        found.or_else(|| (self.peer? as &dyn Any).downcast_ref())
    }

    /// What a layer shows the guard beside the head of the request, and lets it add to the answer.
    #[cfg(feature = "digest")]
    pub(crate) fn exchange(&self) -> Option<&'r Exchange> {
        self.extension()
    }

    pub(crate) fn first_two(&self, name: &str) -> [Option<&'r [u8]>; 2] {
        self.fields.first_two(name)
    }

    /// The first two values of a cookie of exactly this name (RFC 6265 §4.2), blanks around them left out.
    /// Cookies may come in several field lines (RFC 9113 §8.2.3). An empty value may be quoted (RFC 6265
    /// §4.1.1): so servers send one that they take back.
    pub(crate) fn first_two_cookies(&self, name: &str) -> [Option<&'r [u8]>; 2] {
        let mut two = [None, None];
        self.fields.each("cookie", &mut |line| {
            for pair in line.split(|octet| *octet == b';') {
                let mut halves = pair.splitn(2, |octet| *octet == b'=');
                let (Some(found), Some(value)) = (halves.next(), halves.next()) else {
                    continue;
                };
                if found.trim_ascii() != name.as_bytes() {
                    continue;
                }
                let value = match value.trim_ascii() {
                    b"\"\"" => b"",
                    value => value,
                };
                match two {
                    [None, _] => two[0] = Some(value),
                    [_, None] => two[1] = Some(value),
                    _ => {}
                }
            }
        });
        two
    }

    pub(crate) fn is_head(&self) -> bool {
        self.method == "HEAD"
    }
}

/// As the client sent it: what signs a target signs that, and not what a router left of it.
pub(crate) fn target<'r>(uri: &'r http::Uri, extensions: &'r Extensions) -> &'r str {
    #[cfg(feature = "digest")]
    if let Some(target) = exchange::sent_target(extensions) {
        return target;
    }
    #[cfg(feature = "axum")]
    let uri = extensions
        .get::<axum::extract::OriginalUri>()
        .map_or(uri, |original| &original.0);
    #[cfg(not(feature = "axum"))]
    let _ = extensions;
    uri.path_and_query().map_or("/", |target| target.as_str())
}

/// Fields may hold credentials and targets may hold anything: neither is printed.
impl fmt::Debug for RequestView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestView")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}
