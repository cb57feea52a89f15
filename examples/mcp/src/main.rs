//! A server of the Model Context Protocol with two tools: every caller may list orders, and deleting one takes a scope of
//! its own. First start the identity provider:
//!
//! ```text
//! (cd examples/oauth-resource-server/provider && npm ci --ignore-scripts && node provider.mjs)
//! cargo run -p mcp-example
//! ```
//!
//! prints lines to call it with. `PORT=3000` takes another port than 8080, `PORT=0` a free one; `ISSUER` is another
//! provider. Standard error shows each decision.

use std::error::Error;
use std::io::{IsTerminal as _, Write as _, stderr, stdout};
use std::net::Ipv4Addr;
use std::sync::Arc;

use auth_core::axum::GuardedRouter;
use auth_core::jwt::{Audience, Issuer, JwtVerifier, RemoteKeys};
use auth_core::mcp::McpLayer;
use auth_core::outbound::PlainHttp;
use auth_core::{AuthState, Authenticated, ProtectedResource, Revocation, Settings, auth_policy};
use axum::Router;
use http::request::Parts;
use rmcp::handler::server::tool::Extension;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, ServerHandler, schemars, tool, tool_handler, tool_router};
use tokio::net::TcpListener;
use tower::Layer as _;

/// What this server reads from a token.
#[derive(Clone, serde::Deserialize)]
struct Claims {
    sub: String,
}

/// Who checks what.
#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: JwtVerifier<Claims>,
    #[auth(settings)]
    settings: Settings,
}

/// What every request needs.
#[auth_policy(scheme = "Bearer", realm = "Orders", scope = "orders:read")]
struct Api;

/// What a tool that changes something needs beside that.
#[auth_policy(Api, scope = "orders:write")]
struct WriteOrders;

struct Orders;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    /// The number of the order.
    id: u32,
}

#[tool_router]
impl Orders {
    #[tool(description = "Lists your orders")]
    fn list_orders(Extension(head): Extension<Parts>) -> Result<String, ErrorData> {
        Ok(format!("the orders of {}", caller(&head)?.sub))
    }

    #[tool(description = "Deletes an order")]
    fn delete_order(
        Extension(head): Extension<Parts>,
        Parameters(Order { id }): Parameters<Order>,
    ) -> Result<String, ErrorData> {
        Ok(format!("{} deleted order {id}", caller(&head)?.sub))
    }
}

#[tool_handler]
impl ServerHandler for Orders {}

/// rmcp hands the head of the HTTP request to tools, and in it is whom the layer admitted.
fn caller(head: &Parts) -> Result<&Authenticated<Claims>, ErrorData> {
    let caller = head.extensions.get();
    caller.ok_or_else(|| ErrorData::internal_error("there is no layer", None))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal())
        .init();
    let variable = |name, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
    let port: u16 = variable("PORT", "8080").parse()?;
    let issuer = variable("ISSUER", "http://127.0.0.1:9000");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let server = format!("{origin}/mcp");

    // `OnLoopback` is for the provider beside this example: with a real one, leave it out.
    let keys = RemoteKeys::discover(Issuer::new(issuer.as_str()))
        .with_plain_http(PlainHttp::OnLoopback)
        .start()
        .await?;
    let audience = Audience::new(server.as_str());
    let resource = ProtectedResource::builder(server.as_str(), issuer.as_str())
        .scopes(["orders:read", "orders:write"])
        .build()?;
    let settings = Settings::new().with_protected_resource(resource);
    let metadata = GuardedRouter::new().protected_resource(&settings);
    let app = App {
        tokens: JwtVerifier::with_remote_keys(keys, audience, Revocation::None)?,
        settings,
    };

    let layer = McpLayer::<Api, _, Authenticated<Claims>>::builder(app)
        .tool::<Api>("list_orders")
        .tool::<WriteOrders>("delete_order")
        .offered(
            Orders::tool_router()
                .list_all()
                .into_iter()
                .map(|tool| tool.name),
        )
        .bind_sessions(|user| user.sub.clone())
        .build()?;
    let sessions = Arc::new(LocalSessionManager::default());
    let config = StreamableHttpServerConfig::default();
    let orders = StreamableHttpService::new(|| Ok(Orders), sessions, config);
    let router = Router::new()
        .route_service("/mcp", layer.layer(orders))
        .merge(metadata.into_router());

    let calls = include_str!("calls.sh");
    writeln!(
        stdout(),
        "ISSUER='{issuer}'\nMCP='{server}'\n{calls}\nlistening on {origin}"
    )?;
    Ok(axum::serve(listener, router).await?)
}
