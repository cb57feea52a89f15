//! Every way to put a handler on a route.

use std::sync::Mutex;

use auth_core::axum::{
    GuardedMethodRouter, GuardedRouter, MethodFilter, any, delete, get, head, on, options, patch,
    post, put,
};
use auth_core::{AuthState, Bearer, BearerToken, Cause, FnVerifier, Provides, Verified};
use axum::extract::{Request, State as FromState};
use axum::middleware::{Next, from_fn};

use super::*;

const METHODS: [Method; 8] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
];

fn at_root(methods: GuardedMethodRouter<State>) -> Router {
    GuardedRouter::new()
        .route("/", methods)
        .with_state(app())
        .into_router()
}

// Each handler answers its method, and no other; nobody reaches it without credentials.
#[tokio::test]
async fn each_function_guards_its_method() {
    let both = MethodFilter::PUT.or(MethodFilter::TRACE);
    let table: [(&str, GuardedMethodRouter<State>); 18] = [
        ("GET HEAD", get(first)),
        ("HEAD", head(first)),
        ("POST", post(first)),
        ("PUT", put(first)),
        ("PATCH", patch(first)),
        ("DELETE", delete(first)),
        ("OPTIONS", options(first)),
        ("PUT TRACE", on(both, first)),
        ("GET HEAD POST PUT PATCH DELETE OPTIONS TRACE", any(first)),
        ("GET HEAD DELETE", delete(first).get(first)),
        ("HEAD DELETE", delete(first).head(first)),
        ("POST DELETE", delete(first).post(first)),
        ("PUT DELETE", delete(first).put(first)),
        ("PATCH DELETE", delete(first).patch(first)),
        ("GET HEAD DELETE", get(first).delete(first)),
        ("DELETE OPTIONS", delete(first).options(first)),
        ("PUT DELETE TRACE", delete(first).on(both, first)),
        (
            "GET HEAD POST PUT PATCH DELETE OPTIONS TRACE",
            delete(first).any(first),
        ),
    ];
    for (row, (methods, routes)) in table.into_iter().enumerate() {
        let router = at_root(routes);
        for method in METHODS {
            let taken = methods.split(' ').any(|name| name == method.as_str());
            let expected = if taken {
                ["401", "first"]
            } else {
                ["405", "405"]
            };
            let found = [
                anonymous(&router, &method, "/").await,
                admitted(&router, &method, "/").await,
            ];
            assert_eq!(found, expected, "row {row}: {method}");
        }
    }
}

// V27: HEAD follows GET under the same guard, and a handler of its own has its own guard.
#[tokio::test]
async fn head_follows_get_v27() {
    let router = at_root(get(first));
    assert_eq!(anonymous(&router, &Method::HEAD, "/").await, "401");
    assert_eq!(admitted(&router, &Method::HEAD, "/").await, "first");
    let refused = answer(&router, request(&Method::HEAD, "/")).await;
    assert!(has_challenge(&refused));
    assert_eq!(text(refused).await, "");
    for own in [get(open).head(first), head(first).get(open)] {
        let router = at_root(own);
        assert_eq!(anonymous(&router, &Method::GET, "/").await, "open");
        assert_eq!(anonymous(&router, &Method::HEAD, "/").await, "401");
        assert_eq!(admitted(&router, &Method::HEAD, "/").await, "first");
    }
}

#[tokio::test]
async fn any_takes_what_other_handlers_leave() {
    let router = at_root(any(second).any(first).post(open));
    assert_eq!(anonymous(&router, &Method::POST, "/").await, "open");
    assert_eq!(anonymous(&router, &Method::OPTIONS, "/").await, "401");
    assert_eq!(admitted(&router, &Method::OPTIONS, "/").await, "first");
}

#[tokio::test]
async fn routers_are_nested_and_merged() {
    let inner = GuardedRouter::new()
        .route("/", get(first))
        .route("/open", get(open))
        .route("/caller", get(caller))
        .fallback(second);
    let router = GuardedRouter::new()
        .nest("/a", inner)
        .merge(GuardedRouter::new().route("/m", post(first)))
        .fallback(open)
        .with_state(app())
        .into_router();
    let table = [
        ("/a", ["401", "first"]),
        ("/a/open", ["open", "open"]),
        ("/a/unknown", ["401", "second"]),
        ("/m", ["405", "405"]),
        ("/unknown", ["open", "open"]),
    ];
    for (path, expected) in table {
        let found = [
            anonymous(&router, &Method::GET, path).await,
            admitted(&router, &Method::GET, path).await,
        ];
        assert_eq!(found, expected, "{path}");
    }
    let caller = answer(&router, with_token(request(&Method::GET, "/a/caller"))).await;
    assert_eq!(text(caller).await, "ada");
    assert_eq!(anonymous(&router, &Method::POST, "/m").await, "401");
    assert_eq!(admitted(&router, &Method::POST, "/m").await, "first");
}

#[tokio::test]
async fn unknown_paths_are_not_found_unless_there_is_a_fallback() {
    let routes = GuardedRouter::new().route("/", get(first));
    let router = routes.clone().with_state(app()).into_router();
    assert_eq!(anonymous(&router, &Method::GET, "/unknown").await, "404");
    // The later fallback counts.
    let routes = routes.fallback(open).fallback(second);
    assert_eq!(routes.endpoints().len(), 2);
    let router = routes.with_state(app()).into_router();
    assert_eq!(anonymous(&router, &Method::GET, "/unknown").await, "401");
    assert_eq!(admitted(&router, &Method::GET, "/unknown").await, "second");
}

#[tokio::test]
async fn fallbacks_of_several_levels() {
    let inner = GuardedRouter::new().fallback(second);
    let middle = GuardedRouter::new().nest("/b", inner).fallback(first);
    let router = GuardedRouter::new()
        .nest("/a", middle)
        .with_state(app())
        .into_router();
    for (path, handler) in [("/a/x", "first"), ("/a/b/x", "second")] {
        assert_eq!(anonymous(&router, &Method::GET, path).await, "401");
        assert_eq!(admitted(&router, &Method::GET, path).await, handler);
    }
}

#[test]
#[should_panic(
    expected = "axum would lose the fallback of /a/b/*: give the router at /a a fallback"
)]
fn no_fallback_is_lost() {
    let inner = GuardedRouter::new().fallback(open);
    let middle = GuardedRouter::new().nest("/b", inner);
    let _: GuardedRouter = GuardedRouter::new().nest("/a", middle);
}

#[derive(AuthState, Clone)]
struct Other {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, u32>,
}

// A guard checks with the state that its own router was given.
#[tokio::test]
async fn with_state_lets_another_state_follow() {
    let other = Other {
        tokens: FnVerifier::new(|token: BearerToken<'_>| match token.expose() {
            "other" => Ok(Verified::new(7)),
            _ => Err(Cause::InvalidCredentials),
        }),
    };
    let router: GuardedRouter<Other> = GuardedRouter::new()
        .route("/a", get(first))
        .with_state(app());
    let router = router.route("/b", get(first)).with_state(other);
    let router: Router = router.into();
    let mut with_other = request(&Method::GET, "/b");
    with_other
        .headers_mut()
        .insert("authorization", HeaderValue::from_static("Bearer other"));
    assert_eq!(admitted(&router, &Method::GET, "/a").await, "first");
    assert_eq!(admitted(&router, &Method::GET, "/b").await, "401");
    assert_eq!(told(&answer(&router, with_other).await), "first");
}

// Routes that do not know their state.
fn generic<S: Provides<Bearer> + Clone + 'static>() -> GuardedRouter<S> {
    GuardedRouter::new().route("/", get(first))
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn generic_handler<T: Send + 'static>() -> Response {
    ran(core::any::type_name::<T>())
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn sees_the_state(
    user: Authenticated<Claims>,
    FromState(state): FromState<State>,
    body: String,
) -> String {
    format!("{} {} {body}", user.sub, Arc::strong_count(&state) > 0)
}

#[tokio::test]
async fn states_and_handlers_may_be_generic() {
    let router = generic::<State>()
        .route("/u32", get(generic_handler::<u32>))
        .route("/state", post(sees_the_state))
        .with_state(app())
        .into_router();
    assert_eq!(anonymous(&router, &Method::GET, "/").await, "401");
    assert_eq!(admitted(&router, &Method::GET, "/").await, "first");
    assert_eq!(anonymous(&router, &Method::GET, "/u32").await, "401");
    assert_eq!(admitted(&router, &Method::GET, "/u32").await, "u32");
    let seen = answer(&router, with_token(request(&Method::POST, "/state"))).await;
    assert_eq!(text(seen).await, "ada true ");
}

/// What passed a layer: the path of a request, and why it was refused.
async fn note(seen: Arc<Mutex<Vec<String>>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let answer = next.run(request).await;
    let cause = answer.extensions().get::<Cause>();
    seen.lock().unwrap().push(format!("{path} {cause:?}"));
    answer
}

macro_rules! noting {
    ($seen:expr) => {{
        let seen = Arc::clone(&$seen);
        from_fn(move |request, next| note(Arc::clone(&seen), request, next))
    }};
}

// A layer runs before the guard, and sees the cause of a refusal; a route layer not for unknown paths.
#[tokio::test]
async fn layers_run_before_the_guard() {
    let [outer, route, methods] = [(); 3].map(|()| Arc::<Mutex<Vec<String>>>::default());
    let router = GuardedRouter::new()
        .route("/a", get(first).layer(noting!(methods)))
        .route("/b", get(first).route_layer(noting!(methods)))
        .route_layer(noting!(route))
        .route("/after", get(first))
        .layer(noting!(outer))
        .with_state(app())
        .into_router();
    for path in ["/a", "/b", "/after", "/unknown"] {
        anonymous(&router, &Method::GET, path).await;
    }
    anonymous(&router, &Method::POST, "/b").await;
    let seen = |layer: &Mutex<Vec<String>>| layer.lock().unwrap().join(", ");
    let missing = "Some(Missing)";
    assert_eq!(seen(&methods), format!("/a {missing}, /b {missing}"));
    assert_eq!(seen(&route), format!("/a {missing}, /b {missing}, /b None"));
    assert_eq!(
        seen(&outer),
        format!("/a {missing}, /b {missing}, /after {missing}, /unknown None, /b None")
    );
}

#[test]
#[should_panic(expected = "Overlapping method route")]
fn a_method_is_taken_once() {
    let _: GuardedMethodRouter = get(open).get(open);
}

#[test]
#[should_panic(expected = "Overlapping method route")]
fn a_path_is_taken_once() {
    let _: GuardedRouter = GuardedRouter::new()
        .route("/", get(open))
        .merge(GuardedRouter::new().route("/", get(open)));
}
