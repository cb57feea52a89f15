//! actix-web: handlers that it routes by itself, and a guarded scope; the same with JWTs.

use std::future::{Ready, ready};
use std::hint::black_box;
use std::sync::Arc;

use actix_web::dev::{Payload, Service as _};
use actix_web::error::ErrorUnauthorized;
use actix_web::http::header::{ACCEPT, AUTHORIZATION, HOST, HeaderValue, USER_AGENT};
use actix_web::test::{TestRequest, init_service};
use actix_web::web::{ReqData, ServiceConfig, get, scope};
use actix_web::{App, FromRequest, HttpMessage as _, HttpRequest};
use actix_web_httpauth::extractors::bearer::BearerAuth;
use actix_web_httpauth::middleware::HttpAuthentication;
use auth_core::actix::GuardedScope;
use auth_core::{Authenticated, requires_auth};
use jsonwebtoken::decode;

use super::served;
use crate::app::{self, User};
use crate::jwt::{Case, Claims};
use crate::measure::Variant;
use crate::request::run;

async fn open() -> &'static str {
    "ok"
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn token(user: Authenticated<User>) -> &'static str {
    black_box(&user.name);
    "ok"
}

/// An extractor as people write it.
#[derive(Debug)]
struct ByHand(Arc<User>);

impl FromRequest for ByHand {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let user = || {
            let app: &Arc<app::App> = request.app_data()?;
            let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
            let user = app.users.get(value.strip_prefix("Bearer ")?)?;
            Some(Self(Arc::clone(user)))
        };
        ready(user().ok_or_else(|| ErrorUnauthorized("")))
    }
}

async fn token_by_hand(user: ByHand) -> &'static str {
    black_box(&user.0.name);
    "ok"
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn jwt(user: Authenticated<Claims>) -> &'static str {
    black_box(&user.sub);
    "ok"
}

async fn behind_httpauth(user: ReqData<Claims>) -> &'static str {
    black_box(&user.sub);
    "ok"
}

/// `/open`, and by an opaque token `/bare`, routed by actix-web, `/auth`, in a guarded scope, and `/hand`.
pub fn by_token(app: &Arc<app::App>) -> impl Fn(&mut ServiceConfig) + Clone + Send + 'static {
    let (app, registry) = (Arc::clone(app), app::registry(app));
    let guarded = GuardedScope::new("/auth", Arc::clone(&app));
    let guarded = guarded.route("", auth_core::actix::get(token));
    move |config| {
        config
            .service(scope("/open").route("", get().to(open)))
            .service(
                scope("/bare")
                    .app_data(registry.clone())
                    .route("", get().to(token)),
            )
            .service(guarded.clone())
            .service(
                scope("/hand")
                    .app_data(Arc::clone(&app))
                    .route("", get().to(token_by_hand)),
            );
    }
}

/// By a JWT `/jwt_bare`, routed by actix-web, `/jwt` and `/jwt_seen`, in guarded scopes, the last one with tokens that it
/// has seen before, and `/httpauth`, actix-web-httpauth around `jsonwebtoken::decode`.
pub fn by_jwt(case: &Case) -> impl Fn(&mut ServiceConfig) + Clone + Send + 'static {
    let registry = case.registry.clone();
    let [fresh, seen] = [("/jwt", &case.app), ("/jwt_seen", &case.seen)].map(|(path, app)| {
        GuardedScope::new(path, Arc::clone(app)).route("", auth_core::actix::get(jwt))
    });
    let settings = Arc::clone(&case.app.by_hand);
    move |config| {
        let settings = Arc::clone(&settings);
        let httpauth = HttpAuthentication::bearer(move |request, bearer: BearerAuth| {
            let decoded = decode::<Claims>(bearer.token(), &settings.key, &settings.validation);
            ready(match decoded {
                Ok(token) => {
                    request.extensions_mut().insert(token.claims);
                    Ok(request)
                }
                Err(_) => Err((ErrorUnauthorized(""), request)),
            })
        });
        config
            .service(
                scope("/jwt_bare")
                    .app_data(registry.clone())
                    .route("", get().to(jwt)),
            )
            .service(fresh.clone())
            .service(seen.clone())
            .service(
                scope("/httpauth")
                    .wrap(httpauth)
                    .route("", get().to(behind_httpauth)),
            );
    }
}

pub(super) fn variants() -> Vec<Variant<'static>> {
    let (app, _) = app::state();
    [
        ("unguarded", "/open"),
        ("bare handler", "/bare"),
        ("GuardedScope", "/auth"),
        ("by hand", "/hand"),
    ]
    .map(|(name, path)| {
        let service = run(init_service(App::new().configure(by_token(&app))));
        let token = HeaderValue::from_str(&format!("Bearer {}", app::TOKEN));
        let token = token.expect("a field value");
        served(name, move || {
            let mut request = TestRequest::with_uri(path).to_request();
            let fields = request.headers_mut();
            fields.insert(HOST, HeaderValue::from_static("api.example.com"));
            fields.insert(USER_AGENT, HeaderValue::from_static("curl/8.5.0"));
            fields.insert(ACCEPT, HeaderValue::from_static("*/*"));
            fields.insert(AUTHORIZATION, token.clone());
            let answer = run(service.call(request)).expect("an answer");
            answer.status().as_u16()
        })
    })
    .into()
}
