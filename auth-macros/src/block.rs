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

pub(crate) use module::module_of;

/// None if the item is no block.
pub(crate) fn requires_auth(args: &TokenStream, item: &TokenStream) -> Option<TokenStream> {
    let mut item = read::single(item.clone())?;
    let mut errors = Errors::default();
    let mut faults = Errors::default();
    let list = Args::parse(args.clone(), errors::unexpected_token, &mut faults);
    match item.kind {
        Kind::Module { .. } => {
            marks::alone(&mut item, "requires_auth", "module", &mut errors);
            // The policy beside the module tells the faults of the list.
            Some(module::guarded(args, &list, &item, errors))
        }
        Kind::Impl { .. } => {
            errors.append(faults);
            marks::alone(&mut item, "requires_auth", "`impl` block", &mut errors);
            Some(impl_block::guarded(args, &list, &item, errors))
        }
        Kind::Trait { keyword, .. } => Some(on_trait("requires_auth", keyword, &item, errors)),
        _ => None,
    }
}

/// None if the item is no block.
pub(crate) fn public(args: &TokenStream, item: &TokenStream) -> Option<TokenStream> {
    let mut item = read::single(item.clone())?;
    let mut errors = Errors::default();
    let list = Args::parse(args.clone(), errors::not_a_reason, &mut errors);
    let path = crate_path(&list);
    let openness = check::openness(list, &mut errors);
    match item.kind {
        Kind::Module { .. } => {
            marks::alone(&mut item, "public", "module", &mut errors);
            Some(module::public(
                path.as_ref(),
                openness.reason,
                &item,
                errors,
            ))
        }
        Kind::Impl { .. } => {
            marks::alone(&mut item, "public", "`impl` block", &mut errors);
            Some(impl_block::public(&openness.krate, &item, errors))
        }
        Kind::Trait { keyword, .. } => Some(on_trait("public", keyword, &item, errors)),
        _ => None,
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
