//! poem: `#[handler]`, and routes with a typed state.
#![expect(clippy::unused_async, reason = "handlers are asynchronous")]

use std::hint::black_box;

use auth_core::poem::GuardedRoute;
use auth_core::{Authenticated, requires_auth};
use poem::{Endpoint, EndpointExt as _, Request, Route, get, handler};

use super::{served, template};
use crate::app::{self, User};
use crate::measure::Variant;
use crate::request::run;

#[handler]
async fn open() -> &'static str {
    "ok"
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[handler]
async fn bare(user: Authenticated<User>) -> &'static str {
    black_box(&user.name);
    "ok"
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn token(user: Authenticated<User>) -> &'static str {
    black_box(&user.name);
    "ok"
}

pub(super) fn variants() -> Vec<Variant<'static>> {
    let (app, _) = app::state();
    let routed = Route::new().at("/", get(bare));
    let guarded = GuardedRoute::new(app.clone()).at("/", auth_core::poem::get(token));
    vec![
        called("unguarded", Route::new().at("/", get(open))),
        called("`#[handler]`", routed.data(app::registry(&app))),
        called("GuardedRoute", guarded),
    ]
}

fn called(name: &str, routes: impl Endpoint + 'static) -> Variant<'static> {
    let template = template();
    served(name, move || {
        let mut request = Request::default();
        template.fill(request.headers_mut());
        run(routes.get_response(request)).status().as_u16()
    })
}
