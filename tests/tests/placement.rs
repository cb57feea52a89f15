//! Other attributes above and below ours. What does not work is pinned in `tests/ui/placement`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use auth_core::{
    AuthState, Authenticated, Bearer, BearerToken, Cause, FnVerifier, Verified, auth_policy,
    public, requires_auth,
};
use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, instrument, span};
use utoipa::OpenApi as _;

const SECRET: &str = "f81d4fae-7dec-11d0";

#[derive(Clone, Debug)]
struct Claims {
    name: String,
    secret: &'static str,
}

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, Claims>,
}

fn app() -> App {
    App {
        tokens: FnVerifier::new(|token: BearerToken<'_>| match token.expose() {
            SECRET => Ok(Verified::new(Claims {
                name: "ann".to_owned(),
                secret: SECRET,
            })),
            _ => Err(Cause::InvalidCredentials),
        }),
    }
}

async fn guards<T: 'static>(handler: impl axum::handler::Handler<T, App>, expected: &str) {
    let router = Router::new()
        .route("/orders/{id}", get(handler))
        .with_state(app());
    let nobody = Request::get("/orders/7").body(Body::empty()).unwrap();
    let ann = Request::get("/orders/7")
        .header("authorization", format!("Bearer {SECRET}"))
        .body(Body::empty())
        .unwrap();
    let response = router.clone().oneshot(nobody).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let response = router.oneshot(ann).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, expected);
}

// `#[debug_handler]`: below ours, where it sees the guard.

#[requires_auth(scheme = "Bearer", realm = "API")]
#[axum::debug_handler(state = App)]
async fn debug_handler_below(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    format!("{} {id}", user.name)
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[axum::debug_handler(state = App)]
async fn debug_handler_below_without_identity(Path(id): Path<u32>) -> String {
    id.to_string()
}

type Id = Path<u32>;

#[requires_auth(scheme = "Bearer", realm = "API")]
#[axum::debug_handler(state = App)]
async fn debug_handler_below_of_alias_of_another_type(id: Id) -> String {
    id.to_string()
}

#[public(reason = "shows that it works")]
#[axum::debug_handler(state = App)]
async fn debug_handler_below_public(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[tokio::test]
async fn debug_handler() {
    guards(debug_handler_below, "ann 7").await;
    guards(debug_handler_below_without_identity, "7").await;
    guards(debug_handler_below_of_alias_of_another_type, "7").await;
    let _: axum::routing::MethodRouter<App> = get(debug_handler_below_public);
}

// `#[instrument]`: it records arguments by name and with `Debug`.

#[requires_auth(scheme = "Bearer", realm = "API")]
#[instrument]
async fn instrument_below(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    tracing::info!("inside");
    format!("{} {id}", user.name)
}

#[instrument]
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn instrument_above(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    tracing::info!("inside");
    format!("{} {id}", user.name)
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[instrument(skip(user))]
async fn instrument_below_skips(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    tracing::info!("inside");
    format!("{} {id}", user.name)
}

#[instrument(skip(user))]
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn instrument_above_skips(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    tracing::info!("inside");
    format!("{} {id}", user.name)
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[instrument(skip_all, fields(name = user.name, whole = ?user, id))]
async fn instrument_below_with_fields(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    tracing::Span::current().record("id", id);
    format!("{} {id}", user.name)
}

#[instrument(skip_all, fields(name = user.name, whole = ?user, id))]
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn instrument_above_with_fields(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    tracing::Span::current().record("id", id);
    format!("{} {id}", user.name)
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[instrument(ret, err(Debug))]
async fn instrument_below_with_result(
    user: Authenticated<Claims>,
    Path(id): Path<u32>,
) -> Result<String, StatusCode> {
    if user.secret.is_empty() {
        return Err(StatusCode::NOT_FOUND);
    }
    Ok(format!("{} {id}", user.name))
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[instrument]
async fn instrument_without_identity(Path(id): Path<u32>) -> String {
    tracing::info!("inside");
    id.to_string()
}

/// V28: whatever is recorded about a handler, no secret is among it.
#[tokio::test]
async fn instrument_records_no_secret() {
    let recorder = Recorder::default();
    let recording = tracing::subscriber::set_default(recorder.clone());
    guards(instrument_below, "ann 7").await;
    guards(instrument_above, "ann 7").await;
    guards(instrument_below_skips, "ann 7").await;
    guards(instrument_above_skips, "ann 7").await;
    guards(instrument_below_with_fields, "ann 7").await;
    guards(instrument_above_with_fields, "ann 7").await;
    guards(instrument_below_with_result, "ann 7").await;
    guards(instrument_without_identity, "7").await;
    drop(recording);
    let record = recorder.0.lock().unwrap();
    assert!(!record.contains(SECRET), "{record}");
    // It did record.
    assert_eq!(record.matches("message=inside").count(), 5, "{record}");
    assert!(
        record.contains("user=Authenticated([redacted])"),
        "{record}"
    );
    assert!(record.contains("name=\"ann\""), "{record}");
    assert!(
        record.contains("whole=Authenticated([redacted])"),
        "{record}"
    );
    assert!(record.contains("id=7"), "{record}");
}

/// Writes down all values of spans and events.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<String>>);

impl Subscriber for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        span.record(&mut self.clone());
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

impl Visit for Recorder {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{}={value:?}", field.name()).unwrap();
    }
}

// `#[utoipa::path]`: it reads the signature, and ours or the user's is the same to it.

#[utoipa::path(get, path = "/above/{id}", responses((status = 200, body = String)))]
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn path_above(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    format!("{} {id}", user.name)
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[utoipa::path(get, path = "/below/{id}", responses((status = 200, body = String)))]
async fn path_below(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    format!("{} {id}", user.name)
}

#[public]
#[utoipa::path(get, path = "/public", responses((status = 200, body = String)))]
async fn path_below_public() -> String {
    "all".to_owned()
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(path_above, path_below, path_below_public))]
struct Api;

#[tokio::test]
async fn utoipa_path() {
    guards(path_above, "ann 7").await;
    guards(path_below, "ann 7").await;
    let _: axum::routing::MethodRouter<App> = get(path_below_public);
    let paths: Vec<String> = Api::openapi().paths.paths.keys().cloned().collect();
    assert_eq!(paths, ["/above/{id}", "/below/{id}", "/public"]);
}

// Several of them at once, in both orders.

#[utoipa::path(get, path = "/stacked/{id}", responses((status = 200, body = String)))]
#[instrument(skip(user))]
#[requires_auth(scheme = "Bearer", realm = "API")]
#[axum::debug_handler(state = App)]
async fn stacked(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    format!("{} {id}", user.name)
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[axum::debug_handler(state = App)]
#[instrument(skip(user))]
#[utoipa::path(get, path = "/stacked/{id}", responses((status = 200, body = String)))]
async fn stacked_below(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    format!("{} {id}", user.name)
}

#[tokio::test]
async fn all_together() {
    guards(stacked, "ann 7").await;
    guards(stacked_below, "ann 7").await;
}

// V12: ours in every place among a doc comment, conditions and another attribute.

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Tokens;

/// Handlers of the same body, with these attributes in this order.
macro_rules! ordered {
    ($($name:ident: $(#[$attribute:meta])+)+) => {
        $(
            $(#[$attribute])+
            async fn $name(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
                format!("{} {id}", user.name)
            }
        )+

        #[tokio::test]
        async fn every_order_guards_v12() {
            $(guards($name, "ann 7").await;)+
        }
    };
}

ordered! {
    own_first: #[requires_auth(scheme = "Bearer", realm = "API")] #[doc = "1"] #[cfg(all())] #[cfg_attr(all(), allow(unused))] #[instrument(skip_all)] #[utoipa::path(get, path = "/1")]
    own_second: #[doc = "1"] #[requires_auth(scheme = "Bearer", realm = "API")] #[cfg(all())] #[cfg_attr(all(), allow(unused))] #[instrument(skip_all)] #[utoipa::path(get, path = "/2")]
    own_third: #[doc = "1"] #[cfg(all())] #[requires_auth(scheme = "Bearer", realm = "API")] #[cfg_attr(all(), allow(unused))] #[instrument(skip_all)] #[utoipa::path(get, path = "/3")]
    own_fourth: #[doc = "1"] #[cfg(all())] #[cfg_attr(all(), allow(unused))] #[requires_auth(scheme = "Bearer", realm = "API")] #[instrument(skip_all)] #[utoipa::path(get, path = "/4")]
    own_fifth: #[doc = "1"] #[cfg(all())] #[cfg_attr(all(), allow(unused))] #[instrument(skip_all)] #[requires_auth(scheme = "Bearer", realm = "API")] #[utoipa::path(get, path = "/5")]
    own_last: #[doc = "1"] #[cfg(all())] #[cfg_attr(all(), allow(unused))] #[instrument(skip_all)] #[utoipa::path(get, path = "/6")] #[requires_auth(scheme = "Bearer", realm = "API")]
    permit_first: #[requires_auth(Tokens, permit = !SECRET.is_empty())] #[doc = "1"] #[cfg(all())] #[cfg_attr(all(), allow(unused))] #[instrument(skip_all)] #[utoipa::path(get, path = "/7")]
    permit_third: #[doc = "1"] #[cfg(all())] #[requires_auth(Tokens, permit = !SECRET.is_empty())] #[cfg_attr(all(), allow(unused))] #[instrument(skip_all)] #[utoipa::path(get, path = "/8")]
    permit_fifth: #[doc = "1"] #[cfg(all())] #[cfg_attr(all(), allow(unused))] #[instrument(skip_all)] #[requires_auth(Tokens, permit = !SECRET.is_empty())] #[utoipa::path(get, path = "/9")]
    permit_last: #[doc = "1"] #[cfg(all())] #[cfg_attr(all(), allow(unused))] #[instrument(skip_all)] #[utoipa::path(get, path = "/10")] #[requires_auth(Tokens, permit = !SECRET.is_empty())]
    in_cfg_attr: #[doc = "1"] #[cfg_attr(all(), requires_auth(Tokens))] #[instrument(skip_all)]
    in_cfg_attr_last: #[instrument(skip_all)] #[doc = "1"] #[cfg_attr(all(), requires_auth(Tokens))]
}
