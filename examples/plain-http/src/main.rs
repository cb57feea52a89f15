//! Guarded handlers without a framework: hyper 1 and the `http` crate.
//!
//! ```text
//! cargo run -p plain-http
//! ```
//!
//! prints a fresh API key and `curl` lines for it. `PORT=3000` takes another port than 8080, `PORT=0` a
//! free one.

use std::error::Error;
use std::io::{Write as _, stdout};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use auth_core::http::Guarded;
use auth_core::{ApiKeyGenerator, ApiKeys, AuthState, Authenticated, public, requires_auth};
use bytes::Bytes;
use http::header::{ALLOW, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

type Answer = Response<Full<Bytes>>;

#[derive(AuthState)]
struct App {
    #[auth(ApiKey)]
    keys: ApiKeys<&'static str>,
}

#[requires_auth(scheme = "ApiKey", header = "X-API-Key", realm = "API")]
async fn data(owner: Authenticated<&'static str>, _request: Request<Incoming>) -> Answer {
    Response::new(format!("hello {}\n", *owner).into())
}

#[public(reason = "load balancer probe")]
async fn health(_request: Request<Incoming>) -> Answer {
    Response::new("ok\n".into())
}

/// Method and path only say which handler; what a handler demands stands on the handler.
async fn route(app: Arc<App>, request: Request<Incoming>) -> Answer {
    match (request.method().as_str(), request.uri().path()) {
        ("GET" | "HEAD" | "POST", "/data") => Guarded::new(app, data).call(request).await,
        ("GET" | "HEAD", "/health") => Guarded::new(app, health).call(request).await,
        (_, "/data") => not_allowed("GET, HEAD, POST"),
        (_, "/health") => not_allowed("GET, HEAD"),
        _ => empty(StatusCode::NOT_FOUND),
    }
}

/// RFC 9110 §15.5.6
fn not_allowed(methods: &'static str) -> Answer {
    let mut answer = empty(StatusCode::METHOD_NOT_ALLOWED);
    let methods = HeaderValue::from_static(methods);
    answer.headers_mut().insert(ALLOW, methods);
    answer
}

fn empty(status: StatusCode) -> Answer {
    let mut answer = Answer::default();
    *answer.status_mut() = status;
    answer
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8080".to_owned());
    let port: u16 = port.parse().map_err(|error| format!("PORT: {error}"))?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let origin = format!("http://{}", listener.local_addr()?);

    let keys = ApiKeys::new();
    let (key, hash) = ApiKeyGenerator::new("demo")?.generate()?;
    keys.insert(&hash, "Example Ltd");
    let app = Arc::new(App { keys });
    let key = key.expose();
    writeln!(
        stdout(),
        "# a good key: 200\ncurl -i -H 'X-API-Key: {key}' '{origin}/data'\n\
         # nothing presented: 401 and the challenge\ncurl -i '{origin}/data'\nlistening on {origin}"
    )?;

    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, say.
            tokio::time::sleep(Duration::from_secs(1)).await;
            continue;
        };
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            let answer = service_fn(|request| {
                let app = Arc::clone(&app);
                async { Ok::<_, std::convert::Infallible>(route(app, request).await) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), answer);
            // An error here is a client that went away.
            let _ = connection.await;
        });
    }
}
