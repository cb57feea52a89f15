//! Guards that ask for more than the head of a request, behind every adapter.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};

use super::Step::{Data, Error, Trailers, Wait};
use super::{Given, Steps, finish, given, steps};
use crate::exchange::{AuthInfo, Exchange, GuardedBody, needs_exchange};
use crate::guard::{Guard, Public, PublicDecision};
use crate::policy::{Main, Member, One, Policy, Spec};
use crate::refusal::{Cause, OpenChallenge};
use crate::request::RequestView;
use crate::scheme::{Digest, DigestCredentials};
use crate::state::{AuthState, Provides};
use crate::verify::{Verified, Verifier};
use crate::{ApiKey, ApiKeyCredentials, Declaration, FnVerifier, Unseen};

macro_rules! policy {
    ($policy:ident, $scheme:ty, $declaration:expr) => {
        pub(super) struct $policy;

        impl Policy for $policy {
            type Accepts = One<$scheme>;
            const SPEC: &'static Spec = {
                static MEMBERS: [Member; 1] = [crate::member!($scheme, $declaration)];
                static SPEC: Spec = Spec::new(stringify!($policy), &MEMBERS);
                &SPEC
            };
        }
    };
}

policy!(
    WithBody,
    Digest,
    Declaration::digest("API").offering_auth_int()
);
policy!(HeadOnly, Digest, Declaration::digest("API"));
policy!(Other, ApiKey, Declaration::api_key("API", "X-API-Key"));

struct Anybody;

impl PublicDecision for Anybody {
    const NAME: &'static str = "anybody";
    const REASON: Option<&'static str> = None;
}

/// Takes all credentials, and reads the content if it is told to: up to 30 octets.
#[derive(Default)]
pub(super) struct Reader {
    reads: AtomicBool,
    seen: Mutex<Vec<String>>,
}

impl Verifier for Reader {
    type Scheme = Digest;
    type Identity = ();

    async fn verify<'r>(
        &'r self,
        _: DigestCredentials<'r>,
        request: &'r RequestView<'r>,
    ) -> Result<Verified<()>, Cause> {
        let mut seen = format!("{} {}", request.method(), request.target());
        if let Some(exchange) = request.exchange() {
            exchange.answer_with(AuthInfo::with_content(
                30,
                Box::new(|content| HeaderValue::from_bytes(content).ok()),
            ));
        }
        if self.reads.load(Ordering::SeqCst) {
            let exchange = request.exchange().expect("an exchange");
            let content = exchange.content(30).await?;
            seen = format!("{seen}: {}", String::from_utf8_lossy(&content));
        }
        self.seen.lock().unwrap().push(seen);
        Ok(Verified::new(()))
    }

    fn complete(
        &self,
        challenge: OpenChallenge<'_>,
        _: &RequestView<'_>,
    ) -> Result<HeaderValue, Cause> {
        challenge.with_nonce("nonce")
    }
}

#[derive(Clone)]
pub(super) struct App(Arc<(Reader, FnVerifier<ApiKey, ()>)>);

impl AuthState for App {}

impl Provides<Digest, Main> for App {
    type Verifier = Reader;

    fn verifier(&self) -> &Reader {
        &self.0.0
    }
}

impl Provides<ApiKey, Main> for App {
    type Verifier = FnVerifier<ApiKey, ()>;

    fn verifier(&self) -> &Self::Verifier {
        &self.0.1
    }
}

impl App {
    fn new() -> Self {
        let keys = FnVerifier::new(|_: ApiKeyCredentials<'_>| Ok(Verified::new(())));
        Self(Arc::new((Reader::default(), keys)))
    }

    pub(super) fn reading() -> Self {
        let app = Self::new();
        app.0.0.reads.store(true, Ordering::SeqCst);
        app
    }

    pub(super) fn seen(&self) -> Vec<String> {
        core::mem::take(&mut *self.0.0.seen.lock().unwrap())
    }
}

pub(super) fn credentials() -> String {
    format!(
        r#"Digest username="u", realm="API", nonce="n", uri="/", qop=auth, cnonce="c", nc=00000001, algorithm=SHA-256, response="{}""#,
        "0".repeat(64)
    )
}

fn request<B>(method: &str, target: &str, body: B) -> Request<B> {
    Request::builder()
        .method(method)
        .uri(target)
        .header("authorization", credentials())
        .header("x-api-key", "key")
        .body(body)
        .unwrap()
}

fn order() -> Steps {
    steps([Data("two "), Wait, Data("pears"), Trailers("x-check", "7")])
}

fn info<B>(response: &Response<B>) -> Option<&str> {
    let field = response.headers().get("authentication-info")?;
    field.to_str().ok()
}

mod http_form {
    use super::*;
    use crate::http::Guarded;

    /// Tells what it was given.
    async fn tell<P>(_: Guard<P>, request: Request<GuardedBody>) -> Response<GuardedBody> {
        let given = given(request.into_body());
        let trailers = given.trailers.map(|trailers| trailers.len());
        let told = format!("{:?} {trailers:?}", given.frames);
        Response::new(if given.failed {
            "failed".into()
        } else {
            told.into()
        })
    }

    #[test]
    fn the_handler_gets_what_the_guard_has_read() {
        let app = App::reading();
        let guarded = Guarded::new(app.clone(), tell::<WithBody>);
        let answer = finish(guarded.call(request("POST", "/a?b", order()).map(GuardedBody::new)));
        assert_eq!(app.seen(), ["POST /a?b: two pears"]);
        assert_eq!(info(&answer), Some(r#"["two pears"] Some(1)"#));
        let given = given(answer.into_body());
        assert_eq!(given, Given::frames(&[r#"["two pears"] Some(1)"#]));
    }

    #[test]
    fn it_is_not_read_if_the_guard_does_not_ask() {
        let app = App::new();
        let guarded = Guarded::new(app.clone(), tell::<WithBody>);
        let answer = finish(guarded.call(request("POST", "/", order()).map(GuardedBody::new)));
        assert_eq!(info(&answer), Some(r#"["two ", "pears"] Some(1)"#));
    }

    // 413 and 400 of issue 5: the handler does not run.
    #[test]
    fn too_large_and_unreadable_requests_are_refused() {
        let guarded = Guarded::new(App::reading(), tell::<WithBody>);
        for (body, status) in [
            (order().of_length(31), StatusCode::PAYLOAD_TOO_LARGE),
            (
                steps([Data("too "), Data("many pears for thirty octets")]),
                StatusCode::PAYLOAD_TOO_LARGE,
            ),
            (steps([Data("two "), Error]), StatusCode::BAD_REQUEST),
        ] {
            let answer = finish(guarded.call(request("POST", "/", body).map(GuardedBody::new)));
            assert_eq!((answer.status(), info(&answer)), (status, None));
        }
    }

    #[test]
    fn head_requests_have_their_answers_covered_as_empty() {
        let guarded = Guarded::new(App::reading(), tell::<WithBody>);
        let answer = finish(guarded.call(request("HEAD", "/", GuardedBody::default())));
        assert_eq!(info(&answer), Some(""));
    }

    #[test]
    fn bodies_that_are_here_need_no_mapping() {
        async fn bytes(_: Guard<WithBody>, request: Request<Bytes>) -> Response<Bytes> {
            Response::new(request.into_body())
        }
        async fn nothing(_: Guard<WithBody>, _: Request<()>) -> Response<Bytes> {
            Response::new("nothing".into())
        }
        let app = App::reading();
        let guarded = Guarded::new(app.clone(), bytes);
        let answer = finish(guarded.call(request("POST", "/", Bytes::from("two pears"))));
        assert_eq!(info(&answer), Some("two pears"));
        let guarded = Guarded::new(app.clone(), nothing);
        let answer = finish(guarded.call(request("GET", "/", ())));
        assert_eq!(info(&answer), Some("nothing"));
        assert_eq!(app.seen(), ["POST /: two pears", "GET /: "]);
    }

    async fn any_body<P: Policy>(_: Guard<P>, request: Request<String>) -> Response<Bytes> {
        assert_eq!(
            request.extensions().get::<Exchange>().is_some(),
            needs_exchange(P::SPEC),
            "an exchange for those who need it, and for nobody else"
        );
        Response::new("fine".into())
    }

    #[test]
    fn without_auth_int_any_body_will_do() {
        let guarded = Guarded::new(App::new(), any_body::<HeadOnly>);
        let answer = finish(guarded.call(request("POST", "/", "pears".to_owned())));
        assert_eq!(info(&answer), Some("fine"));
        let guarded = Guarded::new(App::new(), any_body::<Other>);
        let answer = finish(guarded.call(request("POST", "/", "pears".to_owned())));
        assert_eq!((answer.status(), info(&answer)), (StatusCode::OK, None));
    }

    #[test]
    #[should_panic(
        expected = "WithBody offers `auth-int`, so its guard has to see the content of requests, and cannot see that of a `alloc::string::String`"
    )]
    fn a_body_out_of_sight_is_told_when_the_handler_is_put_together() {
        let _ = Guarded::new(App::new(), any_body::<WithBody>);
    }

    #[test]
    fn public_handlers_take_any_body() {
        async fn open(_: Public<Anybody>, _: Request<String>) -> Response<Bytes> {
            Response::new(Bytes::new())
        }
        let guarded = Guarded::new(App::new(), open);
        let answer = finish(guarded.call(request("POST", "/", String::new())));
        assert_eq!(answer.status(), StatusCode::OK);
    }

    #[test]
    fn other_schemes_allocate_nothing_here() {
        let guarded = Guarded::new(App::new(), any_body::<Other>);
        let pears = || request("POST", "/", "pears".to_owned());
        // What the features `metrics` and `tracing` learn once.
        finish(guarded.call(pears()));
        let mut request = Some(pears());
        let mut status = None;
        let allocated = allocation_counter::measure(|| {
            let answer = finish(guarded.call(request.take().unwrap()));
            status = Some(answer.status());
        });
        assert_eq!((allocated.count_total, status), (0, Some(StatusCode::OK)));
    }

    // There nobody owns the body: 500, unless the server has shown it.
    #[test]
    fn a_check_by_hand_sees_what_the_server_shows() {
        let app = App::reading();
        let check = |request: &Request<GuardedBody>| {
            let view = RequestView::of(request);
            finish(crate::http::check::<WithBody, Unseen, _>(&app, view)).map(drop)
        };
        let received = GuardedBody::received(request("POST", "/", order()));
        check(&received).unwrap();
        assert_eq!(app.seen(), ["POST /: two pears"]);
        assert_eq!(given(received.into_body()).frames, ["two pears"]);

        let mut received = GuardedBody::received(request("POST", "/", order()));
        *received.body_mut() = GuardedBody::default();
        let refusal = check(&received).unwrap_err();
        assert_eq!(refusal.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(refusal.cause().to_string().contains("DigestLayer"));
    }
}

#[cfg(feature = "tower")]
mod tower_layer {
    use ::tower::{Layer as _, ServiceExt as _, service_fn};
    use core::convert::Infallible;

    use super::*;
    use crate::tower::{AnyBody, GuardLayer, SeenBodies};

    async fn tell(request: Request<GuardedBody>) -> Result<Response<GuardedBody>, Infallible> {
        let given = given(request.into_body());
        Ok(Response::new(given.frames.concat().into()))
    }

    #[test]
    fn the_service_gets_what_the_guard_has_read() {
        let app = App::reading();
        let layer = GuardLayer::<WithBody, _, Unseen, SeenBodies>::seeing_bodies(app.clone());
        let service = layer.layer(service_fn(tell));
        let answer = finish(service.oneshot(request("POST", "/", order()).map(GuardedBody::new)));
        let answer = answer.unwrap();
        assert_eq!(info(&answer), Some("two pears"));
        assert_eq!(given(answer.into_body()).frames, ["two pears"]);
        assert_eq!(app.seen(), ["POST /: two pears"]);
    }

    #[test]
    fn without_auth_int_any_body_will_do() {
        let layer = GuardLayer::<HeadOnly, _, Unseen, AnyBody>::new(App::new());
        let service = layer.layer(service_fn(async |request: Request<String>| {
            assert!(request.extensions().get::<Exchange>().is_some());
            Ok::<_, Infallible>(Response::new(Bytes::from(request.into_body())))
        }));
        let answer = finish(service.oneshot(request("POST", "/", "pears".to_owned())));
        assert_eq!(info(&answer.unwrap()), Some("pears"));
    }

    #[test]
    fn other_schemes_pay_nothing() {
        let layer = GuardLayer::<Other, _>::new(App::new());
        let service = layer.layer(service_fn(async |request: Request<String>| {
            assert!(request.extensions().get::<Exchange>().is_none());
            Ok::<_, Infallible>(Response::new(Bytes::new()))
        }));
        let answer = finish(service.oneshot(request("POST", "/", String::new())));
        assert_eq!(info(&answer.unwrap()), None);
    }

    // D-13: the target that the client has signed, behind a layer that rewrites it.
    #[test]
    fn d13_the_target_is_that_of_the_request_as_received() {
        let app = App::new();
        let layer = GuardLayer::<WithBody, _, Unseen, SeenBodies>::seeing_bodies(app.clone());
        let service = layer.layer(service_fn(tell));
        let mut rewritten = GuardedBody::received(request("POST", "/tenant/a?b=%22", order()));
        *rewritten.uri_mut() = "/a".parse().unwrap();
        finish(service.oneshot(rewritten)).unwrap();
        assert_eq!(app.seen(), ["POST /tenant/a?b=%22"]);
    }
}

#[cfg(feature = "axum")]
mod routers {
    use ::axum::Router;
    use ::axum::body::Body;
    use ::tower::{Layer as _, Service, ServiceExt as _, service_fn};
    use core::convert::Infallible;

    use super::*;
    use crate::axum::{DigestLayer, GuardedRouter, any, get};

    async fn tell<P>(_: Guard<P>, request: Request<Body>) -> Body {
        let given = given(request.into_body());
        let trailers = given.trailers.map(|trailers| trailers.len());
        format!("{:?} {trailers:?}", given.frames).into()
    }

    async fn shown<P>(_: P, request: Request<Body>) -> String {
        request.extensions().get::<Exchange>().is_some().to_string()
    }

    async fn mirror(request: Request<Body>) -> Result<Response<Body>, Infallible> {
        Ok(Response::new(
            given(request.into_body()).frames.concat().into(),
        ))
    }

    fn ask<S>(service: S, request: Request<Body>) -> Response<Body>
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    {
        finish(service.oneshot(request)).unwrap()
    }

    fn ordered(target: &str) -> Request<Body> {
        request("POST", target, Body::new(order()))
    }

    const TOLD: &str = r#"["two pears"] Some(1)"#;

    #[test]
    fn a_guarded_router_brings_the_layer_along_wherever_a_handler_can_stand() {
        let app = App::reading();
        let nested = GuardedRouter::new()
            .route("/inner", any(tell::<WithBody>))
            .fallback(tell::<WithBody>);
        let router: GuardedRouter = GuardedRouter::new()
            .route("/post", crate::axum::post(tell::<WithBody>))
            .route(
                "/chained",
                get(shown::<Public<Anybody>>).post(tell::<WithBody>),
            )
            .route("/rest", get(shown::<Public<Anybody>>).any(tell::<WithBody>))
            .nest("/nested", nested)
            .merge(GuardedRouter::new().route("/merged", any(tell::<WithBody>)))
            .fallback(tell::<WithBody>)
            .with_state(app.clone());
        let router = router.into_router();
        for target in [
            "/post?q=%22",
            "/chained",
            "/rest",
            "/nested/inner?q",
            "/nested/unknown",
            "/merged",
            "/unknown",
        ] {
            let answer = ask(router.clone(), ordered(target));
            assert_eq!(info(&answer), Some(TOLD), "{target}");
            assert_eq!(given(answer.into_body()).frames, [TOLD], "{target}");
            assert_eq!(app.seen(), [format!("POST {target}: two pears")]);
        }
    }

    #[test]
    fn a_guarded_router_brings_the_layer_along_for_services() {
        let app = App::reading();
        let service = || service_fn(mirror);
        let router: GuardedRouter = GuardedRouter::new()
            .guarded_service::<WithBody>("/service", service())
            .nest_guarded_service::<WithBody>("/nested", service())
            .guarded_fallback_service::<WithBody>(service())
            .with_state(app.clone());
        let router = router.into_router();
        for target in ["/service", "/nested", "/nested/", "/nested/a/b", "/unknown"] {
            let answer = ask(router.clone(), ordered(target));
            assert_eq!(info(&answer), Some("two pears"), "{target}");
            assert_eq!(app.seen(), [format!("POST {target}: two pears")]);
        }
    }

    #[test]
    fn routes_of_other_schemes_pay_nothing() {
        let service = || {
            service_fn(async |request: Request<Body>| {
                assert!(request.extensions().get::<Exchange>().is_none());
                Ok::<_, Infallible>(Response::new(Body::from("false")))
            })
        };
        let router: GuardedRouter = GuardedRouter::new()
            .route("/digest", any(shown::<Guard<WithBody>>))
            .route("/head-only", any(shown::<Guard<HeadOnly>>))
            .route("/key", any(shown::<Guard<Other>>))
            .route("/public", any(shown::<Public<Anybody>>))
            .guarded_service::<Other>("/service", service())
            .nest_guarded_service::<Other>("/nested", service())
            .fallback(shown::<Guard<Other>>)
            .with_state(App::new());
        let router = router.into_router();
        for (target, expected) in [
            ("/digest", "true"),
            ("/head-only", "true"),
            ("/key", "false"),
            ("/public", "false"),
            ("/service", "false"),
            ("/nested", "false"),
            ("/unknown", "false"),
        ] {
            let answer = ask(router.clone(), request("POST", target, Body::empty()));
            assert_eq!(given(answer.into_body()).frames, [expected], "{target}");
        }
    }

    // Beside routes that need the layer, and as on a router of axum alone.
    #[test]
    fn routes_of_other_schemes_allocate_no_more_than_without_the_layer() {
        let router: GuardedRouter = GuardedRouter::new()
            .route("/digest", any(shown::<Guard<WithBody>>))
            .route("/key", any(tell::<Other>))
            .with_state(App::new());
        let guarded = router.into_router();
        let plain = Router::new()
            .route("/digest", ::axum::routing::any(shown::<Guard<WithBody>>))
            .route("/key", ::axum::routing::any(tell::<Other>))
            .with_state(App::new());
        let allocated = |router: &Router| {
            let request = ordered("/key");
            let service = router.clone();
            allocation_counter::measure(|| drop(ask(service, request))).count_total
        };
        assert_eq!(allocated(&guarded), allocated(&plain));
    }

    // Only what may be read is put where it can be.
    #[test]
    fn bodies_of_routes_without_auth_int_are_left_alone() {
        let router: GuardedRouter = GuardedRouter::new()
            .route("/", any(tell::<HeadOnly>))
            .with_state(App::reading());
        let answer = ask(router.into_router(), ordered("/"));
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn too_large_and_unreadable_requests_are_refused() {
        let router: GuardedRouter = GuardedRouter::new()
            .route("/", any(tell::<WithBody>))
            .with_state(App::reading());
        let router = router.into_router();
        for (body, status) in [
            (order().of_length(31), StatusCode::PAYLOAD_TOO_LARGE),
            (steps([Data("two "), Error]), StatusCode::BAD_REQUEST),
        ] {
            let answer = ask(router.clone(), request("POST", "/", Body::new(body)));
            assert_eq!((answer.status(), info(&answer)), (status, None));
        }
        // A length that is only announced, and nothing was read.
        let body = order();
        let seen = body.seen.clone();
        let mut request = request("POST", "/", Body::new(body));
        let fields = request.headers_mut();
        fields.insert("content-length", HeaderValue::from_static("31"));
        let answer = ask(router, request);
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(seen.polls(), 0);
    }

    #[test]
    fn head_is_answered_without_content_and_covered_so() {
        let router: GuardedRouter = GuardedRouter::new()
            .route("/", get(tell::<WithBody>))
            .with_state(App::reading());
        let answer = ask(router.into_router(), request("HEAD", "/", Body::empty()));
        assert_eq!(info(&answer), Some(""));
        assert_eq!(answer.headers()["content-length"], "7");
        assert_eq!(given(answer.into_body()), Given::default());
    }

    #[test]
    fn streams_go_on_without_the_field() {
        async fn stream(_: Guard<WithBody>) -> Body {
            Body::new(order())
        }
        let router: GuardedRouter = GuardedRouter::new()
            .route("/", get(stream))
            .with_state(App::new());
        let answer = ask(router.into_router(), request("GET", "/", Body::empty()));
        assert_eq!(info(&answer), None);
        let expected = Given::frames(&["two ", "pears"]).with_trailer("x-check", "7");
        assert_eq!(given(answer.into_body()), expected);
    }

    #[test]
    fn a_plain_router_needs_the_layer() {
        let routes = |app: App| {
            Router::new()
                .route("/", ::axum::routing::any(tell::<WithBody>))
                .with_state(app)
        };
        // Without it: no field; and 500 if the guard asks.
        let answer = ask(routes(App::new()), ordered("/"));
        assert_eq!((answer.status(), info(&answer)), (StatusCode::OK, None));
        // With it.
        let layered = routes(App::reading()).layer(DigestLayer::new());
        assert_eq!(info(&ask(layered, ordered("/"))), Some(TOLD));
        let around = DigestLayer::new().layer(routes(App::reading()));
        assert_eq!(info(&ask(around, ordered("/"))), Some(TOLD));
    }

    // D-13: `nest`, and a layer that rewrites the target before any router sees it.
    #[test]
    fn d13_the_target_is_what_the_client_sent() {
        let app = App::reading();
        let inner = Router::new().route("/a", ::axum::routing::any(tell::<WithBody>));
        let nested = Router::new().nest("/tenant", inner.layer(DigestLayer::new()));
        ask(nested.with_state(app.clone()), ordered("/tenant/a?q=%22"));
        assert_eq!(app.seen(), ["POST /tenant/a?q=%22: two pears"]);

        let guarded: GuardedRouter = GuardedRouter::new()
            .route("/a", any(tell::<WithBody>))
            .with_state(app.clone());
        let mut router = guarded.into_router();
        let rewritten = service_fn(move |mut request: Request<Body>| {
            *request.uri_mut() = "/a".parse().unwrap();
            router.call(request)
        });
        let answer = ask(
            DigestLayer::new().layer(rewritten),
            ordered("/tenant/a?q=%22"),
        );
        assert_eq!(info(&answer), Some(TOLD));
        assert_eq!(app.seen(), ["POST /tenant/a?q=%22: two pears"]);
    }

    // A connection that becomes another protocol: what the server put into the extensions is still there.
    #[test]
    fn upgrades_go_through() {
        #[derive(Clone, PartialEq, Debug)]
        struct OnUpgrade;

        async fn upgrade(_: Guard<WithBody>, request: Request<Body>) -> Response<Body> {
            assert_eq!(request.extensions().get(), Some(&OnUpgrade));
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
            response.extensions_mut().insert(OnUpgrade);
            response
        }
        let router: GuardedRouter = GuardedRouter::new()
            .route("/", get(upgrade))
            .with_state(App::reading());
        let mut request = request("GET", "/", Body::empty());
        request.extensions_mut().insert(OnUpgrade);
        let answer = ask(router.into_router(), request);
        assert_eq!(answer.status(), StatusCode::SWITCHING_PROTOCOLS);
        assert_eq!(answer.extensions().get(), Some(&OnUpgrade));
        assert_eq!(info(&answer), Some(""));
    }
}
