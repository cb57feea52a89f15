//! The servers that must all answer alike.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use auth_core::http::Guarded;
use axum::body::Body;
use http::{Request, Response, StatusCode};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::app::{self, App};

type Answer = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// A way to serve the handlers of [`app`], each at the path of its name.
pub struct Server {
    pub name: &'static str,
    serve: Box<dyn Fn(Request<Body>) -> Answer + Send + Sync>,
}

impl Server {
    pub async fn answer(&self, request: Request<Body>) -> Response<Body> {
        (self.serve)(request).await
    }
}

macro_rules! serve {
    ($($handler:ident),* $(,)?) => {
        /// The handlers on an axum router.
        pub fn router(app: Arc<App>) -> axum::Router {
            axum::Router::new()
                $(.route(concat!("/", stringify!($handler)), axum::routing::any(app::$handler)))*
                .layer(auth_core::axum::DigestLayer::new())
                .with_state(app)
        }

        /// The same on a router that takes only decided handlers.
        pub fn guarded_router(app: Arc<App>) -> axum::Router {
            auth_core::axum::GuardedRouter::new()
                $(.route(concat!("/", stringify!($handler)), auth_core::axum::any(app::$handler)))*
                .with_state(app)
                .into_router()
        }

        async fn plain(app: Arc<App>, request: Request<Body>) -> Response<Body> {
            match request.uri().path() {
                $(concat!("/", stringify!($handler)) => Guarded::new(app, app::$handler).call(request).await,)*
                _ => not_found(),
            }
        }

        async fn tower(app: Arc<App>, request: Request<Body>) -> Response<Body> {
            match request.uri().path() {
                $(concat!("/", stringify!($handler)) => {
                    Guarded::new(app, app::$handler).oneshot(request).await.unwrap_or_else(|never| match never {})
                })*
                _ => not_found(),
            }
        }
    };
}

serve!(
    bearer,
    scoped,
    basic,
    basic_without_charset,
    digest,
    api_key,
    scoped_key,
    named_key,
    either,
    carriers,
    optional,
    promised,
    failing,
    named_policy,
    health,
    both,
    two_issuers,
    session,
    clerks,
    stepped_up,
    secure,
    permitted,
);

/// Listens on a free port of the loopback interface, until the test ends.
pub async fn listen(router: axum::Router) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Every server, for one application.
#[must_use]
pub fn all(app: &Arc<App>) -> [Server; 4] {
    let (axum, guarded) = (router(Arc::clone(app)), guarded_router(Arc::clone(app)));
    let (for_plain, for_tower) = (Arc::clone(app), Arc::clone(app));
    [
        Server {
            name: "axum",
            serve: Box::new(move |request| {
                let router = axum.clone();
                Box::pin(async move { router.oneshot(request).await.unwrap() })
            }),
        },
        Server {
            name: "axum, guarded",
            serve: Box::new(move |request| {
                let router = guarded.clone();
                Box::pin(async move { router.oneshot(request).await.unwrap() })
            }),
        },
        Server {
            name: "http",
            serve: Box::new(move |request| Box::pin(plain(Arc::clone(&for_plain), request))),
        },
        Server {
            name: "tower",
            serve: Box::new(move |request| Box::pin(tower(Arc::clone(&for_tower), request))),
        },
    ]
}

#[must_use]
pub fn not_found() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// The two kinds that listen on a socket.
#[derive(Clone, Copy, Debug)]
pub enum Listening {
    Axum,
    /// hyper, and the handlers as plain `http` ones.
    Hyper,
}

impl Listening {
    pub const BOTH: [Self; 2] = [Self::Axum, Self::Hyper];

    /// Listens on a free port of the loopback interface, until the test ends.
    pub async fn start(self, app: Arc<App>) -> SocketAddr {
        match self {
            Self::Axum => listen(router(app)).await,
            Self::Hyper => {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
                let address = listener.local_addr().unwrap();
                tokio::spawn(hyper_loop(listener, app));
                address
            }
        }
    }
}

async fn hyper_loop(listener: TcpListener, app: Arc<App>) {
    while let Ok((stream, _)) = listener.accept().await {
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            let service =
                hyper::service::service_fn(move |request: Request<hyper::body::Incoming>| {
                    let answer = plain(Arc::clone(&app), request.map(Body::new));
                    async move { Ok::<_, std::convert::Infallible>(answer.await) }
                });
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(hyper_util::rt::TokioIo::new(stream), service)
                .await;
        });
    }
}
