//! salvo: `#[handler]` behind a registry.

use std::hint::black_box;

use auth_core::{Authenticated, requires_auth};
use http::uri::Scheme;
use salvo::conn::SocketAddr;
use salvo::{ConnCtrl, Request, Router, Service, Writer as _, handler};

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
async fn token(user: Authenticated<User>) -> &'static str {
    black_box(&user.name);
    "ok"
}

pub(super) fn variants() -> Vec<Variant<'static>> {
    let registry = app::registry(&app::state().0);
    vec![
        called("unguarded", Router::new().get(open)),
        called("`#[handler]`", Router::new().hoop(registry).get(token)),
    ]
}

fn called(name: &str, router: Router) -> Variant<'static> {
    // As its server makes one for each connection.
    let peer = SocketAddr::Unknown;
    let handler = Service::new(router).hyper_handler(
        peer.clone(),
        peer,
        Scheme::HTTP,
        None,
        ConnCtrl::new(),
        None,
    );
    let template = template();
    served(name, move || {
        let mut request = Request::new();
        template.fill(request.headers_mut());
        let answer = run(handler.handle(request));
        answer.status_code.expect("a status").as_u16()
    })
}
