//! The tables that all servers answer: see `auth_tests::drivers`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::{App as ActixApp, HttpRequest, HttpResponse, HttpServer, web};
use auth_core::actix::{GuardedScope, any, get};
use auth_tests::app::{self, App};
use auth_tests::conformance::conforms;
use auth_tests::connections::each_request_is_judged_by_itself;
use auth_tests::drivers::{ACTIX, ACTIX_SCOPE, Driver};
use auth_tests::handlers::*;
use auth_tests::paths::no_spelling_leads_past_the_guard;
use futures_util::StreamExt as _;

async fn answer(
    handler: &'static str,
    who: &dyn std::fmt::Display,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let mut body = Vec::new();
    // A request with CONNECT has no content (RFC 9110 §9.3.6); what actix-web gives is the tunnel, which has no end.
    let has_content = request.method() != Method::CONNECT;
    while has_content && let Some(piece) = payload.next().await {
        body.extend_from_slice(&piece.unwrap());
    }
    let case = request.headers().get(CASE).map(HeaderValue::as_bytes);
    let content = served(handler, who, case, &body);
    HttpResponse::Ok()
        .insert_header((HANDLER, handler))
        .body(content)
}

macro_rules! table {
    ($($(#[$($decision:tt)*])* $name:ident($($caller:ident: $identity:ty)?) => $who:expr;)*) => {
        $(
            $(#[$($decision)*])*
            async fn $name(
                $($caller: $identity,)?
                request: HttpRequest,
                payload: web::Payload,
            ) -> HttpResponse {
                answer(stringify!($name), &$who, request, payload).await
            }
        )*

        fn bare(config: &mut web::ServiceConfig) {
            let deep = web::scope("/b").route("/clerks", web::get().to(clerks));
            let nested = web::scope("/a")
                .route("/bearer", web::get().to(bearer))
                .route("/items/{id}", web::get().to(bearer))
                .service(deep);
            config
                $(.route(concat!("/", stringify!($name)), web::route().to($name)))*
                .service(nested)
                .default_service(web::route().to(elsewhere));
        }

        fn scope(app: Arc<App>) -> GuardedScope<Arc<App>> {
            let deep = GuardedScope::new("/b", app.clone())
                .route("/clerks", get(clerks))
                .default_service(elsewhere);
            let nested = GuardedScope::new("/a", app.clone())
                .route("/bearer", get(bearer))
                .route("/items/{id}", get(bearer))
                .service(deep)
                .default_service(elsewhere);
            GuardedScope::new("", app)
                $(.route(concat!("/", stringify!($name)), any($name)))*
                .service(nested)
                .default_service(elsewhere)
        }
    };
}

auth_tests::handlers!(table);

macro_rules! serve {
    ($listener:ident, $app:expr) => {
        // actix-web has a runtime of its own.
        thread::spawn(move || {
            let server = HttpServer::new(move || $app)
                .workers(1)
                .disable_signals()
                .listen($listener)
                .unwrap();
            actix_web::rt::System::new().block_on(server.run())
        });
    };
}

const BARE: Driver = Driver {
    name: ACTIX,
    serve: |listener: TcpListener, pace, settings| {
        let registry = app::registry(pace, settings);
        serve!(
            listener,
            ActixApp::new().app_data(registry.clone()).configure(bare)
        );
    },
};

const SCOPE: Driver = Driver {
    name: ACTIX_SCOPE,
    serve: |listener: TcpListener, pace, settings| {
        let scope = scope(App::with_settings(pace, settings));
        serve!(listener, ActixApp::new().service(scope.clone()));
    },
};

#[tokio::test]
async fn bare_handlers_conform() {
    conforms(BARE).await;
}

#[tokio::test]
async fn the_guarded_scope_conforms() {
    conforms(SCOPE).await;
}

#[tokio::test]
async fn v11_no_spelling_leads_past_the_guard_of_a_bare_handler() {
    no_spelling_leads_past_the_guard(BARE).await;
}

#[tokio::test]
async fn v11_no_spelling_leads_past_the_guard_of_a_scope() {
    no_spelling_leads_past_the_guard(SCOPE).await;
}

#[tokio::test]
async fn requests_to_bare_handlers_are_judged_one_by_one() {
    each_request_is_judged_by_itself(BARE).await;
}

#[tokio::test]
async fn requests_to_a_scope_are_judged_one_by_one() {
    each_request_is_judged_by_itself(SCOPE).await;
}
