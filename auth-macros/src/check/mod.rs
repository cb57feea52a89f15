//! From what was parsed to the checked form: one short function for each rule.

mod digest;
mod keys;
mod member;
mod needs;
mod top;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Meta, Path, Type, parse_quote};

use keys::Keys;
use top::Top;

use crate::args::Args;
use crate::errors::{self, Errors};
use crate::handler::{self, Handler};
use crate::model::Policy;

/// What `#[requires_auth]` or `#[auth_policy]` says.
pub(crate) struct Demand {
    pub(crate) krate: TokenStream,
    /// None if an error was found in it.
    pub(crate) policy: Option<Policy>,
    pub(crate) optional: Option<Span>,
}

/// What `#[public]` says.
pub(crate) struct Openness {
    pub(crate) krate: TokenStream,
    pub(crate) reason: Option<String>,
}

/// `body` lists the keys that were taken out of the list before, and may stand in it.
pub(crate) fn demand(args: Args, body: &[&str], errors: &mut Errors) -> Demand {
    let top = Top::sort(args, body, errors);
    Demand {
        krate: top.krate(),
        policy: top.policy(errors),
        optional: top.flag("optional"),
    }
}

/// The policy of a struct: one of its own, or another one with more demands; another one alone would be an
/// alias.
pub(crate) fn not_an_alias(policy: Option<Policy>, errors: &mut Errors) -> Option<Policy> {
    match policy? {
        // What it demands in addition may be what could not be read.
        Policy::Named(_) if errors.any() => None,
        Policy::Named(path) => {
            errors.over(&path, errors::policy_names_policy(&shown(&path)));
            None
        }
        policy => Some(policy),
    }
}

pub(crate) fn openness(args: Args, errors: &mut Errors) -> Openness {
    let mut keys = Keys::default();
    for item in args.items {
        keys.take(item, &["reason", "crate"], errors);
    }
    let reason = keys.string("reason", errors);
    if let Some(reason) = &reason
        && reason.value().trim().is_empty()
    {
        errors.at(reason.span(), errors::empty_reason());
    }
    Openness {
        krate: krate(keys.mod_path("crate", errors).as_ref()),
        reason: reason.map(|reason| reason.value()),
    }
}

pub(crate) fn nobody_in_public(handler: &Handler, errors: &mut Errors) {
    if let Some(identity) = &handler.identity {
        errors.over(&identity.argument.ty, errors::identity_in_public());
    }
}

/// `optional` and `Option` go together. That of a named policy is compared in const evaluation.
pub(crate) fn option_as_declared(demand: &Demand, handler: &Handler, errors: &mut Errors) {
    if let Some(Policy::Named(_) | Policy::Narrowed(..)) = demand.policy {
        return;
    }
    match (&handler.identity, demand.optional) {
        (Some(identity), optional) if optional.is_some() || demand.policy.is_some() => {
            let ty = &identity.argument.ty;
            option_agrees(ty, identity.in_option, optional.is_some(), errors);
        }
        (None, Some(optional)) => errors.at(optional, errors::optional_without_identity()),
        _ => {}
    }
}

/// The type of an identity, and whether the caller may be nobody.
pub(crate) fn option_agrees(ty: &Type, in_option: bool, optional: bool, errors: &mut Errors) {
    match (optional, in_option) {
        (true, false) => errors.over(ty, errors::optional_without_option(&shown(ty))),
        (false, true) => errors.over(ty, errors::option_without_optional()),
        _ => {}
    }
}

/// What names a policy.
pub(crate) fn unit_struct(item: TokenStream, errors: &mut Errors) -> Option<syn::ItemStruct> {
    match syn::parse2::<syn::Item>(item) {
        Ok(syn::Item::Struct(item))
            if matches!(item.fields, syn::Fields::Unit) && item.generics.params.is_empty() =>
        {
            Some(item)
        }
        Ok(syn::Item::Struct(item)) => {
            errors.at(item.ident.span(), errors::policy_not_a_unit_struct());
            None
        }
        Ok(other) => {
            errors.at(handler::keyword(&other), errors::policy_not_a_unit_struct());
            None
        }
        Err(error) => {
            errors.push(error);
            None
        }
    }
}

/// What a policy says of lints holds for what is noted about it. An expectation moves there: nothing on the struct
/// would meet it.
pub(crate) fn lints_of_note(attributes: &mut Vec<Attribute>) -> Vec<Attribute> {
    let mut lints: Vec<Attribute> = lint_levels(attributes).cloned().collect();
    lints.extend(attributes.extract_if(.., |attribute| {
        let expects = attribute.path().is_ident("expect");
        expects && handler::mentions(&attribute.to_token_stream(), &["deprecated"])
    }));
    lints
}

/// What a handler says of lints, and of when it is there at all, for an item beside it that names a type of its
/// signature. What is expected there is allowed here.
pub(crate) fn lints_and_conditions(attributes: &[Attribute]) -> Vec<Attribute> {
    let conditions = attributes.iter().filter(|it| it.path().is_ident("cfg"));
    let mut copies: Vec<Attribute> = lint_levels(attributes).chain(conditions).cloned().collect();
    for attribute in attributes {
        if let Meta::List(list) = &attribute.meta
            && list.path.is_ident("expect")
        {
            let lints = &list.tokens;
            copies.push(parse_quote!(#[allow(#lints)]));
        }
    }
    copies
}

/// All but expectations, which could be met only once.
pub(crate) fn lint_levels(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    let levels = ["allow", "warn", "deny", "forbid"];
    attributes
        .iter()
        .filter(move |attribute| levels.iter().any(|level| attribute.path().is_ident(level)))
}

/// Where the runtime crate is.
pub(crate) fn krate(path: Option<&Path>) -> TokenStream {
    match path {
        Some(path) => quote!(#path),
        None => quote!(::auth_core),
    }
}

/// As it was written, for messages.
pub(crate) fn shown(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}
