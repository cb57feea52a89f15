//! Servers of the Model Context Protocol (MCP) over streamable HTTP: a layer before rmcp's `StreamableHttpService`, or
//! any other such service, that knows who calls, and which tool.
//!
//! rmcp answers every call of a tool with 200, whatever the tool says: what is to be 401 or 403 is decided before it.
//!
//! ```
//! use auth_core::mcp::{McpLayer, McpLayerError};
//! use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, Settings, auth_policy};
//!
//! #[derive(AuthState)]
//! struct App {
//!     #[auth(Bearer)]
//!     tokens: FnVerifier<Bearer, String>, // a `JwtVerifier<Claims>`
//!     #[auth(settings)]
//!     settings: Settings, // with the `ProtectedResource`, for `resource_metadata` in the challenges
//! }
//!
//! /// What every request needs.
//! #[auth_policy(scheme = "Bearer", realm = "Orders", scope = "orders:read")]
//! struct Api;
//!
//! /// What some tools need beside that.
//! #[auth_policy(Api, scope = "orders:write")]
//! struct WriteOrders;
//!
//! fn layer(app: App) -> Result<McpLayer<Api, App, Authenticated<String>>, McpLayerError> {
//!     McpLayer::<Api, _, Authenticated<String>>::builder(app)
//!         .tool::<Api>("list_orders")
//!         .tool::<WriteOrders>("delete_order")
//!         .bind_sessions(|user| user.identity().clone())
//!         .build()
//! }
//! ```
//!
//! With axum: `Router::new().route_service("/mcp", layer.layer(streamable_http_service))`, beside
//! `GuardedRouter::protected_resource`, which serves the metadata. `examples/mcp` is a whole server.
//!
//! Names of tools are strings to the compiler. Give [`offered`](McpLayerBuilder::offered) those that the server lists: then
//! `build` fails for a tool without a policy, and for a policy whose tool is misspelt or gone. Without it such a tool is refused
//! when it is called, and the log does not say which.
//!
//! # What is decided when
//!
//! 1. Policy `P` of the layer decides about every request, whatever its method: `GET` and `DELETE` of sessions too.
//!    Nothing of the content is read before, and nothing is said of it.
//! 2. A `tools/call` is decided by the policy of its tool. It narrows `P`, so a refusal names all that the call needs
//!    at once: `Bearer realm="Orders", scope="orders:read orders:write", error="insufficient_scope",
//!    resource_metadata="…"`.
//! 3. A tool without a policy is refused (403), unless there is [`other_tools`](McpLayerBuilder::other_tools).
//! 4. Any other method (`tools/list`, `prompts/get`, `resources/read`, `tasks/get` …) needs `P` and no more.
//!
//! Clients of MCP's revision 2026-07-28 say in `Mcp-Method` and `Mcp-Name` which tool they call (SEP-2243). Then the
//! policy of the tool decides at once: one decision, and a refusal comes before the content is read. The fields have to
//! agree with the message, whatever revision the client speaks; what they do not say is read in the message.
//!
//! Else there are **two decisions**: that of `P`, then, with the message read, that of the tool's policy, unless it is
//! `P` itself. Both are told to the log and to metrics, each by the name of its policy, and **the verifier is asked
//! twice**. `JwtVerifier` answers the second time from memory, and so does `Introspection` if it remembers; one that
//! counts attempts counts two. Credentials that are good for one decision do not suffice for two: hence no Digest here
//! ([`McpLayerError::Digest`]). The second decision refuses a token that ended while the message arrived; where there is
//! one, a token that was good at the beginning is good for the request.
//!
//! # Which tool is called
//!
//! The message is read as a whole, up to [`max_message_len`](McpLayerBuilder::max_message_len), and is handed to the
//! server as it came. So that the server cannot read another tool in it than was judged, whatever may be read in two
//! ways is refused, with a JSON-RPC error that a [`MessageFault`] describes:
//!
//! | status | what was sent |
//! | --- | --- |
//! | 400 | a member of the envelope, or `name`, `arguments` or `_meta` of a call, that occurs twice, or in another case; batches; what is not one JSON object in UTF-8; a method that is not ASCII; a call without one name; a header field of MCP's that occurs twice, or says something else than the message |
//! | 404 | a session of somebody else, or an event (`Last-Event-ID`) |
//! | 413 | a message that is too long |
//! | 415 | no content type, several, or another one than `application/json`; a `Content-Encoding` but `identity` |
//!
//! These are refusals of a message, not of a caller: they are no events and are not counted, and come after the caller
//! was admitted.
//!
//! Names of tools are compared octet by octet, as rmcp does. Escapes in JSON strings (`"na\u006de"`) are undone first.
//! A layer that decompresses requests, or changes them in another way, belongs outside of this one.
//!
//! # Who calls, in a tool
//!
//! rmcp puts the head of the HTTP request into the context of each call, and the identity is in the extensions of that
//! head. In a `#[tool]` the argument is `Extension(parts): Extension<http::request::Parts>` of
//! `rmcp::handler::server::tool`; elsewhere `context.extensions.get::<http::request::Parts>()`.
//!
//! ```
//! # use auth_core::Authenticated;
//! # struct Claims { sub: String }
//! fn caller(parts: &http::request::Parts) -> Option<&Authenticated<Claims>> {
//!     parts.extensions.get::<Authenticated<Claims>>()
//! }
//! ```
//!
//! It is always that of the request at hand, never that of whoever opened the session. The field `Authorization` is in
//! the head as well: MCP forbids to pass the token on to other services.
//!
//! # Sessions
//!
//! Before the revision 2026-07-28 a server may open sessions, and rmcp does unless `legacy_session_mode` is off. It
//! serves a session to everybody who names it. MCP's "Security best practices" forbid to take a session for a proof of
//! who calls, and ask to bind it to the user: the first is done here for every request, the second by
//! [`bind_sessions`](McpLayerBuilder::bind_sessions). Without it another user of the server who learns the id of a
//! session can read its streams, put messages into it (in its own name) and end it. With it clients get an id that is bound
//! to the user by a MAC, and the server gets its own id back; nothing is stored. The ids of events are bound in the same way,
//! with and without a session: rmcp looks for the event of `Last-Event-ID` in the whole `EventStore`, whatever session asks
//! for it.
//!
//! # Limits
//!
//! - A stream that was opened stays open when its token ends.
//! - `tools/list` shows all tools to everybody whom `P` admits.
//! - A task (`tasks/get`, `tasks/update`, `tasks/cancel`) is had by everybody whom `P` admits and who knows its id: that is
//!   for the server to bind to users. So are, without `bind_sessions`, the events of every stream (`Last-Event-ID` with an
//!   event store).
//! - No policy here is `optional` ([`McpLayerError::Optional`]): a server with tools for everybody has another endpoint
//!   for them.
//! - A call that the server makes by another way than `tools/call`, under a method of its own, is decided by `P`.
//! - `OPTIONS` needs credentials like all others: a CORS layer goes outside.
//! - The origin and host of a request are rmcp's to check (`allowed_hosts`, `allowed_origins`).
//! - There is no time limit on a message that arrives slowly: that is the server's.
//!
//! Sources: MCP's specification, revisions 2025-03-26 to 2026-07-28 (Authorization, Transports, Security best
//! practices), JSON-RPC 2.0, RFC 8259, RFC 9728.
//!
//! Beside those of `tower` the feature adds 21 crates, of which a program with rmcp and axum has all but `hmac` and
//! what that and `sha2` depend on.

mod admission;
mod body;
mod builder;
mod events;
mod fault;
mod head;
mod message;
mod sessions;

use core::fmt;
use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use self::admission::Admission;
pub use self::body::McpBody;
pub use self::builder::{
    DEFAULT_MAX_MESSAGE_LEN, MIN_SESSION_KEY_LEN, McpLayerBuilder, McpLayerError,
};
use self::events::EventIds;
pub use self::fault::MessageFault;
use crate::decide::Accepts;
use crate::guard::{Unseen, Wanted};
use crate::policy::Policy;
use crate::state::AuthState;

/// Guards an MCP server: every request has to meet policy `P`, and a call of a tool the policy of that tool. See the
/// [module](self).
///
/// The server finds the identity `W` in the extensions of the request.
pub struct McpLayer<P, St, W = Unseen> {
    admission: Arc<Admission<St, W>>,
    policy: PhantomData<fn() -> P>,
}

impl<P, St, W> McpLayer<P, St, W>
where
    P: Policy,
    P::Accepts: Accepts<St, W>,
    St: AuthState + 'static,
    W: Wanted + Clone + Sync,
{
    /// Begins a layer that checks with the verifiers of this state, which may be an `Arc`.
    pub fn builder(state: St) -> McpLayerBuilder<P, St, W> {
        McpLayerBuilder::new(state)
    }
}

impl<P, St, W> Clone for McpLayer<P, St, W> {
    fn clone(&self) -> Self {
        Self {
            admission: Arc::clone(&self.admission),
            policy: PhantomData,
        }
    }
}

impl<P, St, W> fmt::Debug for McpLayer<P, St, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("McpLayer")
    }
}

impl<Svc, P, St, W> Layer<Svc> for McpLayer<P, St, W> {
    type Service = McpService<Svc, P, St, W>;

    fn layer(&self, inner: Svc) -> Self::Service {
        McpService {
            inner,
            layer: self.clone(),
        }
    }
}

/// A guarded MCP server; made by [`McpLayer`].
pub struct McpService<Svc, P, St, W = Unseen> {
    inner: Svc,
    layer: McpLayer<P, St, W>,
}

impl<Svc: Clone, P, St, W> Clone for McpService<Svc, P, St, W> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            layer: self.layer.clone(),
        }
    }
}

impl<Svc, P, St, W> fmt::Debug for McpService<Svc, P, St, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("McpService")
    }
}

impl<Svc, P, St, W, B, B2> Service<Request<B>> for McpService<Svc, P, St, W>
where
    Svc: Service<Request<McpBody<B>>, Response = Response<B2>> + Clone + Send + 'static,
    Svc::Future: Send,
    P: Policy,
    P::Accepts: Accepts<St, W>,
    St: AuthState + 'static,
    W: Wanted + Clone + Sync,
    B: Body<Data = Bytes> + Send + 'static,
    B2: Body<Data = Bytes>,
{
    type Response = Response<McpBody<B2>>;
    type Error = Svc::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Svc::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Svc::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The instance that said it is ready takes the request; its clone may not be ready yet.
        let next = self.inner.clone();
        let mut ready = core::mem::replace(&mut self.inner, next);
        let admission = Arc::clone(&self.layer.admission);
        Box::pin(async move {
            match admission.admit(request).await {
                Ok((request, caller)) => {
                    let mut response = ready.call(request).await?;
                    let fields = response.headers_mut();
                    let events = admission.sessions.as_ref().and_then(|sessions| {
                        sessions.bind(fields, &caller);
                        sessions.binds_events(fields, &caller)
                    });
                    Ok(match events {
                        Some(mark) => {
                            response.map(|body| McpBody::events(body, EventIds::new(mark)))
                        }
                        None => response.map(McpBody::other),
                    })
                }
                Err(answer) => Ok(answer.map(McpBody::whole)),
            }
        })
    }
}
