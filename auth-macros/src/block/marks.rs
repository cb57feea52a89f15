//! What the attributes of an item in a block say about it.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::{Attribute, Meta};

use crate::block::read::Item;
use crate::check::shown;
use crate::errors::{self, Errors};
use crate::names::{DECISIONS, HELPER};

/// Whose business an item is.
pub(crate) enum Mark {
    /// The block's.
    None,
    /// Nobody's: it is no handler.
    Helper,
    /// Its own.
    Decided,
    /// That depends on a condition, which was complained about.
    Unclear,
}

/// Reads the marks of an item, and takes `#[helper]` off.
pub(crate) fn take(item: &mut Item, krate: &TokenStream, errors: &mut Errors) -> Mark {
    let (mut helper, mut decided, mut unclear) = (None, false, false);
    item.attributes.retain(|attribute| {
        if let Some(hidden) = behind_condition(attribute) {
            let message = errors::decision_behind_condition(&hidden.to_string());
            errors.at(hidden.span(), message);
            unclear = true;
        } else if let Some(name) = decision(attribute) {
            decided = true;
            if !leads_to_us(attribute, krate) {
                let message = errors::decision_of_others(&name.to_string());
                errors.over(attribute.path(), message);
            }
            return true;
        } else if is_helper(attribute) {
            helper = Some(attribute.path().clone());
            if !matches!(attribute.meta, Meta::Path(_)) {
                errors.over(&attribute.meta, errors::helper_with_arguments());
            }
        } else {
            return true;
        }
        false
    });
    match (decided, helper) {
        (true, Some(helper)) => {
            errors.over(helper, errors::helper_with_decision());
            Mark::Decided
        }
        (true, None) => Mark::Decided,
        (false, Some(_)) => Mark::Helper,
        (false, None) if unclear => Mark::Unclear,
        (false, None) => Mark::None,
    }
}

/// The block itself has one decision, and is no helper. What it has besides goes, so that it is not
/// complained about twice.
pub(crate) fn alone(item: &mut Item, attribute: &str, block: &str, errors: &mut Errors) {
    item.attributes.retain(|other| {
        if is_helper(other) {
            errors.over(other.path(), errors::helper_with_decision());
            return false;
        }
        let Some(second) = decision(other) else {
            return true;
        };
        let message = errors::block_decided_twice(block, attribute, &second.to_string());
        errors.at(second.span(), message);
        false
    });
}

fn is_helper(attribute: &Attribute) -> bool {
    attribute.path().is_ident(HELPER)
}

/// Which of our attributes this is.
pub(crate) fn decision(attribute: &Attribute) -> Option<&Ident> {
    let last = &attribute.path().segments.last()?.ident;
    DECISIONS.iter().any(|name| last == name).then_some(last)
}

/// A path that leads to our crate, or through the user's own. Another crate's attribute of the same name
/// would leave a handler open.
fn leads_to_us(attribute: &Attribute, krate: &TokenStream) -> bool {
    let path = attribute.path();
    let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else {
        return false;
    };
    path.get_ident().is_some()
        || ["auth_core", "crate", "$crate", "self", "super"]
            .iter()
            .any(|ours| first.ident == ours)
        || shown(path) == format!("{}::{}", shown(krate), last.ident)
}

/// One of our attributes in a `cfg_attr`, which the compiler resolves only after us.
fn behind_condition(attribute: &Attribute) -> Option<Ident> {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => held(list.tokens.clone()),
        _ => None,
    }
}

/// Behind the condition stand attributes, divided by commas, and each is a path and what it takes.
fn held(tokens: TokenStream) -> Option<Ident> {
    let tokens = visible(tokens);
    let attributes = tokens
        .split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
        .skip(1);
    for attribute in attributes {
        let mut name = None;
        for token in attribute {
            match token {
                TokenTree::Ident(word) => name = Some(word),
                TokenTree::Punct(punct) if punct.as_char() == ':' => {}
                TokenTree::Group(group) if name.is_some_and(|name| name == "cfg_attr") => {
                    if let Some(hidden) = held(group.stream()) {
                        return Some(hidden);
                    }
                    break;
                }
                _ => break,
            }
        }
        if let Some(name) = name
            && DECISIONS.iter().chain(&[HELPER]).any(|ours| name == ours)
        {
            return Some(name.clone());
        }
    }
    None
}

/// Without the groups that `macro_rules!` puts around what it captured.
fn visible(tokens: TokenStream) -> Vec<TokenTree> {
    let mut seen = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                seen.extend(visible(group.stream()));
            }
            other => seen.push(other),
        }
    }
    seen
}
