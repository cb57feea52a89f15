//! What a router lists.

use auth_core::axum::{Decision, GuardedRouter, MethodFilter, any, get, on};
use auth_tests::app::{Api, either, health, named_policy, optional, scoped, scoped_key};
use tower_http::cors::CorsLayer;

use super::*;

#[public]
async fn without_reason() {}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn generic<T: Default + Send + 'static>() {
    drop(T::default());
}

#[requires_auth(any(
    Basic(realm = "Dev zone"),
    all(Bearer(realm = "API"), ApiKey(realm = "API", header = "X-API-Key"))
))]
async fn both() {}

#[requires_auth(
    Api,
    scope = any("orders:write", "orders:admin"),
    role = "clerk",
    acr = "urn:mfa",
    max_age = 300,
    secure
)]
async fn narrowed() {}

fn routes() -> GuardedRouter<State> {
    let orders = GuardedRouter::new()
        .route("/", get(scoped).post(named_policy))
        .route("/{id}", any(either))
        .fallback(optional);
    let files = Router::<()>::new();
    let inner = GuardedRouter::new()
        .nest("/orders", orders)
        .nest_guarded_service::<Api>("/files/", files)
        .fallback(health)
        .preflight("the shop is on another origin", CorsLayer::new());
    let methods = MethodFilter::POST.or(MethodFilter::GET);
    GuardedRouter::new()
        .nest("/api", inner)
        .merge(GuardedRouter::new().route("/keys", on(methods, scoped_key)))
        .route("/both", get(both))
        .route("/narrowed", get(narrowed))
        .route("/health", get(health))
        .route("/silent", get(without_reason))
        .route("/generic", get(generic::<u32>))
        .nest_public_service("/pictures", "pictures of the shop", Router::<()>::new())
        .undecided("moves in March", Router::new())
        .fallback(health)
}

const LIST: &str = "\
GET /api/orders auth_tests::app::scoped requires Bearer (orders:read orders:write)
POST /api/orders auth_tests::app::named_policy requires Bearer by auth_tests::app::Api
* /api/orders/{id} auth_tests::app::either requires Bearer or Basic
* /api/orders/* auth_tests::app::optional checks Bearer if any
* /api/files/* axum::routing::Router requires Bearer by auth_tests::app::Api
* /api/* auth_tests::app::health is public: load balancer probe
OPTIONS /api/* tower_http::cors::CorsLayer answers preflights: the shop is on another origin
GET POST /keys auth_tests::app::scoped_key requires ApiKey (orders:read)
GET /both router::list::both requires Basic or (Bearer and ApiKey)
GET /narrowed router::list::narrowed requires Bearer (any(orders:write, orders:admin), role clerk, acr urn:mfa, max_age 300) over a secure transport
GET /health auth_tests::app::health is public: load balancer probe
GET /silent router::list::without_reason is public
GET /generic router::list::generic<u32> requires Bearer
* /pictures/* axum::routing::Router is public: pictures of the shop
* /* axum::Router is undecided: moves in March
* /* auth_tests::app::health is public: load balancer probe
";

fn list(router: &GuardedRouter<impl Clone + Send + Sync + 'static>) -> String {
    let lines = router.endpoints().iter().map(|one| format!("{one}\n"));
    lines.collect()
}

#[test]
fn endpoints_are_listed_in_order() {
    assert_eq!(list(&routes()), LIST);
    // Neither a state nor a layer changes what is listed.
    let layered = routes().layer(CorsLayer::new()).with_state::<()>(app());
    assert_eq!(list(&layered), LIST);
}

// What is listed is what is served.
#[tokio::test]
async fn listed_paths_are_those_that_are_served() {
    let inner = || {
        GuardedRouter::new()
            .route("/", any(first).any(second))
            .route("/x", get(first))
            .route("/x/", get(first))
    };
    let routes = GuardedRouter::new()
        .nest("/plain", inner())
        .nest("/slash/", inner())
        .nest("/deep", GuardedRouter::new().nest("/er/", inner()));
    let paths: Vec<String> = routes
        .endpoints()
        .iter()
        .map(|endpoint| endpoint.path().to_owned())
        .collect();
    let expected = [
        ["/plain", "/plain/x", "/plain/x/"],
        ["/slash/", "/slash/x", "/slash/x/"],
        ["/deep/er/", "/deep/er/x", "/deep/er/x/"],
    ];
    assert_eq!(paths, expected.as_flattened());
    let router = routes.with_state(app()).into_router();
    for path in paths {
        assert_eq!(
            anonymous(&router, &Method::GET, &path).await,
            "401",
            "{path}"
        );
    }
}

#[test]
fn an_endpoint_says_where_it_was_put_on_its_route() {
    let line = line!() + 1;
    let router: GuardedRouter = GuardedRouter::new().route("/", get(health).post(health));
    let [get, post] = router.endpoints() else {
        panic!("{router:?}");
    };
    for endpoint in [get, post] {
        assert!(endpoint.file().ends_with("router/list.rs"));
        assert_eq!(endpoint.line(), line);
        assert_eq!(endpoint.handler(), "auth_tests::app::health");
        assert_eq!(endpoint.path(), "/");
        let Decision::Public { reason } = endpoint.decision() else {
            panic!("{endpoint}");
        };
        assert_eq!(reason, Some("load balancer probe"));
    }
    assert_eq!(post.methods().collect::<Vec<_>>(), ["POST"]);
    let shown = format!("{post:#}");
    let place = format!("router/list.rs:{line}) is public: load balancer probe");
    assert!(shown.ends_with(&place), "{shown}");

    let line = line!() + 1;
    let router = routes().guarded_service::<Api>("/last", Router::<()>::new());
    assert_eq!(router.endpoints().last().unwrap().line(), line);
}
