//! Shapes of handlers that must compile and run: each is asked once by nobody and once by somebody.
//!
//! What must not compile stands in `tests/ui`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(
    clippy::multiple_bound_locations,
    clippy::unused_async,
    reason = "handlers are written in all shapes that users write"
)]

use std::fmt::Display;
use std::future::Future;

use auth_core::{
    ApiKey, AuthState, Authenticated, Basic, Bearer, BearerToken, Cause, FnVerifier, Verified,
    auth_policy, public, requires_auth,
};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, RawQuery, State};
use axum::handler::Handler;
use axum::http::{HeaderMap, Method, Request, StatusCode, Uri, Version, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http_body_util::BodyExt as _;
use serde::Deserialize;
use tower::ServiceExt as _;

#[derive(Clone, Debug, PartialEq)]
struct Claims {
    name: String,
}

#[derive(Clone)]
struct User(String);

impl From<Claims> for User {
    fn from(claims: Claims) -> Self {
        Self(claims.name)
    }
}

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, Claims>,
    #[auth(Basic)]
    users: FnVerifier<Basic, Claims>,
    #[auth(ApiKey, tag = partners::Partner)]
    partners: FnVerifier<ApiKey, Claims>,
    #[auth(ApiKey)]
    keys: FnVerifier<ApiKey, Claims>,
    greeting: &'static str,
}

fn app() -> App {
    let ann = || {
        Ok(Verified::new(Claims {
            name: "ann".to_owned(),
        }))
    };
    App {
        tokens: FnVerifier::new(move |token: BearerToken<'_>| match token.expose() {
            "good" => ann(),
            _ => Err(Cause::InvalidCredentials),
        }),
        users: FnVerifier::new(move |_| ann()),
        partners: FnVerifier::new(move |_| ann()),
        keys: FnVerifier::new(move |_| ann()),
        greeting: "hello",
    }
}

#[derive(Deserialize)]
struct Page {
    page: u32,
}

fn ask(credentials: Option<(&str, &str)>) -> Request<Body> {
    let request = Request::builder().uri("/orders/7?page=3");
    let request = match credentials {
        Some((field, value)) => request.header(field, value),
        None => request,
    };
    request.body(Body::from("body")).unwrap()
}

async fn answer<T: 'static>(
    handler: impl Handler<T, App>,
    request: Request<Body>,
) -> (StatusCode, HeaderMap, String) {
    let router = Router::new()
        .route("/orders/{id}", any(handler))
        .with_state(app());
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let body = String::from_utf8(body.to_vec()).unwrap();
    (parts.status, parts.headers, body)
}

/// Nobody is refused, and a bearer of a good token gets this body.
async fn guards<T: 'static>(handler: impl Handler<T, App>, expected: &str) {
    let (status, headers, _) = answer(handler.clone(), ask(None)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(headers.contains_key(header::WWW_AUTHENTICATE));
    let good = Some(("authorization", "Bearer good"));
    let (status, _, body) = answer(handler, ask(good)).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, expected));
}

async fn challenge<T: 'static>(handler: impl Handler<T, App>) -> String {
    let (status, headers, _) = answer(handler, ask(None)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    headers
        .get_all(header::WWW_AUTHENTICATE)
        .iter()
        .map(|line| line.to_str().unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn without_identity() -> &'static str {
    "all"
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn identity_last(Query(page): Query<Page>, user: Authenticated<Claims>) -> String {
    format!("{} {}", user.name, page.page)
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn identity_converted(user: Authenticated<User>) -> String {
    user.0.clone()
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn identity_by_path(user: auth_core::Authenticated<Claims>) -> String {
    user.into_inner().name
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn mutable_identity(mut user: Authenticated<Claims>) -> String {
    let name = user.name.clone();
    user = user.clone();
    format!("{name} {}", user.name)
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[allow(unused_parens)]
async fn identity_in_parentheses(user: (Authenticated<Claims>)) -> String {
    user.name.clone()
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn ignored_identity(_: Authenticated<Claims>) -> &'static str {
    "ignored"
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn bound_identity(ref user @ ref again: Authenticated<Claims>) -> String {
    format!("{} {}", user.name, again.name)
}

#[tokio::test]
async fn identities() {
    guards(without_identity, "all").await;
    guards(identity_last, "ann 3").await;
    guards(identity_converted, "ann").await;
    guards(identity_by_path, "ann").await;
    guards(mutable_identity, "ann ann").await;
    guards(identity_in_parentheses, "ann").await;
    guards(ignored_identity, "ignored").await;
    guards(bound_identity, "ann ann").await;
}

#[requires_auth(scheme = "Bearer", realm = "API", optional)]
async fn optional(user: Option<Authenticated<Claims>>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.name.clone())
}

#[requires_auth(scheme = "Bearer", realm = "API", optional)]
async fn optional_by_path(user: core::option::Option<auth_core::Authenticated<Claims>>) -> String {
    optional_name(user)
}

fn optional_name(user: Option<Authenticated<Claims>>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.name.clone())
}

#[tokio::test]
async fn optional_identities() {
    for (credentials, status, body) in [
        (None, StatusCode::OK, Some("nobody")),
        (Some("Bearer good"), StatusCode::OK, Some("ann")),
        (Some("Bearer bad"), StatusCode::UNAUTHORIZED, None),
    ] {
        let request = || ask(credentials.map(|value| ("authorization", value)));
        for found in [
            answer(optional, request()).await,
            answer(optional_by_path, request()).await,
        ] {
            assert_eq!(found.0, status);
            assert!(body.is_none_or(|body| body == found.2), "{}", found.2);
        }
    }
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn patterns(
    user: Authenticated<Claims>,
    Path(id): Path<u32>,
    Query(Page { page }): Query<Page>,
    State(App { greeting, .. }): State<App>,
    _: Method,
    mut headers: HeaderMap,
) -> String {
    headers.clear();
    format!("{greeting} {} {id} {page} {}", user.name, headers.len())
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn tuples(
    Path((id,)): Path<(u32,)>,
    Query(pairs): Query<Vec<(String, String)>>,
    body: String,
) -> String {
    format!("{id} {} {body}", pairs.len())
}

#[tokio::test]
async fn patterns_as_arguments() {
    guards(patterns, "hello ann 7 3 0").await;
    guards(tuples, "7 1 body").await;
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn generic<T>(user: Authenticated<T>) -> String
where
    T: From<Claims> + Named + Send + Sync + 'static,
{
    user.name().to_owned()
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn generic_argument<P: Default + Display + for<'a> Deserialize<'a>, const N: usize>(
    Path(id): Path<P>,
) -> String
where
    P: Send + 'static,
{
    format!("{id} {N}")
}

trait Named {
    fn name(&self) -> &str;
}

impl Named for User {
    fn name(&self) -> &str {
        &self.0
    }
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn argument_of_impl(
    user: Authenticated<Claims>,
    id: impl axum::extract::FromRequestParts<App> + IdOf + Send + 'static,
) -> String {
    format!("{} {}", user.name, id.id())
}

trait IdOf {
    fn id(&self) -> u32;
}

impl IdOf for Path<u32> {
    fn id(&self) -> u32 {
        self.0
    }
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn return_of_impl(user: Authenticated<Claims>) -> impl IntoResponse {
    (StatusCode::OK, user.name.clone())
}

/// The lifetime is the signature's own.
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn lifetime<'a>(user: Authenticated<Claims>, _marker: Marker<'a>) -> String
where
    'a: 'a,
{
    user.name.clone()
}

struct Marker<'a>(std::marker::PhantomData<&'a ()>);

impl<S: Sync> axum::extract::FromRequestParts<S> for Marker<'_> {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        _: &mut axum::http::request::Parts,
        _: &S,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self(std::marker::PhantomData))
    }
}

#[tokio::test]
async fn generics() {
    guards(generic::<User>, "ann").await;
    guards(generic_argument::<u32, 5>, "7 5").await;
    guards(|guard, id: Path<u32>| argument_of_impl(guard, id), "ann 7").await;
    guards(return_of_impl, "ann").await;
    guards(
        |guard| lifetime(guard, Marker(std::marker::PhantomData)),
        "ann",
    )
    .await;
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn r#async(r#type: Authenticated<Claims>, Path(r#match): Path<u32>) -> String {
    format!("{} {match}", r#type.name, match = r#match)
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn early_return(
    user: Authenticated<Claims>,
    Path(id): Path<u32>,
) -> Result<String, StatusCode> {
    if id == 7 {
        return Ok(format!("early {}", user.name));
    }
    let id: u8 = id.try_into().map_err(|_| StatusCode::NOT_FOUND)?;
    Ok(id.to_string())
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn question_mark(user: Authenticated<Claims>) -> Result<String, StatusCode> {
    let first = user.name.chars().next().ok_or(StatusCode::NOT_FOUND)?;
    Ok(first.to_string())
}

#[requires_auth(scheme = "Bearer", realm = "API")]
fn not_async(user: Authenticated<Claims>) -> impl Future<Output = String> {
    std::future::ready(user.name.clone())
}

#[requires_auth(scheme = "Bearer", realm = "API")]
const fn constant() -> std::future::Ready<Response> {
    panic!("only its signature counts")
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[allow(improper_ctypes_definitions)]
async extern "C" fn with_abi() -> &'static str {
    "abi"
}

#[tokio::test]
async fn bodies_and_qualifiers() {
    guards(r#async, "ann 7").await;
    guards(early_return, "early ann").await;
    guards(question_mark, "a").await;
    guards(not_async, "ann").await;
    let (status, ..) = answer(constant, ask(None)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    guards(|guard| with_abi(guard), "abi").await;
}

/// axum takes 16 arguments; the guard travels with the identity.
#[requires_auth(scheme = "Bearer", realm = "API")]
#[allow(clippy::too_many_arguments)]
async fn sixteen(
    a: Authenticated<Claims>,
    _: Method,
    _: Uri,
    _: Version,
    _: HeaderMap,
    _: RawQuery,
    _: Method,
    _: Uri,
    _: Version,
    _: HeaderMap,
    _: RawQuery,
    _: Method,
    _: Uri,
    _: Version,
    _: HeaderMap,
    body: String,
) -> String {
    format!("{} {body}", a.name)
}

/// Without an identity the guard is an argument of its own.
#[requires_auth(scheme = "Bearer", realm = "API")]
#[allow(clippy::too_many_arguments)]
async fn fifteen(
    _: RawQuery,
    _: Method,
    _: Uri,
    _: Version,
    _: HeaderMap,
    _: RawQuery,
    _: Method,
    _: Uri,
    _: Version,
    _: HeaderMap,
    _: RawQuery,
    _: Method,
    _: Uri,
    _: Version,
    body: String,
) -> String {
    body
}

#[tokio::test]
async fn as_many_arguments_as_axum_takes() {
    guards(sixteen, "ann body").await;
    guards(fifteen, "body").await;
}

mod partners {
    //! A policy, a tag and a realm that handlers elsewhere name by path.

    use super::{Authenticated, Claims, auth_policy, public, requires_auth};

    pub(crate) enum Partner {}

    pub(crate) const ZONE: &str = r#"C:\ "partners""#;

    /// Documented.
    #[auth_policy(scheme = "Bearer", realm = "Partners")]
    pub(crate) struct Policy;

    #[auth_policy(any(Bearer(realm = "Partners"), Basic(realm = self::ZONE)), optional)]
    #[derive(Clone, Copy, Debug)]
    pub(super) struct Open;

    #[requires_auth(Policy)]
    pub(super) async fn visible_to_parent(user: Authenticated<Claims>) -> String {
        user.name.clone()
    }

    #[requires_auth(self::Policy)]
    pub(crate) async fn visible_to_crate() -> &'static str {
        private_helper()
    }

    #[requires_auth(super::partners::Policy)]
    #[allow(unreachable_pub)]
    pub async fn visible_to_all() -> &'static str {
        "all"
    }

    #[requires_auth(scheme = "Bearer", realm = "Partners")]
    pub(in crate::partners) async fn visible_here() -> &'static str {
        "here"
    }

    #[public(reason = "shows that visibility is kept")]
    pub(super) async fn open() -> &'static str {
        "open"
    }

    fn private_helper() -> &'static str {
        "crate"
    }

    pub(super) async fn ask_here() {
        super::guards(visible_here, "here").await;
    }
}

#[requires_auth(partners::Policy)]
async fn policy_of_a_module(user: Authenticated<Claims>) -> String {
    user.name.clone()
}

#[requires_auth(crate::partners::Open)]
async fn optional_policy(user: Option<Authenticated<Claims>>) -> String {
    optional_name(user)
}

#[requires_auth(scheme = "ApiKey", header = "X-Partner", realm = "Partners", verifier = partners::Partner)]
async fn tag_of_a_module(user: Authenticated<Claims>) -> String {
    user.name.clone()
}

#[tokio::test]
async fn modules_and_visibility() {
    guards(partners::visible_to_parent, "ann").await;
    guards(partners::visible_to_crate, "crate").await;
    guards(partners::visible_to_all, "all").await;
    partners::ask_here().await;
    guards(policy_of_a_module, "ann").await;
    let (status, _, body) = answer(partners::open, ask(None)).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "open"));
    let (_, _, body) = answer(optional_policy, ask(None)).await;
    assert_eq!(body, "nobody");
    let (_, _, body) = answer(tag_of_a_module, ask(Some(("x-partner", "key")))).await;
    assert_eq!(body, "ann");
}

#[requires_auth(scheme = "Basic", realm = partners::ZONE)]
async fn realm_of_a_const() {}

#[requires_auth(scheme = "Basic", realm = Realms::INNER)]
async fn realm_of_an_associated_const() {}

#[requires_auth(scheme = "Basic", realm = r#"C:\ "partners""#)]
async fn realm_of_a_raw_string() {}

#[requires_auth(any(
    Basic(realm = "a\\b"),
    Bearer(realm = "API"),
    ApiKey(header = "X-Key", realm = "\"")
))]
async fn realms_of_members() {}

/// What stands beside `any` holds for all in it.
#[requires_auth(any(Bearer, Basic), realm = "All", scope = "a")]
async fn realm_of_all() {}

struct Realms;

impl Realms {
    const INNER: &'static str = "inner";
}

/// H-10, H-11: quotes and backslashes are escaped, in literals and in constants.
#[tokio::test]
async fn realms_are_escaped() {
    let escaped = r#"Basic realm="C:\\ \"partners\"", charset="UTF-8""#;
    assert_eq!(challenge(realm_of_a_const).await, escaped);
    assert_eq!(challenge(realm_of_a_raw_string).await, escaped);
    assert_eq!(
        challenge(realm_of_an_associated_const).await,
        r#"Basic realm="inner", charset="UTF-8""#
    );
    assert_eq!(
        challenge(realms_of_members).await,
        [
            r#"Basic realm="a\\b", charset="UTF-8""#,
            r#"Bearer realm="API""#,
            r#"ApiKey realm="\"", in="header", name="X-Key""#,
        ]
        .join("\n")
    );
    assert_eq!(
        challenge(realm_of_all).await,
        [
            r#"Bearer realm="All", scope="a""#,
            r#"Basic realm="All", charset="UTF-8""#,
        ]
        .join("\n")
    );
}

/// Every kind of member, with its realm as a literal and behind a path: the macro writes the challenges
/// of the one, const evaluation those of the other.
mod literal {
    use super::*;

    #[requires_auth(Bearer(realm = "inner", scope = "a b", error_when_missing = "missing_token"))]
    pub(super) async fn bearer() {}

    #[requires_auth(Bearer(realm = "inner"))]
    pub(super) async fn plain_bearer() {}

    #[requires_auth(Basic(realm = "inner", charset = none, scope = "a"))]
    pub(super) async fn basic() {}

    #[requires_auth(ApiKey(realm = "inner", header = "X-Key"))]
    pub(super) async fn key() {}

    #[requires_auth(scheme = "X-Key", realm = "inner")]
    pub(super) async fn named_key() {}
}

mod constant {
    use super::*;

    #[requires_auth(Bearer(realm = Realms::INNER, scope = "a b", error_when_missing = "missing_token"))]
    pub(super) async fn bearer() {}

    #[requires_auth(Bearer(realm = Realms::INNER))]
    pub(super) async fn plain_bearer() {}

    #[requires_auth(Basic(realm = Realms::INNER, charset = none, scope = "a"))]
    pub(super) async fn basic() {}

    #[requires_auth(ApiKey(realm = Realms::INNER, header = "X-Key"))]
    pub(super) async fn key() {}

    #[requires_auth(scheme = "X-Key", realm = Realms::INNER)]
    pub(super) async fn named_key() {}
}

#[tokio::test]
async fn literals_and_constants_give_the_same_challenge() {
    macro_rules! same {
        ($($handler:ident),*) => {
            $(assert_eq!(challenge(literal::$handler).await, challenge(constant::$handler).await);)*
        };
    }
    same!(bearer, plain_bearer, basic, key, named_key);
    assert_eq!(
        challenge(constant::bearer).await,
        r#"Bearer realm="inner", scope="a b", error="missing_token""#
    );
}

/// A handler inside of a function has its policy there, too.
#[tokio::test]
async fn inside_of_a_function() {
    #[derive(Clone)]
    struct Local(String);

    impl From<Claims> for Local {
        fn from(claims: Claims) -> Self {
            Self(claims.name)
        }
    }

    const REALM: &str = "local";

    #[auth_policy(scheme = "Bearer", realm = REALM)]
    struct Policy;

    #[requires_auth(scheme = "Bearer", realm = REALM)]
    async fn handler(user: Authenticated<Local>) -> String {
        user.0.clone()
    }

    #[requires_auth(Policy)]
    async fn named(user: Authenticated<Local>) -> String {
        user.0.clone()
    }

    guards(handler, "ann").await;
    guards(named, "ann").await;
    assert_eq!(challenge(named).await, r#"Bearer realm="local""#);
}

macro_rules! handlers {
    ($($visibility:vis $name:ident: $identity:ty, $realm:literal, $policy:path, $argument:ident => $body:expr;)*) => {$(
        #[requires_auth(scheme = "Bearer", realm = $realm)]
        $visibility async fn $name($argument: $identity) -> String {
            $body
        }

        mod $name {
            use super::*;

            #[requires_auth($policy)]
            pub(super) async fn named($argument: $identity) -> String {
                $body
            }
        }
    )*};
}

handlers! {
    pub(crate) of_capture: Authenticated<Claims>, "API", partners::Policy, user => user.name.clone();
    of_grouped_capture: Authenticated<User>, "API", crate::partners::Policy, someone => someone.0.clone();
}

macro_rules! optional_handler {
    ($name:ident, $identity:ty) => {
        #[requires_auth(scheme = "Bearer", realm = "API", optional)]
        async fn $name(user: Option<$identity>) -> String {
            optional_name(user)
        }
    };
}

optional_handler!(optional_of_capture, Authenticated<Claims>);

/// Types, literals and paths from captures stand in invisible groups.
#[tokio::test]
async fn made_by_macro_rules() {
    guards(of_capture, "ann").await;
    guards(of_grouped_capture, "ann").await;
    guards(of_capture::named, "ann").await;
    guards(of_grouped_capture::named, "ann").await;
    let (_, _, body) = answer(optional_of_capture, ask(None)).await;
    assert_eq!(body, "nobody");
}

mod conditions {
    //! `#[cfg]` takes the handler and all that belongs to it.

    use super::{public, requires_auth};

    #[cfg(debug_assertions)]
    #[requires_auth(scheme = "Bearer", realm = "API")]
    pub(super) async fn above() -> &'static str {
        "debug"
    }

    #[cfg(not(debug_assertions))]
    #[requires_auth(scheme = "Bearer", realm = "API")]
    pub(super) async fn above() -> &'static str {
        "release"
    }

    #[requires_auth(scheme = "Bearer", realm = "API")]
    #[cfg(debug_assertions)]
    pub(super) async fn below() -> &'static str {
        "debug"
    }

    #[requires_auth(scheme = "Bearer", realm = "API")]
    #[cfg(not(debug_assertions))]
    pub(super) async fn below() -> &'static str {
        "release"
    }

    #[public]
    #[cfg_attr(all(), cfg(debug_assertions))]
    pub(super) async fn open() -> &'static str {
        "debug"
    }

    #[public]
    #[cfg_attr(all(), cfg(not(debug_assertions)))]
    pub(super) async fn open() -> &'static str {
        "release"
    }

    #[cfg_attr(any(), public(reason = "never"))]
    #[cfg_attr(all(), requires_auth(scheme = "Bearer", realm = "API"))]
    pub(super) async fn decided_by_condition() -> &'static str {
        "decided"
    }
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn argument_behind_cfg(
    user: Authenticated<Claims>,
    #[cfg(any())] Query(_): Query<Missing>,
    #[allow(unused_variables)] uri: Uri,
) -> String {
    user.name.clone()
}

#[tokio::test]
async fn conditional_handlers() {
    let profile = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    guards(conditions::above, profile).await;
    guards(conditions::below, profile).await;
    guards(conditions::decided_by_condition, "decided").await;
    guards(argument_behind_cfg, "ann").await;
    let (_, _, body) = answer(conditions::open, ask(None)).await;
    assert_eq!(body, profile);
}

/// Lints and marks that a handler carries stay with it.
#[deprecated = "use `identities`"]
#[requires_auth(scheme = "Bearer", realm = "API")]
#[allow(unused_variables, clippy::unused_async)]
#[must_use]
#[doc(alias = "orders")]
/// A second paragraph.
async fn marked(unused: Authenticated<Claims>) -> &'static str {
    "marked"
}

/// So do those of the identity argument: each of these would not compile without.
#[deny(unused_variables, unused_mut)]
mod marked_arguments {
    use super::*;

    #[requires_auth(scheme = "Bearer", realm = "API")]
    pub(super) async fn unused(#[allow(unused_variables)] user: Authenticated<Claims>) -> String {
        "unused".to_owned()
    }

    #[requires_auth(scheme = "Bearer", realm = "API", optional)]
    pub(super) async fn unused_option(
        uri: Uri,
        #[expect(unused_mut, reason = "shows that the lint sees it")]
        #[allow(unused_variables)]
        mut user: Option<Authenticated<Claims>>,
    ) -> String {
        uri.to_string()
    }
}

#[tokio::test]
async fn attributes_are_kept() {
    #[expect(deprecated, reason = "shows that the mark was kept")]
    guards(marked, "marked").await;
    guards(marked_arguments::unused, "unused").await;
    let (status, _, body) = answer(marked_arguments::unused_option, ask(None)).await;
    assert_eq!(
        (status, body.as_str()),
        (StatusCode::OK, "/orders/7?page=3")
    );
}

/// What stands in for a policy whose attribute is wrong, beside the compile error: it refuses good
/// credentials too.
#[tokio::test]
async fn the_stand_in_admits_nobody() {
    let request = ask(Some(("authorization", "Bearer good")));
    for request in [request, ask(None)] {
        let refusal =
            auth_core::http::check::<auth_core::private::Erroneous, auth_core::Unseen, _>(
                &app(),
                auth_core::RequestView::of(&request),
            )
            .await
            .unwrap_err();
        assert_eq!(refusal.status(), StatusCode::UNAUTHORIZED);
    }
}
