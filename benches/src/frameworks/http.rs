//! Plain `http`: functions from request to response.
#![expect(clippy::unused_async, reason = "handlers are asynchronous")]

use std::hint::black_box;

use auth_core::http::Guarded;
use auth_core::{Authenticated, requires_auth};
use axum::body::Body;
use http::{Request, Response};

use super::{served, template};
use crate::app::{self, User};
use crate::measure::Variant;
use crate::request::run;

async fn open(_: Request<Body>) -> Response<Body> {
    Response::new("ok".into())
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn token(user: Authenticated<User>, _: Request<Body>) -> Response<Body> {
    black_box(&user.name);
    Response::new("ok".into())
}

pub(super) fn variants() -> Vec<Variant<'static>> {
    let guarded = Guarded::new(app::state().0, token);
    let request = {
        let template = template();
        move || template.request()
    };
    let again = request.clone();
    vec![
        served("unguarded", move || run(open(request())).status().as_u16()),
        served("Guarded", move || {
            run(guarded.call(again())).status().as_u16()
        }),
    ]
}
