//! The two ways to serve handlers on poem, as drivers of the tests that all servers share.

use std::net::TcpListener;

use auth_core::poem::{GuardedRoute, Owned};
use auth_tests::app::{self, App};
use auth_tests::conformance::conforms;
use auth_tests::connections::each_request_is_judged_by_itself;
use auth_tests::drivers::{Driver, POEM, POEM_ROUTE};
use auth_tests::handlers::{CASE, HANDLER, served};
use auth_tests::paths::no_spelling_leads_past_the_guard;
use poem::http::{HeaderMap, HeaderValue};
use poem::listener::TcpAcceptor;
use poem::{Body, Endpoint, EndpointExt as _, IntoResponse as _, Response, Route, Server};

/// Handlers of `#[handler]`, which find a registry.
const HANDLERS: Driver = Driver {
    name: POEM,
    serve: |listener, pace, settings| {
        let registry = app::registry(pace, settings);
        serve(listener, bare::routes().data(registry));
    },
};

/// Functions on our routes, which find a state with types.
const GUARDED_ROUTE: Driver = Driver {
    name: POEM_ROUTE,
    serve: |listener, pace, settings| {
        serve(
            listener,
            routed::routes(&App::with_settings(pace, settings)),
        );
    },
};

fn serve(listener: TcpListener, app: impl Endpoint + 'static) {
    let acceptor = TcpAcceptor::from_std(listener).unwrap();
    tokio::spawn(Server::new_with_acceptor(acceptor).run(app));
}

async fn answer(name: &'static str, who: String, fields: &HeaderMap, body: Body) -> Response {
    let body = body.into_bytes().await.unwrap();
    let case = fields.get(CASE).map(HeaderValue::as_bytes);
    let mut response = served(name, &who, case, &body).into_response();
    let name = HeaderValue::from_static(name);
    response.headers_mut().insert(HANDLER, name);
    response
}

mod bare {
    use auth_tests::handlers::*;
    use poem::{get, handler};

    use super::*;

    macro_rules! table {
        ($($(#[$($decision:tt)*])* $name:ident($($caller:ident: $identity:ty)?) => $who:expr;)*) => {
            $(
                $(#[$($decision)*])*
                #[handler]
                async fn $name($($caller: $identity,)? fields: &HeaderMap, body: Body) -> Response {
                    answer(stringify!($name), $who.to_string(), fields, body).await
                }
            )*

            pub(super) fn routes() -> Route {
                let deep = Route::new().at("/clerks", get(clerks)).at("/*rest", elsewhere);
                let nested = Route::new()
                    .at("/bearer", get(bearer))
                    .at("/items/:id", get(bearer))
                    .nest("/b", deep)
                    .at("/*rest", elsewhere);
                Route::new()
                    $(.at(concat!("/", stringify!($name)), $name))*
                    .nest("/a", nested)
                    .at("/*rest", elsewhere)
            }
        };
    }

    auth_tests::handlers!(table);
}

mod routed {
    use std::sync::Arc;

    use auth_core::poem::{any, get};
    use auth_tests::handlers::*;

    use super::*;

    macro_rules! table {
        ($($(#[$($decision:tt)*])* $name:ident($($caller:ident: $identity:ty)?) => $who:expr;)*) => {
            $(
                $(#[$($decision)*])*
                async fn $name($($caller: $identity,)? fields: Owned<HeaderMap>, body: Body) -> Response {
                    answer(stringify!($name), $who.to_string(), &fields, body).await
                }
            )*

            pub(super) fn routes(app: &Arc<App>) -> GuardedRoute<Arc<App>> {
                let deep = GuardedRoute::new(Arc::clone(app))
                    .at("/clerks", get(clerks))
                    .at("/*rest", any(elsewhere));
                let nested = GuardedRoute::new(Arc::clone(app))
                    .at("/bearer", get(bearer))
                    .at("/items/:id", get(bearer))
                    .nest("/b", deep)
                    .at("/*rest", any(elsewhere));
                GuardedRoute::new(Arc::clone(app))
                    $(.at(concat!("/", stringify!($name)), any($name)))*
                    .nest("/a", nested)
                    .at("/*rest", any(elsewhere))
            }
        };
    }

    auth_tests::handlers!(table);
}

#[tokio::test]
async fn handlers_conform() {
    conforms(HANDLERS).await;
}

#[tokio::test]
async fn guarded_routes_conform() {
    conforms(GUARDED_ROUTE).await;
}

/// V11
#[tokio::test]
async fn v11_no_spelling_leads_past_the_guard_of_a_handler() {
    no_spelling_leads_past_the_guard(HANDLERS).await;
}

/// V11
#[tokio::test]
async fn v11_no_spelling_leads_past_the_guard_of_a_route() {
    no_spelling_leads_past_the_guard(GUARDED_ROUTE).await;
}

#[tokio::test]
async fn requests_to_handlers_are_judged_one_by_one() {
    each_request_is_judged_by_itself(HANDLERS).await;
}

#[tokio::test]
async fn requests_to_guarded_routes_are_judged_one_by_one() {
    each_request_is_judged_by_itself(GUARDED_ROUTE).await;
}
