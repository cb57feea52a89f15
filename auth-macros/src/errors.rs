//! All errors: a collector, and every message. Each says what is wrong and what to write instead.

use std::fmt::Display;

use auth_syntax::DigestAlgorithm;
use proc_macro2::{Span, TokenStream};

use crate::names;
use crate::nearest::nearest;

/// Collects errors, so that one build shows all of them.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    pub(crate) fn at(&mut self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// All tokens underlined, from the first to the last.
    pub(crate) fn over(&mut self, tokens: impl quote::ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn append(&mut self, others: Self) {
        if let Some(others) = others.0 {
            self.push(others);
        }
    }

    pub(crate) fn any(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn into_tokens(self) -> Option<TokenStream> {
        self.0.map(|errors| errors.to_compile_error())
    }
}

// The attribute's list.

pub(crate) fn unexpected_token() -> String {
    "expected `key = value`, a scheme such as `Bearer(realm = \"API\")`, `any(..)` or the path of a policy".into()
}

pub(crate) fn not_a_reason() -> String {
    "`#[public]` takes a reason: write `reason = \"load balancer probe\"`".into()
}

pub(crate) fn expected_comma() -> String {
    "unexpected token: write `key = value`, and commas between keys".into()
}

pub(crate) fn empty_element() -> String {
    "nothing stands before this comma: remove it".into()
}

pub(crate) fn unknown_key(found: &str, valid: &[&str]) -> String {
    match nearest(found, valid.iter().copied()) {
        _ if found == "tag" && valid.contains(&"verifier") => {
            "unknown key `tag`: write `verifier = Partner`, with the tag that the state's field has"
                .into()
        }
        Some(near) => format!("unknown key `{found}`: did you mean `{near}`?"),
        None => format!("unknown key `{found}`: valid here: {}", list(valid)),
    }
}

pub(crate) fn duplicate_key(key: &str) -> String {
    format!("`{key}` is given twice: keep one of them")
}

pub(crate) fn inside_and_beside(key: &str) -> String {
    format!("`{key}` is given here and beside the scheme as well: keep one of them")
}

pub(crate) fn missing_value(key: &str) -> String {
    format!("`{key}` needs a value: write `{key} = {}`", example(key))
}

pub(crate) fn no_value(key: &str) -> String {
    format!("`{key}` takes no value: write just `{key}`")
}

pub(crate) fn not_a_string(key: &str) -> String {
    format!(
        "`{key}` takes a string literal, such as `{key} = {}`",
        example(key)
    )
}

pub(crate) fn not_a_string_or_path(key: &str) -> String {
    format!(
        "`{key}` takes a string literal or the path of a `const`, such as `{key} = {}`",
        example(key)
    )
}

pub(crate) fn no_const(key: &str) -> String {
    format!(
        "`{key}` takes a string literal, such as `{key} = {}`: only `realm` may be the path of a `const`",
        example(key)
    )
}

pub(crate) fn not_computed(key: &str) -> String {
    format!("`{key}` takes a literal: write the result of this calculation")
}

pub(crate) fn not_a_path(key: &str) -> String {
    format!("`{key}` takes a path, such as `{key} = {}`", example(key))
}

// Schemes.

pub(crate) fn no_scheme() -> String {
    "no scheme: write `scheme = \"Bearer\", realm = \"API\"`, `any(..)` or the path of a policy"
        .into()
}

pub(crate) fn unknown_scheme(found: &str) -> String {
    match nearest(found, names::SCHEMES) {
        Some(near) => format!("unknown scheme `{found}`: did you mean `{near}`?"),
        None => format!(
            "unknown scheme `{found}`: one of your own is named by its path, `scheme = path::To` or `path::To(realm = \"…\")`; the others are {}, and `X-…` for a header field with a key",
            list(&names::SCHEMES)
        ),
    }
}

pub(crate) fn scheme_not_a_token(found: &str) -> String {
    format!(
        "{} cannot be the name of a scheme: it is one token (RFC 9110 §11.1), without blanks, such as \"Bearer\"",
        shown(found)
    )
}

pub(crate) fn list_behind_scheme(group: &str) -> String {
    match group {
        "any" | "all" => format!(
            "`{group}(..)` stands without `scheme =`: write `{group}(Bearer(realm = \"…\"), Basic(realm = \"…\"))`"
        ),
        scheme => format!("a scheme with its keys stands without `scheme =`: write `{scheme}(..)`"),
    }
}

pub(crate) fn scheme_beside_policy(policy: &str) -> String {
    format!(
        "`{policy}` is a policy, which brings its own schemes: remove `scheme`, or write it into the policy"
    )
}

pub(crate) fn two_decisions_in_one(what: &str) -> String {
    format!(
        "`{what}` is one too many: to accept one of several schemes, write `any(Bearer(realm = \"…\"), Basic(realm = \"…\"))`"
    )
}

pub(crate) fn key_not_for_scheme(key: &str, scheme: &str) -> String {
    let instead = match key {
        "header" => "it names the field of an `ApiKey`",
        "cookie" => "only `Bearer` and `ApiKey` can travel in a cookie",
        "charset" => "only `Basic` and `Digest` have a charset (RFC 7617 §2.1, RFC 7616 §3.3)",
        "algorithm" | "qop" | "domain" | "opaque" | "userhash" => {
            "only challenges of `Digest` have it (RFC 7616 §3.3)"
        }
        "acr" | "max_age" => {
            "only `Bearer` tokens say how and when their user was authenticated (RFC 9470)"
        }
        _ => "only `Bearer` challenges carry an error (RFC 6750 §3)",
    };
    format!("`{key}` is no key of `{scheme}`: {instead}")
}

pub(crate) fn key_not_in_member(key: &str) -> String {
    format!(
        "`{key}` belongs to the whole attribute: write it beside the scheme or `any(..)`, not inside"
    )
}

pub(crate) fn key_of_one_member(key: &str) -> String {
    format!("`{key}` belongs to one member: write it inside, behind its scheme")
}

pub(crate) fn realm_missing(scheme: &str) -> String {
    format!("`{scheme}` needs a realm, which its challenge tells to clients: add `realm = \"API\"`")
}

pub(crate) fn bad_realm(why: impl Display) -> String {
    format!("this realm cannot be sent in a header field: {why}")
}

pub(crate) fn bad_scope(why: impl Display) -> String {
    format!("these are not scopes separated by one space (RFC 6750 §3): {why}")
}

pub(crate) fn comma_in_scope() -> String {
    "scopes are separated by one space, not by a comma: write `scope = \"orders:read orders:write\"`".into()
}

pub(crate) fn not_a_need(key: &str) -> String {
    let one = example(key);
    format!(
        "`{key}` takes a string literal, `any(..)` or `all(..)` of them, such as `{key} = {one}`"
    )
}

pub(crate) fn need_of_one(key: &str, group: &str) -> String {
    let one = example(key);
    format!("`{group}(..)` needs two or more: for one, write `{key} = {one}`")
}

pub(crate) fn bad_role(found: &str) -> String {
    format!(
        "{} is not one role: a role is one word; for several write `role = any(\"admin\", \"clerk\")` or `all(..)`",
        shown(found)
    )
}

pub(crate) fn bad_acr(why: impl Display) -> String {
    let why = why.to_string().replace("scopes", "values");
    format!("these are not `acr` values separated by one space (RFC 9470 §3): {why}")
}

pub(crate) fn bad_max_age() -> String {
    "`max_age` takes a literal number of seconds, without quotes or a suffix: `max_age = 300`"
        .into()
}

pub(crate) fn policy_in_group(policy: &str, group: &str) -> String {
    format!(
        "`{policy}` cannot stand in `{group}(..)`, which takes schemes: write `{group}(..)` into the policy, and the policy's path alone here; a scheme of your own has its keys behind it, `{policy}(realm = \"…\")`"
    )
}

pub(crate) fn bad_error_code(why: impl Display) -> String {
    format!("this error code cannot be sent (RFC 6750 §3): {why}")
}

pub(crate) fn header_missing() -> String {
    "`ApiKey` needs the name of what carries the key: add `header = \"X-API-Key\"`, or `cookie = \"session\"`"
        .into()
}

pub(crate) fn header_not_a_token(found: &str) -> String {
    format!(
        "{} cannot be the name of a header field: it is one token (RFC 9110 §5.1), such as \"X-API-Key\"",
        shown(found)
    )
}

pub(crate) fn header_reserved(found: &str) -> String {
    format!(
        "`{found}` has a meaning of its own in HTTP or to proxies: give the key a field of its own, such as \"X-API-Key\""
    )
}

pub(crate) fn bad_charset() -> String {
    "`charset` is either \"UTF-8\", which is the default, or `none` to leave it out (RFC 7617 §2.1, RFC 7616 §3.3)"
        .into()
}

pub(crate) fn unknown_algorithm(found: &str) -> String {
    let valid = DigestAlgorithm::ALL.map(DigestAlgorithm::name);
    if found.contains(' ')
        && found
            .split(' ')
            .all(|word| DigestAlgorithm::parse(word).is_some())
    {
        return "algorithms are separated by a comma, preferred first: write `algorithm = \"SHA-256, MD5\"`".into();
    }
    match nearest(found, valid) {
        Some(near) => format!(
            "{} is no algorithm of `Digest`: did you mean `{near}`?",
            shown(found)
        ),
        None => format!(
            "{} is no algorithm of `Digest`, which has {} (RFC 7616 §3.3)",
            shown(found),
            list(&valid)
        ),
    }
}

pub(crate) fn algorithm_twice(algorithm: &str) -> String {
    format!(
        "`{algorithm}` is given twice, and each challenge has another algorithm (RFC 7616 §3.7): keep one of them"
    )
}

pub(crate) fn bad_qop(found: &str) -> String {
    format!(
        "{} is no quality of protection: write `qop = \"auth\"`, which is the default, or `qop = \"auth, auth-int\"` (RFC 7616 §3.3)",
        shown(found)
    )
}

pub(crate) fn auth_int_alone() -> String {
    "`auth-int` alone protects less: browsers and Java fall back to the form of RFC 2069, which has no `qop`, and others give up; write `qop = \"auth, auth-int\"`"
        .into()
}

pub(crate) fn bad_domain(why: impl Display) -> String {
    let why = why
        .to_string()
        .replace("scopes", "URIs")
        .replace("a scope", "a URI")
        .replace("one scope", "one URI");
    format!("these are not URIs separated by one space (RFC 7616 §3.3): {why}")
}

pub(crate) fn relative_domain() -> String {
    "each URI of a `domain` begins with `/`, `http://` or `https://` (RFC 7616 §3.3), such as `domain = \"/orders https://api.example\"`"
        .into()
}

pub(crate) fn bad_opaque(why: impl Display) -> String {
    format!("this `opaque` cannot be sent (RFC 7616 §3.3): {why}")
}

pub(crate) fn empty_opaque() -> String {
    "this `opaque` is empty: leave it out, clients do nothing but send it back".into()
}

pub(crate) fn two_carriers() -> String {
    "a key travels in one carrier, `header` or `cookie`: to accept both, write `any(ApiKey(header = \"…\"), ApiKey(cookie = \"…\"))`".into()
}

pub(crate) fn cookie_not_a_token(found: &str) -> String {
    format!(
        "{} cannot be the name of a cookie: it is one token (RFC 6265 §4.1.1), such as \"__Host-session\"",
        shown(found)
    )
}

pub(crate) fn not_a_param(key: &str) -> String {
    format!("`{key}` takes a string literal or a number, such as `{key} = \"…\"`")
}

// any(..) and all(..)

pub(crate) fn group_of_one(group: &str) -> String {
    format!(
        "`{group}(..)` needs two schemes or more: for one, write `scheme = \"…\", realm = \"…\"`"
    )
}

pub(crate) fn group_in_itself(group: &str) -> String {
    format!(
        "`{group}(..)` directly in `{group}(..)` changes nothing: write its members into the outer one"
    )
}

pub(crate) fn too_many_members(most: usize) -> String {
    format!("a policy takes at most {most} schemes, and this is one too many")
}

pub(crate) fn same_member_twice(scheme: &str) -> String {
    format!(
        "`{scheme}` stands here a second time, for the same credentials: remove it, or give it a verifier of its own with `verifier = path::Tag`"
    )
}

pub(crate) fn two_digests() -> String {
    "a policy takes `Digest` once: challenges of it are told apart by their algorithm alone (RFC 7616 §3.7); write one with all of them, `algorithm = \"SHA-256, MD5\"`"
        .into()
}

pub(crate) fn carrier_of_all_twice(scheme: &str, carrier: &str) -> String {
    format!(
        "`{scheme}` cannot be demanded as well: {carrier} holds one set of credentials, which another part of `all(..)` takes"
    )
}

pub(crate) fn not_a_member(group: &str) -> String {
    format!(
        "`{group}(..)` takes schemes with their keys, such as `Bearer(realm = \"API\")`: write a key for all of them beside the outermost list"
    )
}

pub(crate) fn key_does_not_narrow(key: &str, policy: &str) -> String {
    format!(
        "`{key}` belongs into the policy `{policy}`: beside its path stands what it demands in addition: {}, `secure`",
        list(&names::NARROWING_KEYS)
    )
}

pub(crate) fn optional_would_widen(policy: &str) -> String {
    format!(
        "`optional` would widen `{policy}`, which says itself whom it admits: write it into the policy, or a policy of its own"
    )
}

// Handlers.

pub(crate) fn not_a_function(attribute: &str) -> String {
    format!(
        "`#[{attribute}]` stands on a handler, or on an inline module or an `impl` block with handlers"
    )
}

pub(crate) fn policy_without_its_attribute() -> String {
    "`#[requires_auth]` stands on a handler: to name a policy, write `#[auth_policy(..)]`".into()
}

/// The compiler says what it misses; this keeps a handler that we cannot read from going out alone.
pub(crate) fn unreadable(attribute: &str) -> String {
    format!("`#[{attribute}]` could not read this function")
}

pub(crate) fn on_a_method(attribute: &str) -> String {
    match attribute {
        "requires_auth" => "the signature of a method stays as it is: add `request = request, state = self.app` with the names of what is to be checked and of your state, or put the attribute on a free function that calls the method".into(),
        _ => format!("`#[{attribute}]` cannot stand on a method: put it on a free function that calls the method"),
    }
}

pub(crate) fn without_body(attribute: &str) -> String {
    format!(
        "`#[{attribute}]` stands on a handler, which has a body: not on one of a trait, nor on a foreign function"
    )
}

pub(crate) fn two_decisions(other: &str) -> String {
    match other {
        "public" => "a handler is either protected or public: remove `#[public]` or `#[requires_auth(..)]`".into(),
        _ => "this handler is decided twice: to accept one of several schemes, write one `#[requires_auth(any(..))]`".into(),
    }
}

pub(crate) fn identity_twice() -> String {
    "one `Authenticated` argument is enough, since a request has one identity: that of `all(..)` is a tuple, `Authenticated<(A, B)>`".into()
}

pub(crate) fn identity_taken_apart(name: &str, ty: &str) -> String {
    format!("`Authenticated` is not taken apart, it derefs to the identity: write `{name}: {ty}`")
}

pub(crate) fn identity_untyped() -> String {
    "say whose identity: `Authenticated<Claims>`, with the type that your verifier yields".into()
}

pub(crate) fn identity_behind_cfg() -> String {
    "the identity cannot come and go with a `#[cfg]`: use two handlers".into()
}

pub(crate) fn identity_in_public() -> String {
    "a public handler has no verified caller: use `#[requires_auth(..)]`, or `#[requires_auth(.., optional)]` with `Option<Authenticated<..>>` if it may be nobody".into()
}

pub(crate) fn option_without_optional() -> String {
    "the policy admits only verified callers: write `Authenticated<..>` without `Option`, or add the key `optional`".into()
}

pub(crate) fn optional_without_option(found: &str) -> String {
    format!("with `optional` the caller may be nobody: write `Option<{found}>`")
}

pub(crate) fn optional_without_identity() -> String {
    "`optional` without an identity would admit everybody: take `user: Option<Authenticated<..>>`, or use `#[public]`".into()
}

// #[public], #[auth_policy], #[derive(AuthState)]

pub(crate) fn empty_reason() -> String {
    "the reason is empty: say why everybody may call this, such as `reason = \"load balancer probe\"`".into()
}

pub(crate) fn policy_not_a_unit_struct() -> String {
    "`#[auth_policy(..)]` stands on a unit struct without generics, which names the policy: `pub struct Api;`".into()
}

pub(crate) fn policy_names_policy(policy: &str) -> String {
    format!(
        "this is `{policy}` under another name: add what it demands in addition, such as `scope = \"…\"`, or write schemes of its own"
    )
}

pub(crate) fn state_not_a_struct() -> String {
    "`AuthState` is derived for a struct whose fields hold the verifiers".into()
}

pub(crate) fn field_without_role() -> String {
    "say what this field is: `#[auth(Bearer)]` for the verifier of a scheme, `#[auth(Bearer, tag = Partner)]` if there are several, or `#[auth(settings)]`"
        .into()
}

pub(crate) fn role_of_struct() -> String {
    "this belongs on the field that holds it: the struct takes `#[auth(crate = ::auth_core)]` only"
        .into()
}

pub(crate) fn unknown_role(found: &str) -> String {
    let roles: Vec<&str> = names::SCHEMES.into_iter().chain(["settings"]).collect();
    match nearest(found, roles.iter().copied()) {
        Some(near) => format!("a field cannot be `{found}`: did you mean `{near}`?"),
        None => format!(
            "a field cannot be `{found}`: it holds the verifier of a scheme ({}) or `settings`",
            list(&names::SCHEMES)
        ),
    }
}

pub(crate) fn two_roles() -> String {
    "a field is one thing: the verifier of one scheme, or the settings".into()
}

pub(crate) fn two_verifiers(scheme: &str) -> String {
    format!(
        "a second verifier for `{scheme}`: tell them apart by a tag, `#[auth({scheme}, tag = Partner)]`"
    )
}

pub(crate) fn two_settings() -> String {
    "a state has one `#[auth(settings)]` field".into()
}

pub(crate) fn tag_without_verifier() -> String {
    "`tag` tells verifiers of one scheme apart: settings have none".into()
}

// permit

pub(crate) fn not_a_condition() -> String {
    "`permit` takes a condition, an expression of type `bool`, such as `permit = user.id == id`"
        .into()
}

pub(crate) fn permit_without_async() -> String {
    "with `permit` a handler is an `async fn`, since the condition may await: write `async fn`"
        .into()
}

pub(crate) fn permit_leaves() -> String {
    "a condition is a `bool` and does not leave the handler: deal with errors inside, such as `f().await.unwrap_or(false)`".into()
}

pub(crate) fn permit_in_check() -> String {
    "`check!` takes no `permit`: its value is a `Result`, so write the condition behind it".into()
}

pub(crate) fn key_not_in_policy(key: &str) -> String {
    format!(
        "`{key}` is about one function: write it there, `#[requires_auth(Api, {key} = {})]`",
        example(key)
    )
}

// Inline form

pub(crate) fn inline_key_missing(missing: &[&str]) -> String {
    let add: Vec<String> = missing
        .iter()
        .map(|key| format!("{key} = {}", example(key)))
        .collect();
    format!(
        "a check inside of a function needs to know what is checked and by what: add `{}`",
        add.join(", ")
    )
}

pub(crate) fn not_an_expression(key: &str) -> String {
    format!(
        "`{key}` takes an expression, such as `{key} = {}`",
        example(key)
    )
}

pub(crate) fn not_an_identity() -> String {
    "`identity` takes a name and a type, such as `identity = user: Claims`".into()
}

pub(crate) fn not_a_type_of_identity() -> String {
    "in `check!`, `identity` takes a type, such as `identity = Claims`: its value is the identity"
        .into()
}

pub(crate) fn identity_in_signature() -> String {
    "the signature stays as it is, so the identity cannot be an argument: remove it, and add `identity = user: Claims` to the attribute"
        .into()
}

pub(crate) fn optional_without_key() -> String {
    "`optional` without an identity would admit everybody: add the key `identity`".into()
}

pub(crate) fn inline_without_async() -> String {
    "the check awaits a verifier: write `async fn`; without `async` the body must be `Box::pin(async move { .. })` alone, in a function that returns `Pin<Box<dyn Future<Output = ..>>>`"
        .into()
}

pub(crate) fn inline_returns_nothing() -> String {
    "this function returns nothing that could tell a refusal: return `http::Response<_>` or a type that is `From<auth_core::Refusal>`"
        .into()
}

pub(crate) fn inline_impl_trait() -> String {
    "a refusal cannot become `impl Trait`: write the type itself, such as `http::Response<_>`"
        .into()
}

// Modules and `impl` blocks.

pub(crate) fn out_of_line(attribute: &str) -> String {
    format!(
        "`#[{attribute}]` does not see functions in another file: write `mod handlers {{ .. }}`, or put it on the functions"
    )
}

pub(crate) fn out_of_line_inside(attribute: &str) -> String {
    format!(
        "the functions of this module stand in another file, where `#[{attribute}]` does not see them: move the module out of this one, and decide on its functions"
    )
}

pub(crate) fn macro_call(name: &str, attribute: &str) -> String {
    format!(
        "`{name}!` could write functions that `#[{attribute}]` does not see: write them out, or call the macro outside"
    )
}

pub(crate) fn decision_behind_condition(name: &str) -> String {
    format!(
        "`{name}` in a `cfg_attr` comes too late to be seen from outside: write one function behind `#[cfg(..)]` for each case"
    )
}

pub(crate) fn decision_of_others(name: &str) -> String {
    format!(
        "this may be another crate's `{name}`, which decides nothing: import ours and write `#[{name}]`, or write `#[auth_core::{name}]`"
    )
}

pub(crate) fn methods_undecided(attribute: &str, what: &str) -> String {
    format!(
        "this {what} has methods that could be handlers, which `#[{attribute}]` on a module does not decide about: write `#[helper]` above it if they are none, else `#[requires_auth(.., request = req, state = self.app)]` above the `impl` block"
    )
}

pub(crate) fn nothing_in_module(attribute: &str) -> String {
    format!(
        "no function in this module needs `#[{attribute}]`: each has a decision of its own or is a helper, or there is none; remove it"
    )
}

pub(crate) fn nothing_in_impl(attribute: &str) -> String {
    format!(
        "no method in this block needs `#[{attribute}]`: each has a decision of its own or is a helper, or there is none; remove it"
    )
}

pub(crate) fn helper_with_decision() -> String {
    "a helper is no handler: remove `#[helper]`, or the decision".into()
}

pub(crate) fn helper_with_arguments() -> String {
    "`#[helper]` takes nothing: write just `#[helper]`".into()
}

/// The compiler says what it misses; this keeps what we cannot read from going out alone.
pub(crate) fn unreadable_item(attribute: &str) -> String {
    format!("`#[{attribute}]` could not read this item, which could be a handler")
}

pub(crate) fn block_decided_twice(block: &str, attribute: &str, second: &str) -> String {
    if attribute == second {
        return format!(
            "this {block} is decided twice: keep one, and to accept one of several schemes, write `any(..)`"
        );
    }
    format!(
        "this {block} is either protected or public: remove `#[public]` or `#[requires_auth(..)]`, and decide on single functions"
    )
}

pub(crate) fn key_of_one_handler(key: &str) -> String {
    format!(
        "`{key}` is about the arguments of one function: write `#[requires_auth(.., {key} = ..)]` above that function"
    )
}

pub(crate) fn impl_without_request() -> String {
    "methods keep their signature, and check in their body: say where the request and the state are, `request = req, state = self.app`".into()
}

pub(crate) fn no_request_argument(request: &str) -> String {
    format!(
        "no argument `{request}`, so that this method cannot check credentials: name the request `{request}`, or write `#[helper]` above it if it is no handler"
    )
}

pub(crate) fn on_trait(attribute: &str) -> String {
    format!(
        "`#[{attribute}]` on a trait would say nothing about those who implement it: put it on the `impl` block"
    )
}

/// Not to be seen: the fallback's last resort.
pub(crate) fn nothing_to_write() -> &'static str {
    "auth-macros found nothing to write here; please report this"
}

/// As it was written, with what cannot be seen escaped.
fn shown(found: &str) -> String {
    if found.is_empty() {
        return "an empty string".into();
    }
    format!("`{}`", found.escape_debug())
}

fn example(key: &str) -> &'static str {
    match key {
        "scheme" => "\"Bearer\"",
        "scope" => "\"orders:read orders:write\"",
        "role" => "\"admin\"",
        "acr" => "\"urn:example:mfa\"",
        "max_age" => "300",
        "cookie" => "\"__Host-session\"",
        "header" => "\"X-API-Key\"",
        "charset" => "none",
        "error_when_missing" => "\"missing_token\"",
        "algorithm" => "\"SHA-256\"",
        "qop" => "\"auth, auth-int\"",
        "domain" => "\"/orders https://api.example\"",
        "opaque" => "\"5ccc069c403ebaf9\"",
        "verifier" | "tag" => "Partner",
        "crate" => "::auth_core",
        "reason" => "\"load balancer probe\"",
        "permit" => "user.id == id",
        "request" => "request",
        "state" => "self.app",
        "identity" => "user: Claims",
        _ => "\"API\"",
    }
}

fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}
