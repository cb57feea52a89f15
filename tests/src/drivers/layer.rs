//! The layer of tower, around handlers of axum that find the caller in the extensions.

use std::sync::Arc;

use auth_core::Unseen;
use auth_core::tower::GuardLayer;
use axum::Router;
use axum::body::Body;
use axum::extract::Extension;
use axum::routing::{MethodRouter, any, get};
use http::Request;

use super::policies;
use crate::app::{self, App};
use crate::handlers::*;

/// How a handler without a decision is routed.
macro_rules! route {
    ($method:ident, $app:ident, $name:ident($caller:ident: $identity:ty) => $who:expr; requires_auth) => {
        $method(|Extension($caller): Extension<$identity>, request: Request<Body>| async move {
            app::answer(stringify!($name), &$who, request).await
        })
        .layer(GuardLayer::<policies::$name, _, $identity, _>::seeing_bodies(Arc::clone($app)))
    };
    ($method:ident, $app:ident, $name:ident() => $who:expr; requires_auth) => {
        route!($method, $app, $name() => $who; public)
            .layer(GuardLayer::<policies::$name, _, Unseen, _>::seeing_bodies(Arc::clone($app)))
    };
    ($method:ident, $app:ident, $name:ident() => $who:expr; public) => {
        $method(|request: Request<Body>| async move {
            app::answer(stringify!($name), &$who, request).await
        })
    };
}

macro_rules! table {
    ($($(#[$decision:ident $demands:tt])* $name:ident $caller:tt => $who:expr;)*) => {
        /// All handlers, and these under other paths.
        pub(super) fn router(app: &Arc<App>) -> Router {
            let deep = Router::new().route("/clerks", of_get("clerks", app));
            let nested = Router::new()
                .route("/bearer", of_get("bearer", app))
                .route("/items/{id}", of_get("bearer", app))
                .nest("/b", deep);
            Router::new()
                $(.route(
                    concat!("/", stringify!($name)),
                    route!(any, app, $name $caller => $who; $($decision)*),
                ))*
                .nest("/a", nested)
                .fallback_service(any(|request: Request<Body>| {
                    app::answer("elsewhere", &"-", request)
                }))
        }

        fn of_get(name: &str, app: &Arc<App>) -> MethodRouter {
            match name {
                $(stringify!($name) => route!(get, app, $name $caller => $who; $($decision)*),)*
                _ => unreachable!("the table has all of them"),
            }
        }
    };
}

crate::handlers!(table);
