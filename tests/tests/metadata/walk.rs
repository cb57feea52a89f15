//! C-1, C-2: a client of the Model Context Protocol knows one URL. It finds the authorization server by what the
//! answers say, and by nothing else.

use std::net::SocketAddr;
use std::sync::Arc;

use auth_core::axum::{GuardedRouter, post};
use auth_core::{AuthState as _, ProtectedResource, Settings, requires_auth};
use auth_syntax::Challenges;
use auth_tests::app::{App, Pace};
use auth_tests::raw::{Answer, exchange};
use auth_tests::servers::not_found;
use axum::body::Body;
use http::Request;
use serde_json::Value;
use tokio::net::TcpListener;

#[requires_auth(scheme = "Bearer", realm = "MCP", scope = "tools:call")]
async fn mcp() -> &'static str {
    "mcp"
}

#[requires_auth(scheme = "Bearer", realm = "MCP", scope = "tools:call")]
async fn plain_mcp(_request: Request<Body>) -> http::Response<Body> {
    http::Response::new(Body::from("mcp"))
}

fn app(address: SocketAddr) -> Arc<App> {
    let identifier = format!("http://{address}/mcp");
    let resource = ProtectedResource::builder(identifier, "https://login.example.com/tenant")
        .scopes(["tools:call", "tools:list"])
        .build()
        .unwrap();
    App::with_settings(
        Pace::AtOnce,
        Settings::new().with_protected_resource(resource),
    )
}

fn on_axum(app: Arc<App>) -> axum::Router {
    GuardedRouter::new()
        .route("/mcp", post(mcp))
        .protected_resource(app.settings())
        .with_state(app)
        .into_router()
}

/// The handlers as plain `http` ones: the document goes before them.
fn on_http(app: Arc<App>) -> axum::Router {
    let service = tower::service_fn(move |request: Request<Body>| {
        let app = Arc::clone(&app);
        async move {
            let resource = app.settings().protected_resource().unwrap();
            if let Some(metadata) = resource.respond(&request) {
                return Ok::<_, std::convert::Infallible>(metadata);
            }
            Ok(match request.uri().path() {
                "/mcp" => {
                    auth_core::http::Guarded::new(app, plain_mcp)
                        .call(request)
                        .await
                }
                _ => not_found(),
            })
        }
    });
    axum::Router::new().fallback_service(service)
}

/// A request to a URL as it was told.
async fn fetch(method: &str, url: &str) -> Answer {
    let rest = url.strip_prefix("http://").unwrap();
    let (authority, path) = rest.split_once('/').unwrap();
    let address: SocketAddr = authority.parse().unwrap();
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {authority}\r\nMCP-Protocol-Version: 2025-06-18\r\nContent-Length: 0\r\n\r\n"
    );
    exchange(address, request).await.unwrap()
}

#[tokio::test]
async fn a_client_finds_the_authorization_server_from_a_bare_401_c1_c2() {
    for serve in [on_axum, on_http] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = serve(app(address));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let endpoint = format!("http://{address}/mcp");

        let refused = fetch("POST", &endpoint).await;
        assert_eq!(refused.status(), 401);
        let line = refused.field("www-authenticate")[0];
        let challenge = Challenges::new(line.as_bytes()).next().unwrap().unwrap();
        assert!(challenge.is("Bearer"));
        let url = challenge
            .param("resource_metadata")
            .unwrap()
            .as_str()
            .unwrap();
        // C-3: what to ask for.
        assert!(challenge.param("scope").unwrap().eq_str("tools:call"));

        let metadata = fetch("GET", url).await;
        assert_eq!(metadata.status(), 200);
        assert_eq!(metadata.field("content-type"), ["application/json"]);
        let document: Value = serde_json::from_str(&metadata.body).unwrap();
        // the URL that the client called, and the one from which the URL of the document is built.
        assert_eq!(document["resource"], endpoint);
        assert_eq!(
            url.replace("/.well-known/oauth-protected-resource", ""),
            document["resource"]
        );
        assert_eq!(
            document["authorization_servers"][0],
            "https://login.example.com/tenant"
        );
        assert_eq!(document["scopes_supported"][0], "tools:call");
        assert_eq!(
            document["bearer_methods_supported"],
            serde_json::json!(["header"])
        );

        // C-2: a client that sees no challenge looks at the well-known path of the endpoint.
        let guessed = format!("http://{address}/.well-known/oauth-protected-resource/mcp");
        assert_eq!(guessed, url);
        let head = fetch("HEAD", &guessed).await;
        assert_eq!(
            head.field("content-length"),
            metadata.field("content-length")
        );
    }
}
