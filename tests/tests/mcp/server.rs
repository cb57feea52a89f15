//! An rmcp server that remembers what it ran, and for whom.

use std::convert::Infallible;
use std::fmt::Display;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use auth_core::mcp::{McpBody, McpLayer, McpLayerBuilder, McpService};
use auth_core::{
    AuthState, Authenticated, Bearer, BearerToken, Cause, FnVerifier, Grants, ProtectedResource,
    ScopeHierarchy, Settings, Verified, auth_policy,
};
use axum::body::Body;
use bytes::Bytes;
use http::request::{Builder, Parts};
use http::{Request, Response};
use http_body_util::BodyExt as _;
use http_body_util::combinators::BoxBody;
use rmcp::handler::server::tool::Extension;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ServerHandler, tool, tool_handler, tool_router};
use serde_json::{Value, json};
use tower::{Layer as _, ServiceExt as _};

/// `Bearer ada.read.write` is Ada with the scopes `orders:read` and `orders:write`.
#[derive(AuthState)]
pub(crate) struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
    #[auth(settings)]
    settings: Settings,
}

#[auth_policy(scheme = "Bearer", realm = "Orders", scope = "orders:read")]
pub(crate) struct Api;

#[auth_policy(Api, scope = "orders:write")]
pub(crate) struct WriteOrders;

pub(crate) type User = Authenticated<String>;
pub(crate) type Unfinished = McpLayerBuilder<Api, App, User>;

pub(crate) const READ: &str = "ada.read";
pub(crate) const WRITE: &str = "ada.read.write";

/// What ran: `tool caller`.
#[derive(Clone, Default)]
pub(crate) struct Ran(Arc<Mutex<Vec<String>>>);

impl Ran {
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

#[derive(Clone)]
struct Orders(Ran);

impl Orders {
    fn run(&self, tool: &str, head: &Parts) -> String {
        let caller = head.extensions.get::<User>();
        let ran = format!("{tool} {}", caller.map_or("nobody", |caller| caller));
        self.0.0.lock().unwrap().push(ran.clone());
        ran
    }
}

#[tool_router]
impl Orders {
    #[tool(description = "Lists")]
    fn list_orders(&self, Extension(head): Extension<Parts>) -> String {
        self.run("list_orders", &head)
    }

    #[tool(description = "Deletes")]
    fn delete_order(&self, Extension(head): Extension<Parts>) -> String {
        self.run("delete_order", &head)
    }

    #[tool(description = "Was forgotten")]
    fn forgotten(&self, Extension(head): Extension<Parts>) -> String {
        self.run("forgotten", &head)
    }
}

#[tool_handler]
impl ServerHandler for Orders {}

type Rmcp = StreamableHttpService<Orders, LocalSessionManager>;

/// rmcp behind the layer, and how often the verifier was asked.
#[derive(Clone)]
pub(crate) struct Server {
    service: McpService<Rmcp, Api, App, User>,
    pub(crate) ran: Ran,
    pub(crate) asked: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) fn new(set_up: impl FnOnce(Unfinished) -> Unfinished) -> Self {
        Self::with(StreamableHttpServerConfig::default(), set_up)
    }

    /// One whose answers are JSON, without sessions.
    pub(crate) fn stateless(set_up: impl FnOnce(Unfinished) -> Unfinished) -> Self {
        let mut config = StreamableHttpServerConfig::default();
        config.legacy_session_mode = false;
        config.json_response = true;
        Self::with(config, set_up)
    }

    fn with(
        config: StreamableHttpServerConfig,
        set_up: impl FnOnce(Unfinished) -> Unfinished,
    ) -> Self {
        Self::with_sessions(LocalSessionManager::default(), config, set_up)
    }

    pub(crate) fn with_sessions(
        sessions: LocalSessionManager,
        config: StreamableHttpServerConfig,
        set_up: impl FnOnce(Unfinished) -> Unfinished,
    ) -> Self {
        let ran = Ran::default();
        let asked = Arc::new(AtomicUsize::new(0));
        let orders = Orders(ran.clone());
        let sessions = Arc::new(sessions);
        let rmcp = StreamableHttpService::new(move || Ok(orders.clone()), sessions, config);
        let layer = set_up(layer(&asked)).build().unwrap();
        Self {
            service: layer.layer(rmcp),
            ran,
            asked,
        }
    }

    pub(crate) async fn answer(
        &self,
        request: Request<Body>,
    ) -> Response<McpBody<BoxBody<Bytes, Infallible>>> {
        self.service.clone().oneshot(request).await.unwrap()
    }

    /// Status and body of the answer.
    pub(crate) async fn call(&self, request: Request<Body>) -> (u16, String) {
        let answer = self.answer(request).await;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    pub(crate) fn times_asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

pub(crate) fn layer(asked: &Arc<AtomicUsize>) -> Unfinished {
    let asked = Arc::clone(asked);
    let resource = ProtectedResource::new("https://api.example/mcp", "https://login.example");
    McpLayer::builder(App {
        tokens: FnVerifier::new(move |token: BearerToken<'_>| {
            asked.fetch_add(1, Ordering::SeqCst);
            let mut words = token.expose().split('.');
            match words.next() {
                Some(name @ ("ada" | "eve")) => Ok(Verified::new(name.to_owned()).with_grants(
                    Grants::none().with_scopes(words.map(|word| format!("orders:{word}"))),
                )),
                _ => Err(Cause::invalid_token("nobody's")),
            }
        }),
        settings: Settings::new()
            .with_protected_resource(resource.unwrap())
            .with_scope_hierarchy(
                ScopeHierarchy::new().implies("orders:admin", ["orders:read", "orders:write"]),
            ),
    })
}

/// The usual policies.
pub(crate) fn usual(layer: Unfinished) -> Unfinished {
    layer
        .tool::<Api>("list_orders")
        .tool::<WriteOrders>("delete_order")
}

/// A POST of something, with this token.
pub(crate) fn post(token: &str) -> Builder {
    Request::post("/mcp")
        .header("host", "localhost")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .header("authorization", format!("Bearer {token}"))
}

/// A call of a tool.
pub(crate) fn call(tool: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": {}}})
}

/// The same with what MCP's revision 2026-07-28 has in the message.
pub(crate) fn call_2026(tool: &str) -> Value {
    let mut call = call(tool);
    call["params"]["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    call
}

/// And what it has in the header fields.
pub(crate) fn post_2026(token: &str, tool: &str) -> Builder {
    post(token)
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "tools/call")
        .header("mcp-name", tool)
}

pub(crate) fn with(builder: Builder, message: impl Display) -> Request<Body> {
    builder.body(Body::from(message.to_string())).unwrap()
}
