//! V12: which decision holds where several could be meant. The more specific one does, and never none.
//! For modules see `tests/tests/modules.rs`.

use std::sync::Arc;

use async_trait::async_trait;
use auth_core::axum::{GuardedRouter, get};
use auth_core::tower::GuardLayer;
use auth_core::{Settings, public, requires_auth};
use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use tower::{Layer as _, ServiceExt as _};

use crate::surface::{Api, App, answer};
use crate::{request, told};

fn ran(handler: &'static str) -> Response<Body> {
    let answer = Response::builder().header("x-handler", handler);
    answer.body(Body::empty()).unwrap()
}

struct Orders(Arc<App>);

impl Orders {
    const WORDS: usize = 1;
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.0)]
impl Orders {
    /// Documented.
    async fn undecided(&self, request: Request<Body>) -> Response<Body> {
        drop(request);
        Self::helper("undecided")
    }

    async fn generic<'a, T, const N: usize>(
        &'a self,
        request: Request<Body>,
        words: [T; N],
    ) -> Response<Body>
    where
        T: AsRef<str> + Send + Sync + 'a,
    {
        drop(request);
        assert_eq!(words.len(), Self::WORDS);
        ran("generic")
    }

    #[requires_auth(scheme = "Basic", realm = "Own", request = request, state = self.0)]
    async fn of_its_own(&self, request: Request<Body>) -> Response<Body> {
        drop(request);
        ran("of_its_own")
    }

    #[public(reason = "load balancer probe")]
    async fn open(&self, request: Request<Body>) -> Response<Body> {
        drop(request);
        ran("open")
    }

    #[helper]
    fn helper(name: &'static str) -> Response<Body> {
        ran(name)
    }
}

/// A block that a macro writes, with a method that was handed in.
macro_rules! block {
    ($type:ident, $self:ident, $request:ident, $method:item) => {
        #[requires_auth(scheme = "Bearer", realm = "API", request = $request, state = $self.0)]
        impl $type {
            $method

            async fn of_the_macro(&$self, $request: Request<Body>) -> Response<Body> {
                drop($request);
                ran("of_the_macro")
            }
        }
    };
}

block! {
    Orders,
    self,
    request,
    async fn handed_in(&self, request: Request<Body>) -> Response<Body> {
        drop(request);
        ran("handed_in")
    }
}

#[async_trait]
trait Service {
    async fn guarded(&self, request: Request<Body>) -> Response<Body>;
    async fn open(&self, request: Request<Body>) -> Response<Body>;

    /// The attribute on the block of a type does not reach what the trait provides.
    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.state())]
    async fn provided(&self, request: Request<Body>) -> Response<Body> {
        drop(request);
        ran("provided")
    }

    fn state(&self) -> &App;
}

#[async_trait]
#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.0)]
impl Service for Orders {
    async fn guarded(&self, request: Request<Body>) -> Response<Body> {
        drop(request);
        ran("guarded")
    }

    #[public(reason = "load balancer probe")]
    async fn open(&self, request: Request<Body>) -> Response<Body> {
        drop(request);
        ran("open")
    }

    #[helper]
    fn state(&self) -> &App {
        &self.0
    }
}

const GOOD: [(&str, &str); 1] = [("authorization", "Bearer good")];
/// `good:`
const PASSWORD: [(&str, &str); 1] = [("authorization", "Basic Z29vZDo=")];

/// What nobody, the bearer of a good token and somebody with a good password get.
macro_rules! answers {
    ($call:expr) => {{
        let call = $call;
        [
            told(&call(request("GET", "/", &[])).await),
            told(&call(request("GET", "/", &GOOD)).await),
            told(&call(request("GET", "/", &PASSWORD)).await),
        ]
    }};
}

#[tokio::test]
async fn v12_the_decision_of_an_impl_block_and_of_its_methods() {
    let orders = Orders(App::new(Settings::new()));
    let by_block = answers!(|request| orders.undecided(request));
    assert_eq!(by_block, ["401", "undecided", "401"]);
    let generic = answers!(|request| orders.generic(request, ["word"]));
    assert_eq!(generic, ["401", "generic", "401"]);
    let own = answers!(|request| orders.of_its_own(request));
    assert_eq!(own, ["401", "401", "of_its_own"]);
    let open = answers!(|request| orders.open(request));
    assert_eq!(open, ["open", "open", "open"]);
}

#[tokio::test]
async fn v12_an_impl_block_that_a_macro_writes() {
    let orders = Orders(App::new(Settings::new()));
    let written = answers!(|request| orders.of_the_macro(request));
    assert_eq!(written, ["401", "of_the_macro", "401"]);
    let handed_in = answers!(|request| orders.handed_in(request));
    assert_eq!(handed_in, ["401", "handed_in", "401"]);
}

#[tokio::test]
async fn v12_an_impl_block_of_a_trait() {
    let orders = Orders(App::new(Settings::new()));
    let guarded = answers!(|request| orders.guarded(request));
    assert_eq!(guarded, ["401", "guarded", "401"]);
    let provided = answers!(|request| orders.provided(request));
    assert_eq!(provided, ["401", "provided", "401"]);
    let open = answers!(|request| Service::open(&orders, request));
    assert_eq!(open, ["open", "open", "open"]);
}

#[requires_auth(scheme = "Basic", realm = "Own")]
async fn by_password() -> Response<Body> {
    ran("by_password")
}

#[requires_auth(Api)]
async fn by_token() -> Response<Body> {
    ran("by_token")
}

#[public(reason = "anybody may look")]
async fn open() -> Response<Body> {
    ran("open")
}

async fn all(router: &Router, path: &str) -> [String; 3] {
    let ask = |fields: &[(&'static str, &'static str)]| {
        let request = request("GET", path, fields);
        async { told(&answer(router, request).await) }
    };
    [ask(&[]).await, ask(&GOOD).await, ask(&PASSWORD).await]
}

// Neither a route beside it nor the router around it changes what a handler demands.
#[tokio::test]
async fn v12_routers_do_not_bind_rules_to_other_handlers() {
    let inner = GuardedRouter::new()
        .route("/token", get(by_token))
        .route("/open", get(open))
        .route("/token/{*rest}", get(by_password))
        .fallback(by_password);
    let router = GuardedRouter::new()
        .nest("/open", inner)
        .route("/{name}", get(by_token))
        .route("/open", get(open))
        .fallback(open)
        .with_state(App::new(Settings::new()))
        .into_router();
    for (path, expected) in [
        ("/open", ["open", "open", "open"]),
        ("/open/open", ["open", "open", "open"]),
        ("/open/token", ["401", "by_token", "401"]),
        ("/open/token/open", ["401", "401", "by_password"]),
        ("/open/unknown", ["401", "401", "by_password"]),
        ("/token", ["401", "by_token", "401"]),
        ("/token/open", ["open", "open", "open"]),
    ] {
        assert_eq!(all(&router, path).await, expected, "{path}");
    }
}

// Two decisions in a row: both have to be met, and the outer one is told first.
#[tokio::test]
async fn v12_a_layer_around_does_not_replace_the_decision_inside() {
    let app = App::new(Settings::new());
    let layer: GuardLayer<Api, Arc<App>> = GuardLayer::new(Arc::clone(&app));
    let router: Router = GuardedRouter::new()
        .route("/both", get(keyed))
        .route("/open", get(open))
        .with_state(app)
        .into_router();
    let service = layer.layer(router);
    let ask = |path: &str, fields: &[(&'static str, &str)]| {
        let answer = service.clone().oneshot(request("GET", path, fields));
        async move {
            let answer = answer.await.unwrap();
            let challenge = answer.headers().get("www-authenticate");
            let challenge = challenge.map(|text| text.to_str().unwrap().to_owned());
            (told(&answer), challenge.unwrap_or_default())
        }
    };
    let key = ("x-key", "good");
    let bearer = r#"Bearer realm="API""#.to_owned();
    let api_key = r#"ApiKey realm="Own", in="header", name="X-Key""#.to_owned();
    assert_eq!(ask("/both", &[]).await, ("401".into(), bearer.clone()));
    assert_eq!(ask("/both", &[key]).await, ("401".into(), bearer.clone()));
    assert_eq!(ask("/both", &GOOD).await, ("401".into(), api_key));
    assert_eq!(ask("/both", &[GOOD[0], key]).await.0, "keyed");
    assert_eq!(ask("/open", &[]).await, ("401".into(), bearer));
    assert_eq!(ask("/open", &GOOD).await.0, "open");
}

#[requires_auth(scheme = "ApiKey", realm = "Own", header = "X-Key")]
async fn keyed() -> Response<Body> {
    ran("keyed")
}
