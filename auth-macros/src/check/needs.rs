//! Scopes and roles: a literal, `any(..)` or `all(..)`.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::LitStr;

use super::keys::{Keys, is_path};
use crate::args;
use crate::errors::{self, Errors};
use crate::model::Need;

/// T-14.
pub(super) fn scope(keys: &Keys, errors: &mut Errors) -> Option<Need> {
    need("scope", keys, scope_text, errors)
}

pub(super) fn role(keys: &Keys, errors: &mut Errors) -> Option<Need> {
    need("role", keys, role_text, errors)
}

type Check = fn(&LitStr, &mut Errors) -> Option<String>;

fn need(key: &str, keys: &Keys, check: Check, errors: &mut Errors) -> Option<Need> {
    let (name, value) = keys.find(key)?;
    if value.is_empty() {
        errors.at(name.span(), errors::missing_value(key));
        return None;
    }
    read(key, value, check, errors)
}

fn read(key: &str, value: &TokenStream, check: Check, errors: &mut Errors) -> Option<Need> {
    let mut tokens = value.clone().into_iter();
    if let (Some(TokenTree::Ident(word)), Some(TokenTree::Group(list)), None) =
        (tokens.next(), tokens.next(), tokens.next())
        && (word == "any" || word == "all")
        && list.delimiter() == Delimiter::Parenthesis
    {
        let parts = args::split(list.stream());
        if parts.len() < 2 {
            errors.at(word.span(), errors::need_of_one(key, &word.to_string()));
        }
        let mut needs = Vec::new();
        for part in parts {
            needs.extend(read(key, &part, check, errors));
        }
        return Some(if word == "any" {
            Need::Any(needs)
        } else {
            Need::All(needs)
        });
    }
    match syn::parse2::<LitStr>(value.clone()) {
        // A suffix such as "x"u8 is no string.
        Ok(literal) if literal.suffix().is_empty() => check(&literal, errors).map(Need::One),
        _ if is_path(value) => {
            errors.over(value, errors::no_const(key));
            None
        }
        _ => {
            errors.over(value, errors::not_a_need(key));
            None
        }
    }
}

fn scope_text(literal: &LitStr, errors: &mut Errors) -> Option<String> {
    if let Err(why) = auth_syntax::check_scope(&literal.value()) {
        errors.at(literal.span(), errors::bad_scope(why));
        return None;
    }
    // RFC 6749 §3.3 allows a comma in a scope, yet who writes one means two scopes, and would lock
    // everybody out.
    if literal.value().contains(',') {
        errors.at(literal.span(), errors::comma_in_scope());
        return None;
    }
    Some(literal.value())
}

/// Who writes a blank or a comma means two roles, and would lock everybody out as well.
fn role_text(literal: &LitStr, errors: &mut Errors) -> Option<String> {
    let role = literal.value();
    let one = |c: char| !c.is_whitespace() && !c.is_control() && c != ',';
    if role.is_empty() || !role.chars().all(one) {
        errors.at(literal.span(), errors::bad_role(&role));
        return None;
    }
    Some(role)
}
