//! axum.

use std::hint::black_box;

use auth_core::axum::GuardedRouter;
use auth_core::{Authenticated, requires_auth};
use axum::Router;
use axum::routing::get;

use super::{served, template};
use crate::app::{self, User};
use crate::measure::Variant;
use crate::request::serve;

async fn open() -> &'static str {
    "ok"
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn token(user: Authenticated<User>) -> &'static str {
    black_box(&user.name);
    "ok"
}

pub(super) fn variants() -> Vec<Variant<'static>> {
    let (app, _) = app::state();
    let route = |name, router: Router| {
        let template = template();
        served(name, move || serve(&router, &template).as_u16())
    };
    let guarded = GuardedRouter::new().route("/", auth_core::axum::get(token));
    vec![
        route("unguarded", Router::new().route("/", get(open))),
        route(
            "guarded",
            Router::new().route("/", get(token)).with_state(app.clone()),
        ),
        route("GuardedRouter", guarded.with_state(app).into_router()),
    ]
}
