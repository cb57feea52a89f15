//! Where the guard is taken apart: in the argument list, or in front of the body.
//!
//! In the argument list is better: `#[instrument]` below records the user's own names, and nothing stands in the body.
//! But some attributes that write a handler of their own around the function take arguments that are plain names only, and
//! refuse patterns. Above these the guard has a name.

use proc_macro2::Span;
use quote::{ToTokens as _, quote};
use syn::{Ident, Pat, PatType};

use crate::body::{allow_braces, inner_attributes};
use crate::handler::Handler;
use crate::names::TAKE_NAMES_ONLY;

/// The first argument of a handler, and the handler behind it.
pub(crate) fn as_attributes_below_take_it(
    mut argument: PatType,
    mut handler: Handler,
    name: &Ident,
) -> (PatType, Handler) {
    if !takes_names_only(&handler) {
        return (argument, handler);
    }
    let pattern = core::mem::replace(&mut *argument.pat, Pat::Verbatim(name.to_token_stream()));
    if pattern.to_token_stream().to_string() == "_" {
        return (argument, handler);
    }
    // What they say is about the names in the pattern.
    let attributes = core::mem::take(&mut argument.attrs);
    let (inner_attributes, body) = inner_attributes(&handler.body);
    handler.body = quote!({
        #inner_attributes
        // The user wrote the name once.
        #[allow(clippy::shadow_same, clippy::used_underscore_binding)]
        #(#attributes)*
        let #pattern = #name;
        #body
    });
    handler.attributes.push(allow_braces());
    (argument, handler)
}

/// Whether an attribute below refuses patterns.
fn takes_names_only(handler: &Handler) -> bool {
    let mut below = handler.attributes.iter();
    below.any(|attribute| {
        let last = attribute.path().segments.last();
        last.is_some_and(|last| TAKE_NAMES_ONLY.iter().any(|name| last.ident == name))
    })
}

/// What the guard is called where it has to have a name: as the user calls the identity, so that other attributes below
/// find it; else by one that begins with `_`, since nobody has to use it.
pub(crate) fn name_for(handler: &Handler) -> Ident {
    match handler
        .identity
        .as_ref()
        .map(|identity| &*identity.argument.pat)
    {
        Some(Pat::Ident(pattern)) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
            pattern.ident.clone()
        }
        // Others write it again as a name of theirs, so it is one of the place where the attribute stands.
        _ => Ident::new("__requires_auth_guard", Span::call_site()),
    }
}
