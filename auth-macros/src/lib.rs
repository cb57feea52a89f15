//! The attributes of `auth-core`. Depend on `auth-core` and import them from there; this crate has no
//! use of its own.
//!
//! The functions here hand over to `attributes`. Tokens go through three rooms: `args` and `handler` parse,
//! `check` turns what they found into the `model`, which cannot hold an unchecked value, and `expand`
//! writes it out. All wording is in `errors`.

mod args;
mod attributes;
mod block;
mod body;
mod check;
mod errors;
mod expand;
mod fallback;
#[cfg(test)]
mod golden;
mod handler;
mod inline;
mod model;
mod names;
mod nearest;
mod permit;
#[cfg(test)]
mod properties;
mod state;

use proc_macro::TokenStream;

/// Protects a handler: it runs only for a caller whose credentials were verified.
///
/// ```
/// use auth_core::{Authenticated, requires_auth};
///
/// #[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
/// async fn orders(user: Authenticated<String>) -> String {
///     format!("the orders of {}", *user)
/// }
///
/// #[requires_auth(any(Bearer(realm = "API"), Basic(realm = "Dev zone")))]
/// async fn either() -> &'static str {
///     "by token or by password"
/// }
///
/// #[requires_auth(scheme = "ApiKey", header = "X-API-Key", realm = "API", optional)]
/// async fn greeting(user: Option<Authenticated<String>>) -> String {
///     user.map_or("hello".to_owned(), |user| format!("hello {}", *user))
/// }
/// ```
///
/// Keys: `scheme`, `realm`, `scope`, `header`, `charset`, `error_when_missing`, `verifier`, `optional`, `crate`;
/// or `any(..)`, or the path of an [`auth_policy`](macro@auth_policy). The crate documentation of
/// `auth-core` explains each.
///
/// It stands on a free function, above all other attributes. It puts a hidden argument first, takes the
/// argument of type `Authenticated<..>` or `Option<Authenticated<..>>` in, and leaves everything else as it
/// is; the function can then be called by a framework only.
#[proc_macro_attribute]
pub fn requires_auth(args: TokenStream, item: TokenStream) -> TokenStream {
    attributes::requires_auth(args.into(), &item.into()).into()
}

/// Declares that a handler is open to everybody, and why.
///
/// ```
/// use auth_core::public;
///
/// #[public(reason = "load balancer probe")]
/// async fn health() -> &'static str {
///     "ok"
/// }
/// ```
///
/// Keys: `reason`, a text that is not empty, and `crate`; both may be left out. A handler cannot be public
/// and have [`requires_auth`](macro@requires_auth) as well.
#[proc_macro_attribute]
pub fn public(args: TokenStream, item: TokenStream) -> TokenStream {
    attributes::public(args.into(), &item.into()).into()
}

/// Names a policy, for several handlers or for a whole service.
///
/// ```
/// use auth_core::{auth_policy, requires_auth};
///
/// #[auth_policy(scheme = "Bearer", realm = "API")]
/// pub struct Api;
///
/// #[requires_auth(Api)]
/// async fn listed() -> &'static str {
///     "any good token will do"
/// }
/// ```
///
/// It stands on a unit struct and takes the keys of [`requires_auth`](macro@requires_auth). Handlers use the
/// policy as it is, without further keys.
#[proc_macro_attribute]
pub fn auth_policy(args: TokenStream, item: TokenStream) -> TokenStream {
    attributes::auth_policy(args.into(), item.into()).into()
}

/// Checks a request inside of a closure or a block: an expression.
///
/// ```
/// use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, Refusal, check};
/// # #[derive(AuthState)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
///
/// # fn example(app: std::sync::Arc<App>) {
/// let serve = async move |request: http::Request<()>| {
///     let user: Authenticated<String> = check!(
///         scheme = "Bearer",
///         realm = "API",
///         request = request,
///         state = app,
///         identity = String,
///     )?;
///     Ok::<_, Refusal>(format!("hello {}", *user))
/// };
/// # let _ = serve;
/// # }
/// ```
///
/// It takes the keys of [`requires_auth`](macro@requires_auth) and awaits the verifier, so it stands in
/// async code. `request` and `state` name what is checked, by what; both are borrowed. The value is a `Result`:
/// `Authenticated<T>` for `identity = T`, `Option<Authenticated<T>>` with `optional`, nothing to see without
/// `identity`; or the `Refusal`, whose `into_response` is the answer.
#[proc_macro]
pub fn check(args: TokenStream) -> TokenStream {
    inline::check(args.into()).into()
}

/// Makes a struct the state of guarded handlers: it says which field holds the verifier of which scheme.
///
/// ```
/// use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, Settings, requires_auth};
///
/// /// Tells the second verifier from the first.
/// enum Partner {}
///
/// #[derive(AuthState)]
/// struct App {
///     #[auth(Bearer)]
///     tokens: FnVerifier<Bearer, String>,
///     #[auth(Bearer, tag = Partner)]
///     partner_tokens: FnVerifier<Bearer, String>,
///     #[auth(settings)]
///     settings: Settings,
///     name: &'static str,
/// }
///
/// #[requires_auth(scheme = "Bearer", realm = "Partners", verifier = Partner)]
/// async fn partners(user: Authenticated<String>) -> String {
///     user.to_string()
/// }
/// ```
///
/// On a field: `#[auth(Bearer)]`, `#[auth(Basic)]`, `#[auth(ApiKey)]`, each also with `tag = path`, or
/// `#[auth(settings)]`; without a mark it is no business of this derive. On the struct: `#[auth(crate = path)]`,
/// if `auth-core` has another name.
#[proc_macro_derive(AuthState, attributes(auth))]
pub fn derive_auth_state(item: TokenStream) -> TokenStream {
    attributes::auth_state(item.into()).into()
}
