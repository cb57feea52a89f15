//! One attribute on a module: who it reaches, and who decides for himself.
//!
//! What must not compile stands in `tests/ui/module` and `tests/ui/impl_block`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(
    clippy::unused_async,
    clippy::items_after_statements,
    reason = "handlers are written in all shapes that users write"
)]

use auth_core::{
    AuthState, Authenticated, Basic, Bearer, BearerToken, Cause, FnVerifier, Verified, auth_policy,
    public, requires_auth,
};
use axum::Router;
use axum::body::Body;
use axum::handler::Handler;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::routing::any;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

#[derive(Clone, Debug)]
struct Claims {
    name: &'static str,
}

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, Claims>,
    #[auth(Basic)]
    users: FnVerifier<Basic, Claims>,
}

fn app() -> App {
    App {
        tokens: FnVerifier::new(|token: BearerToken<'_>| match token.expose() {
            "good" => Ok(Verified::new(Claims { name: "ann" })),
            _ => Err(Cause::InvalidCredentials),
        }),
        users: FnVerifier::new(|_| Ok(Verified::new(Claims { name: "bob" }))),
    }
}

async fn answer<T: 'static>(
    handler: impl Handler<T, App>,
    credentials: Option<&str>,
) -> (StatusCode, HeaderMap, String) {
    let router = Router::new()
        .route("/orders/{id}", any(handler))
        .with_state(app());
    let request = Request::builder().uri("/orders/7");
    let request = match credentials {
        Some(credentials) => request.header(header::AUTHORIZATION, credentials),
        None => request,
    };
    let response = router
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let body = String::from_utf8(body.to_vec()).unwrap();
    (parts.status, parts.headers, body)
}

async fn challenge<T: 'static>(handler: impl Handler<T, App>) -> String {
    let (status, headers, _) = answer(handler, None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let line = headers.get(header::WWW_AUTHENTICATE).unwrap();
    line.to_str().unwrap().to_owned()
}

/// Nobody is refused with this challenge, and a bearer of a good token is admitted.
async fn guards<T: 'static>(handler: impl Handler<T, App>, expected: &str) {
    assert_eq!(challenge(handler.clone()).await, expected);
    let (status, _, body) = answer(handler, Some("Bearer good")).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "ann"));
}

async fn is_open<T: 'static>(handler: impl Handler<T, App>) {
    let (status, _, body) = answer(handler, None).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "open"));
}

const API: &str = r#"Bearer realm="API""#;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod orders {
    //! Inner attributes stay.
    #![allow(unused_qualifications)]

    use super::{Authenticated, Claims, public, requires_auth};

    const OPEN: &str = "open";

    /// Documented.
    pub(super) async fn list(user: Authenticated<Claims>) -> &'static str {
        user.name
    }

    pub(super) async fn without_identity() -> &'static str {
        name(&Claims { name: "ann" })
    }

    #[helper]
    fn name(claims: &Claims) -> &'static str {
        claims.name
    }

    #[helper]
    impl Claims {
        pub(super) fn shown(&self) -> &'static str {
            self.name
        }
    }

    #[public(reason = "load balancer probe")]
    pub(super) async fn health() -> &'static str {
        OPEN
    }

    #[requires_auth(scheme = "Basic", realm = "Dev zone")]
    pub(super) async fn of_its_own(user: Authenticated<Claims>) -> &'static str {
        user.name
    }

    pub(super) mod nested {
        pub(in super::super) async fn list(
            user: super::Authenticated<super::Claims>,
        ) -> &'static str {
            user.shown()
        }

        pub(in super::super) mod deeper {
            pub(in super::super::super) async fn list() -> &'static str {
                "ann"
            }
        }
    }

    #[super::requires_auth(scheme = "Bearer", realm = "Other")]
    pub(super) mod nested_with_its_own {
        pub(in super::super) async fn list() -> &'static str {
            "ann"
        }
    }

    #[public(reason = "all of these are open")]
    pub(super) mod nested_public {
        pub(in super::super) async fn list() -> &'static str {
            super::OPEN
        }
    }

    #[helper]
    pub(super) mod tools {
        pub(in super::super) fn sum(a: u8, b: u8) -> u8 {
            a + b
        }
    }
}

#[tokio::test]
async fn v12_module_guards_each_function_without_a_decision() {
    guards(orders::list, API).await;
    guards(orders::without_identity, API).await;
    guards(orders::nested::list, API).await;
    guards(orders::nested::deeper::list, API).await;
}

#[tokio::test]
async fn v12_own_decisions_win() {
    is_open(orders::health).await;
    is_open(orders::nested_public::list).await;
    guards(orders::nested_with_its_own::list, r#"Bearer realm="Other""#).await;
    assert_eq!(
        challenge(orders::of_its_own).await,
        r#"Basic realm="Dev zone", charset="UTF-8""#
    );
}

/// It has no hidden argument: this would not compile.
#[test]
fn helpers_are_left_alone() {
    assert_eq!(orders::tools::sum(1, 2), 3);
    assert_eq!(Claims { name: "ann" }.shown(), "ann");
}

// What the attribute names is looked up where the attribute stands.

mod policies {
    #[super::auth_policy(scheme = "Bearer", realm = "API", scope = "orders:read")]
    pub(super) struct Api;

    #[super::auth_policy(scheme = "Bearer", realm = "API", optional)]
    pub(super) struct Open;
}

use policies::{Api, Open};

const ZONE: &str = "zone";

#[requires_auth(Api)]
mod of_policy {
    pub(super) async fn list() -> &'static str {
        "ann"
    }

    pub(super) mod inner {
        /// Not the one that the attribute names.
        #[expect(dead_code, reason = "its name is what matters")]
        struct Api;

        pub(in super::super) async fn list() -> &'static str {
            "ann"
        }
    }
}

#[requires_auth(policies::Open)]
mod of_optional_policy {
    use super::{Authenticated, Claims, Open};

    pub(super) async fn list(user: Option<Authenticated<Claims>>) -> &'static str {
        let _ = Open;
        user.map_or("open", |user| user.name)
    }
}

#[requires_auth(Bearer(realm = ZONE), optional, crate = auth_core)]
mod of_constant {
    pub(super) async fn list(user: Option<super::Authenticated<super::Claims>>) -> &'static str {
        user.map_or("open", |user| user.name)
    }
}

#[tokio::test]
async fn paths_mean_what_they_mean_beside_the_module() {
    // The policy demands a scope that nobody has here.
    let scoped = r#"Bearer realm="API", scope="orders:read""#;
    assert_eq!(challenge(of_policy::list).await, scoped);
    assert_eq!(challenge(of_policy::inner::list).await, scoped);
    let (status, _, _) = answer(of_policy::inner::list, Some("Bearer good")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    is_open(of_optional_policy::list).await;
    is_open(of_constant::list).await;
    for credentials in ["Bearer bad", "Bearer"] {
        let (status, _, _) = answer(of_constant::list, Some(credentials)).await;
        assert_ne!(status, StatusCode::OK);
    }
}

/// A path to our crate that is not the same everywhere.
mod facade {
    pub(crate) use auth_core as auth;

    #[auth::requires_auth(scheme = "Bearer", realm = "API", crate = self::auth)]
    pub(crate) mod handlers {
        pub(crate) mod nested {
            pub(crate) async fn list() -> &'static str {
                "ann"
            }
        }
    }

    #[auth::public(crate = auth)]
    pub(crate) mod open {
        pub(crate) mod nested {
            pub(crate) async fn list() -> &'static str {
                "open"
            }
        }
    }
}

#[tokio::test]
async fn relative_path_of_the_crate() {
    guards(facade::handlers::nested::list, API).await;
    is_open(facade::open::nested::list).await;
}

#[public(reason = "probes")]
mod probes {
    use super::{Authenticated, Claims, requires_auth};

    pub(super) async fn live() -> &'static str {
        "open"
    }

    #[requires_auth(scheme = "Bearer", realm = "API")]
    pub(super) async fn details(user: Authenticated<Claims>) -> &'static str {
        user.name
    }
}

#[tokio::test]
async fn public_module() {
    is_open(probes::live).await;
    guards(probes::details, API).await;
}

// V12: shapes of functions, and who writes them.

#[requires_auth(scheme = "Bearer", realm = "API")]
mod shapes {
    use std::future::{Future, ready};

    use super::{App, Authenticated, Claims};
    use axum::extract::State;

    pub(super) async fn generic<T: AsRef<str> + Send + Sync + 'static>(
        user: Authenticated<Claims>,
        State(_): State<App>,
    ) -> &'static str {
        let _ = size_of::<T>();
        user.name
    }

    pub(super) struct Name<const N: usize = { 3 - 2 }>;

    impl<const N: usize> axum::response::IntoResponse for Name<{ N }> {
        #[helper]
        fn into_response(self) -> axum::response::Response {
            ["", "ann"][N].into_response()
        }
    }

    pub(super) async fn const_generic<const N: usize>() -> Name<{ N }>
    where
        Name<{ N }>: Send,
    {
        Name
    }

    pub(super) fn not_async(user: Authenticated<Claims>) -> impl Future<Output = &'static str> {
        ready(user.name)
    }

    pub(super) fn returns_boxed() -> std::pin::Pin<Box<dyn Future<Output = &'static str> + Send>> {
        Box::pin(ready("ann"))
    }

    #[cfg(not(all()))]
    pub(super) async fn twice() -> NoSuchType {}

    #[cfg(test)]
    pub(super) async fn twice() -> &'static str {
        "ann"
    }

    #[cfg_attr(
        all(),
        doc = "Other attributes may have conditions.",
        cfg_attr(all(), inline)
    )]
    pub(super) async fn conditional_docs() -> &'static str {
        "ann"
    }

    #[cfg(any())]
    mod gone {
        async fn list() -> NoSuchType {}
    }

    pub(super) async fn r#async() -> &'static str {
        fn inside_of_a_body() -> &'static str {
            "ann"
        }
        inside_of_a_body()
    }

    macro_rules! name {
        () => {
            "ann"
        };
    }

    pub(super) async fn calls_macro() -> &'static str {
        name!()
    }

    const NAME: fn() -> &'static str = {
        fn name() -> &'static str {
            "ann"
        }
        name
    };

    pub(super) async fn calls_constant() -> &'static str {
        NAME()
    }
}

#[tokio::test]
async fn v12_shapes_of_functions() {
    guards(shapes::generic::<String>, API).await;
    guards(shapes::const_generic::<1>, API).await;
    guards(shapes::not_async, API).await;
    guards(shapes::returns_boxed, API).await;
    guards(shapes::twice, API).await;
    guards(shapes::conditional_docs, API).await;
    guards(shapes::r#async, API).await;
    guards(shapes::calls_macro, API).await;
    guards(shapes::calls_constant, API).await;
}

/// A whole module, with captured pieces of all kinds in it.
macro_rules! module {
    ($name:ident, $realm:literal, $vis:vis $first:ident, $output:ty, $item:item, $body:expr, $($rest:tt)*) => {
        #[requires_auth(scheme = "Bearer", realm = $realm)]
        mod $name {
            $vis async fn $first() -> $output {
                $body
            }
            $item
            $($rest)*
        }
    };
}

module!(
    generated,
    "API",
    pub(super) first,
    &'static str,
    pub(super) async fn second() -> &'static str {
        "ann"
    },
    "ann",
    pub(super) mod nested {
        pub(in super::super) async fn third() -> &'static str {
            "ann"
        }
    }
);

/// An item that was captured as a whole is seen, whatever it is.
macro_rules! annotate {
    ($item:item) => {
        #[requires_auth(scheme = "Bearer", realm = "API")]
        $item
    };
}

annotate! {
    mod captured {
        pub(super) async fn list() -> &'static str {
            "ann"
        }
    }
}

macro_rules! function {
    ($($handler:item)*) => {
        #[requires_auth(scheme = "Bearer", realm = "API")]
        mod functions {
            $($handler)*
        }
    };
}

function! {
    /// Its attributes are captured as well.
    #[super::public]
    pub(super) async fn open() -> &'static str {
        "open"
    }
    pub(super) async fn list() -> &'static str {
        "ann"
    }
}

#[tokio::test]
async fn v12_modules_written_by_macros() {
    guards(generated::first, API).await;
    guards(generated::second, API).await;
    guards(generated::nested::third, API).await;
    guards(captured::list, API).await;
    guards(functions::list, API).await;
    is_open(functions::open).await;
}

// Attributes on the functions run after ours.

#[requires_auth(scheme = "Bearer", realm = "API")]
mod route_macros {
    use super::{App, Authenticated, Claims};

    #[axum::debug_handler(state = App)]
    pub(super) async fn debug_handler(user: Authenticated<Claims>) -> &'static str {
        user.name
    }

    #[tracing::instrument]
    pub(super) async fn instrument(user: Authenticated<Claims>) -> &'static str {
        user.name
    }

    #[utoipa::path(get, path = "/orders/{id}", responses((status = 200, body = String)))]
    pub(super) async fn path(user: Authenticated<Claims>) -> &'static str {
        user.name
    }

    #[utoipa::path(get, path = "/stacked/{id}", responses((status = 200, body = String)))]
    #[tracing::instrument(skip(user))]
    #[axum::debug_handler(state = App)]
    pub(super) async fn stacked(user: Authenticated<Claims>) -> &'static str {
        user.name
    }
}

#[tokio::test]
async fn v12_route_macros_below() {
    guards(route_macros::debug_handler, API).await;
    guards(route_macros::instrument, API).await;
    guards(route_macros::path, API).await;
    guards(route_macros::stacked, API).await;
}

/// Above and below the attribute on the module.
#[allow(dead_code)]
#[cfg(test)]
#[requires_auth(scheme = "Bearer", realm = "API")]
#[cfg(test)]
#[allow(clippy::needless_pass_by_value)]
mod among_attributes {
    pub(super) async fn list() -> &'static str {
        "ann"
    }
}

#[cfg_attr(all(), requires_auth(scheme = "Bearer", realm = "API"))]
mod conditional {
    pub(super) async fn list() -> &'static str {
        "ann"
    }
}

#[tokio::test]
async fn v12_attributes_of_the_module() {
    guards(among_attributes::list, API).await;
    guards(conditional::list, API).await;
}

/// A policy that is seen less far than its handlers would be a warning, and warnings are errors here.
mod reexport {
    #![deny(private_interfaces, private_bounds)]

    pub(crate) use handlers::list;

    #[super::requires_auth(scheme = "Bearer", realm = "API")]
    mod handlers {
        pub(crate) async fn list() -> &'static str {
            "ann"
        }
    }
}

#[tokio::test]
async fn reexported_function() {
    guards(reexport::list, API).await;
}

/// Policies and tags that nobody outside sees, as programs have them.
#[allow(unreachable_pub, reason = "as it is in a library")]
mod inside {
    use auth_core::{AuthState, Bearer, FnVerifier, auth_policy, requires_auth};

    #[auth_policy(scheme = "Bearer", realm = "API")]
    pub(crate) struct Hidden;

    pub(crate) enum Second {}

    #[derive(Clone, AuthState)]
    pub(crate) struct App {
        #[auth(Bearer)]
        pub(crate) tokens: FnVerifier<Bearer, String>,
        #[auth(Bearer, tag = Second)]
        pub(crate) others: FnVerifier<Bearer, String>,
    }

    #[requires_auth(Hidden, scope = "a")]
    pub mod narrowed {
        pub async fn list() {}
    }

    #[requires_auth(scheme = "Bearer", realm = "API", verifier = Second)]
    pub mod tagged {
        pub async fn list() {}
    }

    #[requires_auth(Hidden, role = "b")]
    pub async fn one() {}

    #[requires_auth(scheme = "Bearer", realm = "API", verifier = Second)]
    pub async fn other() {}
}

#[tokio::test]
async fn policies_may_be_less_visible_than_handlers() {
    use auth_core::axum::{GuardedRouter, get};
    use auth_core::{FnVerifier, Grants, Verified};
    use tower::ServiceExt as _;

    let grants = Grants::none().with_scopes(["a"]);
    let verifier = |name: &'static str, grants: Grants| {
        FnVerifier::new(move |token: auth_core::BearerToken<'_>| {
            if token.expose() != name {
                return Err(auth_core::Cause::InvalidCredentials);
            }
            Ok(Verified::new(name.to_owned()).with_grants(grants.clone()))
        })
    };
    let app = inside::App {
        tokens: verifier("main", grants),
        others: verifier("second", Grants::none()),
    };
    let router = GuardedRouter::new()
        .route("/narrowed", get(inside::narrowed::list))
        .route("/tagged", get(inside::tagged::list))
        .route("/one", get(inside::one))
        .route("/other", get(inside::other));
    let list: Vec<String> = router.endpoints().iter().map(ToString::to_string).collect();
    assert_eq!(
        list[..2],
        [
            "GET /narrowed modules::inside::narrowed::list requires Bearer (a) by modules::inside::narrowed",
            "GET /tagged modules::inside::tagged::list requires Bearer[Second] by modules::inside::tagged",
        ]
    );
    let router: axum::Router = router.with_state(app).into_router();
    for (path, token, status) in [
        ("/narrowed", "main", 200),
        ("/narrowed", "second", 401),
        ("/tagged", "second", 200),
        ("/tagged", "main", 401),
        ("/one", "main", 403),
        ("/other", "second", 200),
    ] {
        let request = http::Request::get(path).header("authorization", format!("Bearer {token}"));
        let request = request.body(axum::body::Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path} {token}");
    }
}
