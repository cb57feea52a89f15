//! The handlers that every server has: what guards each is written once, here, and each framework makes thin handlers
//! of its own kind from it.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

// What the table names.
pub use crate::app::{Api, Claims, Failing, KeyOwner, User};
pub use auth_core::{Authenticated, public, requires_auth};

/// Hands the table to a macro of the caller: `handlers!(table)` calls `table! { … }` with rows of this form:
///
/// ```text
/// #[requires_auth(scheme = "Bearer", realm = "API")]
/// bearer(user: Authenticated<Claims>) => user.sub;
/// ```
///
/// The decision, the name, the caller (not all handlers ask who it is), and what the handler calls the caller: an
/// expression that is `Display`. A macro matches all rows like this, and writes the decision on a handler of its
/// framework, that hands caller and request to [`served`]; `use auth_tests::handlers::*` brings what rows name:
///
/// ```
/// # use auth_tests::handlers::*;
/// # use axum::body::Body;
/// # use http::{Request, Response};
/// macro_rules! table {
///     ($($(#[$($decision:tt)*])* $name:ident($($caller:ident: $identity:ty)?) => $who:expr;)*) => {$(
///         $(#[$($decision)*])*
///         async fn $name($($caller: $identity,)? request: Request<Body>) -> Response<Body> {
///             let (parts, _body) = request.into_parts();
///             let content = served(stringify!($name), &$who, parts.headers.get(CASE).map(|case| case.as_bytes()), b"");
///             Response::new(Body::from(content))
///         }
///     )*};
/// }
/// auth_tests::handlers!(table);
/// ```
#[macro_export]
macro_rules! handlers {
    ($table:ident) => {
        $table! {
            #[requires_auth(scheme = "Bearer", realm = "API")]
            bearer(user: Authenticated<Claims>) => user.sub;

            #[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read orders:write")]
            scoped(user: Authenticated<Claims>) => user.sub;

            #[requires_auth(scheme = "Basic", realm = "Secured area")]
            basic(user: Authenticated<User>) => user.name;

            #[requires_auth(scheme = "Basic", realm = "Secured area", charset = none)]
            basic_without_charset() => "-";

            #[requires_auth(scheme = "Digest", realm = "API", qop = "auth, auth-int")]
            digest(user: Authenticated<User>) => user.name;

            #[requires_auth(scheme = "ApiKey", header = "X-API-Key", realm = "API")]
            api_key(owner: Authenticated<KeyOwner>) => owner.name;

            #[requires_auth(scheme = "ApiKey", header = "X-API-Key", realm = "API", scope = "orders:read")]
            scoped_key(owner: Authenticated<KeyOwner>) => owner.name;

            #[requires_auth(scheme = "X-API-Key", realm = "API")]
            named_key(owner: Authenticated<KeyOwner>) => owner.name;

            #[requires_auth(any(Bearer(realm = "API"), Basic(realm = "Dev zone")))]
            either(user: Authenticated<User>) => user.name;

            #[requires_auth(any(Bearer(realm = "API"), ApiKey(realm = "API", header = "X-API-Key")))]
            carriers(user: Authenticated<User>) => user.name;

            #[requires_auth(scheme = "Bearer", realm = "API", optional)]
            optional(user: Option<Authenticated<Claims>>) => {
                user.map_or_else(|| "nobody".to_owned(), |user| user.sub.clone())
            };

            #[requires_auth(scheme = "Bearer", realm = "API", error_when_missing = "missing_token")]
            promised(user: Authenticated<Claims>) => user.sub;

            // The keys beside a single scheme hold for it.
            #[requires_auth(Bearer(realm = "API"), verifier = Failing)]
            failing() => "-";

            #[requires_auth(Api)]
            named_policy() => "-";

            #[public(reason = "load balancer probe")]
            health() => "-";

            #[public(reason = "the fallback tells nothing")]
            elsewhere() => "-";

            #[requires_auth(realm = "API", all(Bearer, ApiKey(header = "X-API-Key")))]
            both(callers: Authenticated<(Claims, KeyOwner)>) => {
                format!("{} of {}", callers.0.sub, callers.1.name)
            };

            #[requires_auth(realm = "API", any(Bearer, Bearer(verifier = Failing)))]
            two_issuers(user: Authenticated<User>) => user.name;

            #[requires_auth(scheme = "Bearer", realm = "API", cookie = "session")]
            session(user: Authenticated<Claims>) => user.sub;

            #[requires_auth(scheme = "Bearer", realm = "API", role = any("clerk", "admin"))]
            clerks(user: Authenticated<Claims>) => user.sub;

            #[requires_auth(scheme = "Bearer", realm = "API", acr = "hwk mfa", max_age = 300)]
            stepped_up(user: Authenticated<Claims>) => user.sub;

            #[requires_auth(Api, secure)]
            secure(user: Authenticated<Claims>) => user.sub;

            #[requires_auth(Api, permit = user.sub == "ada")]
            permitted(user: Authenticated<Claims>) => user.sub;
        }
    };
}

/// The field by which a test finds out which handler ran for its request.
pub const CASE: &str = "x-case";
/// The field of every answer of a handler: its name.
pub const HANDLER: &str = "x-handler";

/// Which handlers ran, by the [`CASE`] of the request.
static RAN: Mutex<BTreeMap<String, Vec<&'static str>>> = Mutex::new(BTreeMap::new());

/// What a handler does: notes that it ran, and answers who called which handler, and what the body was. Its answer also
/// has the field [`HANDLER`].
#[must_use]
pub fn served(
    handler: &'static str,
    who: &dyn Display,
    case: Option<&[u8]>,
    body: &[u8],
) -> Vec<u8> {
    if let Some(case) = case {
        let case = String::from_utf8_lossy(case).into_owned();
        let mut ran = RAN.lock().unwrap_or_else(PoisonError::into_inner);
        ran.entry(case).or_default().push(handler);
    }
    [format!("{handler}: {who}: ").as_bytes(), body].concat()
}

/// A value of [`CASE`] that no other request has.
#[must_use]
pub fn new_case() -> String {
    static CASES: AtomicU32 = AtomicU32::new(0);
    format!("case-{}", CASES.fetch_add(1, Ordering::Relaxed))
}

/// The handlers that ran for this request since the last question.
#[must_use]
pub fn ran(case: &str) -> Vec<&'static str> {
    let mut ran = RAN.lock().unwrap_or_else(PoisonError::into_inner);
    ran.remove(case).unwrap_or_default()
}
