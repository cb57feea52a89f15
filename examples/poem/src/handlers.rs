//! The handlers: what each demands stands above it, and nothing else in the program repeats it. They have no `#[handler]`:
//! the routes take the functions themselves.

use auth_core::{Authenticated, auth_policy, public, requires_auth};
use poem::web::{Json, Path, Query};
use serde::{Deserialize, Serialize};

/// What this service reads from an access token. Issuer, audience and times are checked by then.
#[derive(Clone, Deserialize)]
pub(crate) struct Claims {
    pub(crate) sub: String,
}

/// A person, from the user store or from a token.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) name: String,
}

/// Who was given an API key.
#[derive(Clone)]
pub(crate) struct KeyOwner {
    pub(crate) name: String,
}

/// Lets a handler that takes tokens *or* passwords ask for a `User` in both cases.
impl From<Claims> for User {
    fn from(claims: Claims) -> Self {
        Self { name: claims.sub }
    }
}

#[derive(Deserialize)]
pub(crate) struct Page {
    page: Option<u32>,
}

#[derive(Serialize)]
pub(crate) struct Order {
    id: u32,
    customer: String,
}

#[derive(Serialize)]
pub(crate) struct Data {
    owner: String,
    rows: u32,
}

#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
pub(crate) async fn orders(
    user: Authenticated<Claims>,
    Query(page): Query<Page>,
) -> Json<Vec<Order>> {
    let first = page.page.unwrap_or(1).saturating_mul(10);
    let order = |id| Order {
        id,
        customer: user.sub.clone(),
    };
    Json(vec![order(first), order(first.saturating_add(1))])
}

#[requires_auth(scheme = "Basic", realm = "Secured area")]
pub(crate) async fn admin(user: Authenticated<User>) -> String {
    format!("hello {}, this is the secured area\n", user.name)
}

#[requires_auth(scheme = "ApiKey", header = "X-API-Key", realm = "API")]
pub(crate) async fn data(owner: Authenticated<KeyOwner>) -> Json<Data> {
    Json(Data {
        owner: owner.name.clone(),
        rows: 3,
    })
}

#[requires_auth(any(Bearer(realm = "API"), Basic(realm = "Dev zone")))]
pub(crate) async fn either(user: Authenticated<User>) -> String {
    format!("hello {}, by token or by password\n", user.name)
}

#[requires_auth(scheme = "Bearer", realm = "API", optional)]
pub(crate) async fn greeting(user: Option<Authenticated<Claims>>) -> String {
    match user {
        Some(user) => format!("hello {}\n", user.sub),
        None => "hello, whoever you are\n".to_owned(),
    }
}

/// A policy with a name, for as many handlers as need it.
#[auth_policy(scheme = "Bearer", realm = "API")]
pub(crate) struct Api;

/// Protected all the same, although it does not ask who is calling.
#[requires_auth(Api)]
pub(crate) async fn listed() -> &'static str {
    "any good token will do\n"
}

/// Narrowed: what the policy demands, and a role. Ada has it, and her token says so.
#[requires_auth(Api, role = "clerk")]
pub(crate) async fn stock() -> &'static str {
    "for clerks only\n"
}

/// Narrowed by a condition over the arguments, which runs behind the extractors.
#[requires_auth(Api, permit = user.sub == name)]
pub(crate) async fn page(user: Authenticated<Claims>, Path(name): Path<String>) -> String {
    format!("{} sees the page of {name}\n", user.sub)
}

/// Narrowed by how, and how long ago, the user logged in (RFC 9470).
#[requires_auth(Api, acr = "urn:example:mfa", max_age = 300)]
pub(crate) async fn transfer() -> &'static str {
    "transferred\n"
}

/// Both at once, each in a field of its own. The identity is a tuple.
#[requires_auth(realm = "API", all(Bearer, ApiKey(header = "X-API-Key")))]
pub(crate) async fn both(callers: Authenticated<(Claims, KeyOwner)>) -> String {
    let (user, partner) = callers.identity();
    format!("{} for {}\n", user.sub, partner.name)
}

#[public(reason = "load balancer probe")]
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// Some APIs promise an error code to callers who present nothing. RFC 6750 knows none for that.
#[requires_auth(scheme = "Bearer", realm = "API", error_when_missing = "missing_token")]
pub(crate) async fn me(user: Authenticated<Claims>) -> String {
    format!("you are {}\n", user.sub)
}

#[requires_auth(Api)]
pub(crate) async fn protected(user: Authenticated<Claims>) -> String {
    format!("{} got in\n", user.sub)
}

/// The same keys as `/data`, with the challenge that names the field: `X-API-Key realm="API"`.
#[requires_auth(scheme = "X-API-Key", realm = "API")]
pub(crate) async fn api_data(owner: Authenticated<KeyOwner>) -> Json<Data> {
    Json(Data {
        owner: owner.name.clone(),
        rows: 3,
    })
}
