//! Each attribute from its tokens to what it writes: parse, check, expand. Works on the tokens of
//! `proc_macro2`, so that tests can feed it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::args::Args;
use crate::body::BodyKeys;
use crate::errors::{self, Errors};
use crate::handler::Handler;
use crate::model::{Guarded, NamedPolicy, Public};
use crate::names::BODY_KEYS;
use crate::{block, check, expand, fallback, inline, permit, state};

pub(crate) fn requires_auth(args: TokenStream, item: &TokenStream) -> TokenStream {
    if let Some(block) = block::requires_auth(&args, item) {
        return block;
    }
    let mut errors = Errors::default();
    let mut args = Args::parse(args, errors::unexpected_token, &mut errors);
    let keys = BodyKeys::take(&mut args, &mut errors);
    if keys.are_inline() {
        return inline::requires_auth(args, &keys, item, errors);
    }
    let permit = keys.permit();
    let demand = check::demand(args, &BODY_KEYS, &mut errors);
    let Some(handler) = Handler::parse(item.clone(), "requires_auth", &mut errors) else {
        return fallback::with_errors(errors.into_tokens(), item);
    };
    check::option_as_declared(&demand, &handler, &mut errors);
    permit::on_async_function(&handler, permit.as_ref(), &mut errors);
    permit::does_not_leave(permit.as_ref(), &mut errors);
    let krate = demand.krate;
    match (errors.into_tokens(), demand.policy) {
        (None, Some(policy)) => expand::guarded(Guarded {
            krate,
            policy,
            handler,
            permit,
        }),
        (errors, _) => fallback::with_errors(errors, &expand::erroneous(&krate, handler)),
    }
}

pub(crate) fn public(args: TokenStream, item: &TokenStream) -> TokenStream {
    if let Some(block) = block::public(&args, item) {
        return block;
    }
    let mut errors = Errors::default();
    let args = Args::parse(args, errors::not_a_reason, &mut errors);
    let openness = check::openness(args, &mut errors);
    let Some(handler) = Handler::parse(item.clone(), "public", &mut errors) else {
        return fallback::with_errors(errors.into_tokens(), item);
    };
    check::nobody_in_public(&handler, &mut errors);
    let check::Openness { krate, reason } = openness;
    match errors.into_tokens() {
        None => expand::public(Public {
            krate,
            reason,
            handler,
        }),
        errors => fallback::with_errors(errors, &expand::erroneous(&krate, handler)),
    }
}

pub(crate) fn auth_policy(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut args = Args::parse(args, errors::unexpected_token, &mut errors);
    BodyKeys::take(&mut args, &mut errors).none_in_policy(&mut errors);
    let demand = check::demand(args, &[], &mut errors);
    let policy = check::not_an_alias(demand.policy, &mut errors);
    let Some(mut named) = check::unit_struct(item.clone(), &mut errors) else {
        return fallback::with_errors(errors.into_tokens(), &item);
    };
    let name = named.ident.clone();
    let krate = demand.krate;
    match (errors.into_tokens(), policy) {
        (None, Some(policy)) => {
            let (lints, item) = match policy.basic_beside_digest() {
                Some(_) => (check::lints_of_note(&mut named.attrs), quote!(#named)),
                None => (Vec::new(), item),
            };
            expand::named_policy(NamedPolicy {
                krate,
                item,
                name,
                lints,
                policy,
            })
        }
        (errors, _) => {
            fallback::with_errors(errors, &expand::erroneous_policy(&krate, &item, &name))
        }
    }
}

/// A derive adds to the item; the compiler keeps the item itself.
pub(crate) fn auth_state(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let state = state::check(item, &mut errors).map(state::expand);
    match (errors.into_tokens(), state) {
        (None, Some(state)) => state,
        // What could be read: else every handler would complain about a missing verifier as well.
        (errors, state) => fallback::with_errors(errors, &quote!(#state)),
    }
}
