//! `http::check`, called by hand, with the registry as the state.

use auth_core::http::check;
use auth_core::{Refusal, Registry, RequestView, Unseen};
use axum::body::Body;
use http::{Request, Response};

use super::policies;
use crate::handlers::*;
use crate::{app, servers};

/// Who calls, or the refusal.
macro_rules! caller {
    ($registry:ident, $request:ident, $name:ident(): requires_auth) => {
        let _caller: Unseen =
            check::<policies::$name, _, _>(&$registry, RequestView::of(&$request)).await?;
    };
    ($registry:ident, $request:ident, $name:ident($caller:ident: $identity:ty): requires_auth) => {
        let $caller: $identity =
            check::<policies::$name, _, _>(&$registry, RequestView::of(&$request)).await?;
    };
    ($registry:ident, $request:ident, $name:ident(): public) => {};
}

macro_rules! table {
    ($($(#[$decision:ident $demands:tt])* $name:ident $caller:tt => $who:expr;)*) => {
        async fn checked(registry: Registry, request: Request<Body>) -> Result<Response<Body>, Refusal> {
            match servers::handler_of(&request) {
                $(stringify!($name) => {
                    caller!(registry, request, $name $caller: $($decision)*);
                    Ok(app::answer(stringify!($name), &$who, request).await)
                })*
                _ => unreachable!("the table has all of them"),
            }
        }
    };
}

crate::handlers!(table);

pub(super) async fn answer(registry: Registry, request: Request<Body>) -> Response<Body> {
    let answer = checked(registry, request).await;
    answer.unwrap_or_else(Refusal::into_response)
}
