//! Protected resource metadata (RFC 9728): how a client that was refused finds out where to get a token.

mod answer;
mod builder;
mod challenges;
mod document;
mod error;
mod served;

use core::fmt;
use std::sync::Arc;

use auth_syntax::ChallengeKind;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response};

use crate::policy::Member;
use challenges::Challenges;
use served::Served;

pub use builder::ProtectedResourceBuilder;
pub use error::ProtectedResourceError;

/// What this service is to OAuth clients: a protected resource, with the metadata that say where to get tokens for it
/// (RFC 9728). Clients of the Model Context Protocol find their way by it.
///
/// It goes into the [settings](crate::Settings::with_protected_resource). From then on every Bearer challenge says
/// where the metadata are, and the document is served from the same settings, so that the two cannot disagree:
///
#[cfg_attr(feature = "axum", doc = "```")]
#[cfg_attr(not(feature = "axum"), doc = "```ignore")]
/// use auth_core::{AuthState, Bearer, FnVerifier, ProtectedResource, Settings, requires_auth};
/// use auth_core::axum::{GuardedRouter, post};
/// use std::sync::Arc;
///
/// #[derive(AuthState)]
/// struct App {
///     #[auth(Bearer)]
///     tokens: FnVerifier<Bearer, String>,
///     #[auth(settings)]
///     settings: Settings,
/// }
///
/// #[requires_auth(scheme = "Bearer", realm = "MCP", scope = "tools:call")]
/// async fn mcp() -> &'static str { "…" }
///
/// fn settings() -> Result<Settings, auth_core::ProtectedResourceError> {
///     let resource = ProtectedResource::builder("https://api.example.com/mcp", "https://login.example.com")
///         .scopes(["tools:call"])
///         .build()?;
///     Ok(Settings::new().with_protected_resource(resource))
/// }
///
/// fn routes(app: Arc<App>) -> GuardedRouter {
///     GuardedRouter::new()
///         .route("/mcp", post(mcp))
///         .protected_resource(app.settings())
///         .with_state(app)
/// }
/// ```
///
/// A request without a token is then answered
///
/// ```text
/// WWW-Authenticate: Bearer realm="MCP", scope="tools:call",
///     resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/mcp"
/// ```
///
/// (on one line), and there is the document:
///
/// ```json
/// {"resource":"https://api.example.com/mcp","authorization_servers":["https://login.example.com"],
///  "scopes_supported":["tools:call"],"bearer_methods_supported":["header"]}
/// ```
///
/// - **The URL is configured** and never taken from `Host`, `Forwarded` or `X-Forwarded-Host`, which clients write.
///   Behind a proxy write what clients see. The proxy has to hand on the metadata path as well, which lies outside of
///   the path of the resource.
/// - **The identifier is published as it is written.** A client compares it with the URL that it called (RFC 9728
///   §3.3): write it exactly as clients use it, without a slash at the end unless they write one.
/// - **Scripts in browsers** can read the document from any origin. They see the challenge only if the answers of the
///   guarded handlers expose `WWW-Authenticate` (`Access-Control-Expose-Headers`, Fetch standard): that is for your
///   CORS layer to say, see `GuardedRouter::preflight`.
/// - **Bearer first.** The TypeScript client of the Model Context Protocol reads the URL only if Bearer is the first
///   challenge: in `any(..)` write Bearer before the others.
/// - One set of settings has one resource. A service that is several of them has a state for each.
///
/// It is cheap to clone: clones share the document and the challenges.
#[derive(Clone)]
pub struct ProtectedResource(Arc<Inner>);

struct Inner {
    identifier: String,
    metadata_url: String,
    /// How long the origin is with which the URL begins.
    origin_len: usize,
    document: Bytes,
    challenges: Challenges,
    served: Served,
}

impl ProtectedResource {
    /// A resource with nothing more to tell than [`builder`](Self::builder) asks for.
    ///
    /// ```
    /// use auth_core::ProtectedResource;
    ///
    /// let resource = ProtectedResource::new("https://api.example.com/mcp", "https://login.example.com")?;
    /// assert_eq!(
    ///     resource.metadata_url(),
    ///     "https://api.example.com/.well-known/oauth-protected-resource/mcp",
    /// );
    /// # Ok::<(), auth_core::ProtectedResourceError>(())
    /// ```
    ///
    /// # Errors
    /// A URL that cannot be published.
    pub fn new(
        identifier: impl Into<String>,
        authorization_server: impl Into<String>,
    ) -> Result<Self, ProtectedResourceError> {
        Self::builder(identifier, authorization_server).build()
    }

    /// Begins with the resource identifier, as clients use it, and the issuer identifier of the first authorization
    /// server whose tokens are taken. RFC 9728 could do without the latter; a client could not.
    ///
    /// Both are `https`, or `http` on a loopback host (`localhost`, `127.0.0.0/8`, `[::1]`), and have no user, no query
    /// and no fragment. RFC 9728 §1.2 allows a query in the identifier, advising against it; here it is refused, since
    /// routers tell documents apart by path.
    pub fn builder(
        identifier: impl Into<String>,
        authorization_server: impl Into<String>,
    ) -> ProtectedResourceBuilder {
        ProtectedResourceBuilder::new(identifier.into(), authorization_server.into())
    }

    fn of(identifier: String, metadata_url: String, origin_len: usize, document: Bytes) -> Self {
        Self(Arc::new(Inner {
            identifier,
            metadata_url,
            origin_len,
            document,
            challenges: Challenges::default(),
            served: Served::default(),
        }))
    }

    /// The resource identifier, as it was written.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.0.identifier
    }

    /// Where clients find the document (RFC 9728 §3): `/.well-known/oauth-protected-resource` between the host and the
    /// path of the identifier. A slash that is all of that path is left out.
    ///
    /// ```
    /// # use auth_core::ProtectedResource;
    /// let resource = ProtectedResource::new("https://api.example.com/", "https://login.example.com")?;
    /// assert_eq!(resource.metadata_url(), "https://api.example.com/.well-known/oauth-protected-resource");
    /// # Ok::<(), auth_core::ProtectedResourceError>(())
    /// ```
    #[must_use]
    pub fn metadata_url(&self) -> &str {
        &self.0.metadata_url
    }

    /// The path of [`metadata_url`](Self::metadata_url), for a router.
    #[must_use]
    pub fn metadata_path(&self) -> &str {
        self.0
            .metadata_url
            .get(self.0.origin_len..)
            .unwrap_or_default()
    }

    /// The document: JSON, written once.
    #[must_use]
    pub fn document(&self) -> Bytes {
        self.0.document.clone()
    }

    /// The answer, if the request is for the document; `None` for any other path. Call it before any guard: the
    /// document is for everybody. With feature `axum` there is `GuardedRouter::protected_resource`.
    ///
    /// `GET` and `HEAD` yield the document, which caches may keep for five minutes; `OPTIONS` (a preflight, too) what
    /// is allowed; other methods 405. `B` and `R` are the body types of the server at hand.
    ///
    /// ```
    /// use auth_core::ProtectedResource;
    /// use bytes::Bytes;
    /// use http::{Request, Response};
    ///
    /// fn serve(resource: &ProtectedResource, request: Request<Bytes>) -> Response<Bytes> {
    ///     if let Some(metadata) = resource.respond(&request) {
    ///         return metadata;
    ///     }
    ///     // … the guarded handlers
    ///     # Response::new(Bytes::new())
    /// }
    /// ```
    pub fn respond<B, R: From<Bytes>>(&self, request: &Request<B>) -> Option<Response<R>> {
        self.0.served.yes();
        let is_meant = request.uri().path() == self.metadata_path();
        is_meant.then(|| self.answer(request.method()))
    }

    /// The answer to a request that was routed here.
    pub(crate) fn answer<R: From<Bytes>>(&self, method: &Method) -> Response<R> {
        answer::answer(method, &self.0.document)
    }

    /// A router has a route for the document.
    #[cfg(any(feature = "actix", feature = "axum", feature = "poem"))]
    pub(crate) fn routed(&self) {
        self.0.served.yes();
    }

    /// The challenge of a member with the URL of the metadata. It is written once.
    pub(crate) fn challenge(&self, member: &Member, kind: ChallengeKind) -> HeaderValue {
        self.0.served.warn_unless(&self.0.metadata_url);
        self.0.challenges.of(member, kind, &self.0.metadata_url)
    }
}

impl fmt::Debug for ProtectedResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProtectedResource")
            .field("identifier", &self.0.identifier)
            .field("metadata_url", &self.0.metadata_url)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
