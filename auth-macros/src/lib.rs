//! The attributes of `auth-core`. Depend on `auth-core` and import them from there; this crate has no
//! use of its own.
//!
//! The functions here hand over to `attributes`. Tokens go through three rooms: `args` and `handler` parse,
//! `check` turns what they found into the `model`, which cannot hold an unchecked value, and `expand`
//! writes it out. All wording is in `errors`.

mod args;
mod attributes;
mod binding;
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
/// Who is admitted is said in one of three ways:
///
/// - `scheme = …`, with its keys `realm`, `scope`, `role`, `acr`, `max_age`, `header`, `cookie`, `charset`,
///   `error_when_missing`, `algorithm`, `qop`, `domain`, `opaque`, `userhash` and `verifier`; those of a scheme of your own are parameters of its challenge.
/// - `any(..)` or `all(..)` of schemes with their keys. Beside it `realm`, `scope`, `role`, `acr` and `max_age` hold for
///   every member.
/// - The path of an [`auth_policy`](macro@auth_policy). Beside it `scope`, `role`, `acr` and `max_age` are demanded in
///   addition.
///
/// Beside each stand `secure`, `permit`, `request`, `state`, `identity` and `crate`, beside the first two `optional` as
/// well. The page `auth_core::language` explains every key.
///
/// It stands on a free function, above all other attributes, or on a block of them. It puts a hidden argument first,
/// takes the argument of type `Authenticated<..>` or `Option<Authenticated<..>>` in, and leaves everything else as it
/// is; the function can then be called by a framework only.
///
/// # A condition over the arguments
///
/// `permit = …` is an expression of type `bool` over the handler's arguments and the identity; it may await.
/// It runs behind the extractors and before the body, on an `async fn`. If it does not hold, the answer is 403
/// (`forbidden`) without a challenge, and the body does not run. There is no `?` and no `return` in it: what an error
/// means, you write, such as `may_read(&user, id).await.unwrap_or(false)`. A return type `R` becomes
/// `auth_core::Permitted<R>`, which frameworks turn into a response; `#[instrument(err)]` and whatever else looks
/// at `R` goes above.
///
/// ```
/// # use auth_core::{Authenticated, requires_auth};
/// # struct Order;
/// # #[derive(Clone)] struct Claims { id: u64 }
/// # async fn may_read(_: &Claims, _: u64) -> bool { true }
/// #[requires_auth(scheme = "Bearer", realm = "API", permit = user.id == owner || may_read(&user, owner).await)]
/// async fn orders(user: Authenticated<Claims>, owner: u64) -> Vec<Order> {
///     Vec::new()
/// }
/// ```
///
/// # Functions that keep their signature
///
/// With `request = …` and `state = …` the signature stays, and the check stands in front of the first statement of
/// the body: for methods, for services of traits, for Lambda handlers. Both are expressions over the arguments, and
/// are borrowed: `request` is an `http::Request`, its `Parts`, or anything that `ViewRequest`s; `state` is a state,
/// a reference to one or an `Arc`. `identity = user: Claims` binds `user: Authenticated<Claims>`, or
/// `Option<Authenticated<Claims>>` with `optional`; the type may be written in full, and for a named policy that is
/// optional it must be. `permit` works as well.
///
/// ```
/// use auth_core::{AuthState, Bearer, FnVerifier, requires_auth};
/// use http::{Request, Response};
/// # #[derive(AuthState)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
///
/// struct Orders {
///     app: App,
/// }
///
/// impl Orders {
///     #[requires_auth(
///         scheme = "Bearer", realm = "API",
///         request = request, state = self.app, identity = user: String
///     )]
///     async fn list(&self, request: Request<()>) -> Result<Response<Vec<u8>>, std::io::Error> {
///         Ok(Response::new(format!("the orders of {}", *user).into()))
///     }
/// }
/// ```
///
/// It works on `async fn`s, also under `#[async_trait]`. The return type tells the refusal, by its type and not
/// by its name: `http::Response<_>` and `Result<http::Response<_>, _>` take the refusal's response, the latter in
/// `Ok` (their body is `From<Bytes>` or `From<Vec<u8>>`); any other `Result<_, E>` takes `E: From<Refusal>`; any other
/// type is itself `From<Refusal>`. A refusal is no `std::error::Error` and never becomes a `Box<dyn Error>`.
/// [`check!`](macro@check) is the same in a closure.
///
/// # Modules and `impl` blocks
///
/// On an inline module the attribute holds for every function in it, and in the inline modules in that, that has
/// no decision of its own. A function that is no handler says so with `#[helper]`; so does an `impl` block, a
/// trait or a module in it. `#[public]`, or another `#[requires_auth(..)]`, on a function or on a module in it
/// replaces that of the module and adds nothing to it: where the function demands more, let both name one policy, and
/// the function narrow it.
///
/// ```
/// use auth_core::requires_auth;
///
/// #[requires_auth(scheme = "Bearer", realm = "API")]
/// mod orders {
///     use auth_core::{Authenticated, public};
///
///     pub async fn list(user: Authenticated<String>) -> String {
///         shown(&user)
///     }
///
///     #[public(reason = "load balancer probe")]
///     pub async fn health() -> &'static str {
///         "ok"
///     }
///
///     #[helper]
///     fn shown(name: &str) -> String {
///         format!("the orders of {name}")
///     }
/// }
/// # fn main() {}
/// ```
///
/// On an `impl` block, with `request` and `state`, it holds for every method; `#[helper]` and `#[public]` on a
/// method opt out. It works above and below `#[async_trait]`.
///
/// ```
/// # use auth_core::{AuthState, Bearer, FnVerifier, requires_auth};
/// # use http::{Request, Response};
/// # #[derive(AuthState)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
/// struct Orders {
///     app: App,
/// }
///
/// #[requires_auth(scheme = "Bearer", realm = "API", request = req, state = self.app, identity = user: String)]
/// impl Orders {
///     async fn list(&self, req: Request<()>) -> Response<Vec<u8>> {
///         Response::new(format!("{} may {}", *user, req.method()).into())
///     }
///
///     #[helper]
///     fn app(&self) -> &App {
///         &self.app
///     }
/// }
/// ```
///
/// What could hide a function is an error: a macro call, a `cfg_attr` that holds a decision or `#[helper]`, `mod
/// name;`, methods in a module that nobody decided about. So is a block with no function to decide about.
///
/// Not seen, and without a decision, are functions in bodies and in the values of constants, closures, what is
/// re-exported with `use`, and what derives and other attribute macros generate. Nor are **default methods** of a trait
/// seen from `impl Trait for X`: they stay open unless the block overrides them, or the trait's default body has a
/// check of its own (`request` and `state` on the method in the trait). A handler without a decision does not compile on
/// a `GuardedRouter`; methods that another framework calls are not checked like that.
///
/// Paths in the list mean what they mean beside the module; a module in the body of a function cannot have the
/// attribute. Decisions are recognised by their names: a `#[public]` of another crate, imported under that name, would
/// be taken for ours.
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
///
/// On an inline module or an `impl` block it holds for every function in it that has no decision of its own, by
/// the same rules as [`requires_auth`](macro@requires_auth).
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
/// It stands on a unit struct and takes the keys of [`requires_auth`](macro@requires_auth), but for `permit`,
/// `request`, `state` and `identity`, which are about one function. The compiler warns (`private_interfaces`) of a
/// policy that is less visible than a handler that names it.
///
/// Handlers use the policy as it is, or demand more beside its path: `scope`, `role`, `acr`, `max_age`, `secure`,
/// `permit`. A policy can narrow another one in the same way. Nothing takes away from what a policy demands.
///
/// ```
/// # use auth_core::{auth_policy, requires_auth};
/// # #[auth_policy(scheme = "Bearer", realm = "API")] pub struct Api;
/// #[requires_auth(Api, scope = "orders:write")]
/// async fn create() {}
///
/// #[auth_policy(Api, role = "admin", secure)]
/// pub struct Admins;
/// ```
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
///
/// **The refusal is in the value**: write `check!(..)?`, or `match` it. A value that is dropped refuses nobody. The
/// compiler warns of that (`unused_must_use`), but not of `let _ = check!(..)`.
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
/// pub enum Partner {}
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
/// On a field: `#[auth(Bearer)]`, `#[auth(Basic)]`, `#[auth(Digest)]`, `#[auth(ApiKey)]`, each also with `tag = path`,
/// or `#[auth(settings)]`; without a mark it is no business of this derive. On the struct: `#[auth(crate = path)]`,
/// if `auth-core` has another name.
#[proc_macro_derive(AuthState, attributes(auth))]
pub fn derive_auth_state(item: TokenStream) -> TokenStream {
    attributes::auth_state(item.into()).into()
}
