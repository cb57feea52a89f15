//! The attributes on inline modules and `impl` blocks: one decision for every function in there that has none
//! of its own. Each such function gets an attribute, which then expands as if it had been written there.
//!
//! Never silently nothing: what could hide a function from here is an error.

use proc_macro2::{Span, TokenStream};

use crate::args::{self, Args};
use crate::block::read::{Item, Kind};
use crate::errors::{self, Errors};
use crate::{check, fallback};

mod impl_block;
mod marks;
mod module;
mod read;

/// None if the item is no block.
pub(crate) fn requires_auth(args: &TokenStream, item: &TokenStream) -> Option<TokenStream> {
    let item = read::single(item.clone())?;
    let mut errors = Errors::default();
    let list = Args::parse(
        args.clone(),
        errors::unexpected_token,
        &mut Errors::default(),
    );
    alone(&item, "requires_auth", &mut errors);
    match &item.kind {
        Kind::Module { .. } => Some(module::guarded(args, &list, &item, errors)),
        Kind::Impl { .. } => Some(impl_block::guarded(args, &list, &item, errors)),
        Kind::Trait { keyword, .. } => Some(on_trait("requires_auth", *keyword, &item, errors)),
        _ => None,
    }
}

/// None if the item is no block.
pub(crate) fn public(args: &TokenStream, item: &TokenStream) -> Option<TokenStream> {
    let item = read::single(item.clone())?;
    let mut errors = Errors::default();
    let list = Args::parse(args.clone(), errors::not_a_reason, &mut errors);
    let path = crate_path(&list);
    let openness = check::openness(list, &mut errors);
    alone(&item, "public", &mut errors);
    match &item.kind {
        Kind::Module { .. } => Some(module::public(path, openness.reason, &item, errors)),
        Kind::Impl { .. } => Some(impl_block::public(&openness.krate, &item, errors)),
        Kind::Trait { keyword, .. } => Some(on_trait("public", *keyword, &item, errors)),
        _ => None,
    }
}

/// The block has no other decision, and is no helper.
fn alone(item: &Item, attribute: &str, errors: &mut Errors) {
    let block = match item.kind {
        Kind::Module { .. } => "module",
        Kind::Impl { .. } => "`impl` block",
        _ => return,
    };
    for other in &item.attributes {
        if other.path().is_ident(crate::names::HELPER) {
            errors.over(other.path(), errors::helper_with_decision());
        }
        if let Some(second) = marks::decision(other) {
            errors.at(
                second.span(),
                errors::block_decided_twice(block, attribute, &second.to_string()),
            );
        }
    }
}

fn on_trait(attribute: &str, keyword: Span, item: &Item, mut errors: Errors) -> TokenStream {
    errors.at(keyword, errors::on_trait(attribute));
    fallback::with_errors(errors.into_tokens(), &quote::quote!(#item))
}

/// What the key `crate` says.
fn crate_path(list: &Args) -> Option<syn::Path> {
    list.items.iter().find_map(|item| match item {
        args::Item::Key { key, value } if key == "crate" => syn::parse2(value.clone()).ok(),
        _ => None,
    })
}
