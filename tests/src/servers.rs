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

/// What a path with letters behind a guarded one ends in.
const ITEMS: &str = "/a/items/";

macro_rules! table {
    ($($(#[$($decision:tt)*])* $handler:ident($($caller:tt)*) => $who:expr;)*) => {
        /// The handlers on an axum router.
        pub fn router(app: Arc<App>) -> axum::Router {
            use axum::routing::{any, get};
            let deep = axum::Router::new().route("/clerks", get(app::clerks));
            let nested = axum::Router::new()
                .route("/bearer", get(app::bearer))
                .route("/items/{id}", get(app::bearer))
                .nest("/b", deep);
            axum::Router::new()
                $(.route(concat!("/", stringify!($handler)), any(app::$handler)))*
                .nest("/a", nested)
                .fallback(app::elsewhere)
                .layer(auth_core::axum::DigestLayer::new())
                .with_state(app)
        }

        /// The same on a router that takes only decided handlers.
        pub fn guarded_router(app: Arc<App>) -> axum::Router {
            use auth_core::axum::{GuardedRouter, any, get};
            let deep = GuardedRouter::new().route("/clerks", get(app::clerks));
            let nested = GuardedRouter::new()
                .route("/bearer", get(app::bearer))
                .route("/items/{id}", get(app::bearer))
                .nest("/b", deep);
            GuardedRouter::new()
                $(.route(concat!("/", stringify!($handler)), any(app::$handler)))*
                .nest("/a", nested)
                .fallback(app::elsewhere)
                .with_state(app)
                .into_router()
        }

        /// The same without a framework.
        pub async fn plain(app: Arc<App>, request: Request<Body>) -> Response<Body> {
            match handler_of(&request) {
                $(stringify!($handler) => Guarded::new(app, app::$handler).call(request).await,)*
                _ => unreachable!("the table has all of them"),
            }
        }

        /// The same as services.
        pub async fn tower(app: Arc<App>, request: Request<Body>) -> Response<Body> {
            match handler_of(&request) {
                $(stringify!($handler) => {
                    Guarded::new(app, app::$handler).oneshot(request).await.unwrap_or_else(|never| match never {})
                })*
                _ => unreachable!("the table has all of them"),
            }
        }

        const NAMES: &[&str] = &[$(stringify!($handler)),*];
    };
}

crate::handlers!(table);

/// What routes where there is no router.
#[must_use]
pub fn handler_of<B>(request: &Request<B>) -> &'static str {
    let path = request.uri().path();
    if request.method() == http::Method::GET {
        match path {
            "/a/bearer" => return "bearer",
            "/a/b/clerks" => return "clerks",
            _ if path
                .strip_prefix(ITEMS)
                .is_some_and(|id| !id.is_empty() && !id.contains('/')) =>
            {
                return "bearer";
            }
            _ => {}
        }
    }
    let named = NAMES
        .iter()
        .find(|name| path.strip_prefix('/') == Some(**name));
    named.copied().unwrap_or("elsewhere")
}

/// Listens on a free port of the loopback interface, until the test ends.
pub async fn listen(router: axum::Router) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Every server, for one application, in this process: what is not seen over a connection.
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
