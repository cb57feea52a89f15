//! The annotated function. Its body stays raw tokens, so that half-typed code still gets the
//! compiler's own errors, and spans stay the user's.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{
    Attribute, FnArg, GenericArgument, Pat, PatType, PathArguments, Signature, Type, Visibility,
};

use crate::check::shown;
use crate::errors::{self, Errors};
use crate::names::DECISIONS;

/// A function with its identity argument taken out.
pub(crate) struct Handler {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: TokenStream,
    pub(crate) identity: Option<Identity>,
}

/// The argument `user: Authenticated<T>` or `user: Option<Authenticated<T>>`, with its attributes.
pub(crate) struct Identity {
    pub(crate) argument: PatType,
    pub(crate) in_option: bool,
}

/// A function as it was written.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: TokenStream,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            attributes: input.call(Attribute::parse_outer)?,
            visibility: input.parse()?,
            signature: input.parse()?,
            body: input.parse()?,
        })
    }
}

impl Function {
    pub(crate) fn read(item: TokenStream, attribute: &str, errors: &mut Errors) -> Option<Self> {
        let error = match syn::parse2::<Self>(item.clone()) {
            Ok(function) => return Some(function),
            Err(error) => error,
        };
        match syn::parse2::<syn::Item>(item) {
            // Not a function at all.
            Ok(syn::Item::Struct(item))
                if attribute == "requires_auth" && matches!(item.fields, syn::Fields::Unit) =>
            {
                errors.at(
                    item.struct_token.span,
                    errors::policy_without_its_attribute(),
                );
            }
            Ok(other) if !matches!(other, syn::Item::Fn(_)) => {
                errors.at(keyword(&other), errors::not_a_function(attribute));
            }
            _ => errors.at(error.span(), errors::unreadable(attribute)),
        }
        None
    }
}

impl Handler {
    pub(crate) fn parse(item: TokenStream, attribute: &str, errors: &mut Errors) -> Option<Self> {
        let Function {
            attributes,
            visibility,
            mut signature,
            body,
        } = Function::read(item, attribute, errors)?;
        let mut faults = Errors::default();
        other_decisions(&attributes, &mut faults);
        decided_under_another_name(&signature, &mut faults);
        on_a_method(&signature, &body, attribute, &mut faults);
        let mut identity = take_identity(&mut signature, &mut faults);
        if faults.any() {
            errors.append(faults);
            return None;
        }
        if let Some(identity) = &mut identity {
            taken_apart(&mut identity.argument, errors);
        }
        Some(Self {
            attributes,
            visibility,
            signature,
            body,
            identity,
        })
    }

    /// Types of arguments that can be named outside of the signature, and may stand for the identity.
    pub(crate) fn possible_aliases(&self) -> impl Iterator<Item = &Type> {
        let generic = self.generic_names();
        self.signature.inputs.iter().filter_map(move |argument| {
            let FnArg::Typed(argument) = argument else {
                return None;
            };
            let ty = ungrouped(&argument.ty);
            let candidate = matches!(ty, Type::Path(_)) && argument.attrs.is_empty();
            (candidate && !bound_here(ty, &generic)).then_some(ty)
        })
    }

    /// The type of the identity argument, if it can be named outside of the signature.
    pub(crate) fn nameable_identity(&self) -> Option<&Type> {
        let ty = &*self.identity.as_ref()?.argument.ty;
        (!bound_here(ty, &self.generic_names())).then_some(ty)
    }

    fn generic_names(&self) -> Vec<String> {
        let parameters = self.signature.generics.params.iter();
        let names = parameters.filter_map(|parameter| match parameter {
            syn::GenericParam::Type(parameter) => Some(parameter.ident.to_string()),
            syn::GenericParam::Const(parameter) => Some(parameter.ident.to_string()),
            syn::GenericParam::Lifetime(_) => None,
        });
        names.collect()
    }
}

/// Whether a type means something in its signature only.
fn bound_here(ty: &Type, generic: &[String]) -> bool {
    let generic: Vec<&str> = generic.iter().map(String::as_str).collect();
    let tokens = ty.to_token_stream();
    mentions(&tokens, &generic) || mentions(&tokens, &["impl"]) || has_lifetime(tokens)
}

/// `self`, or a signature that says `Self`: only methods can. A function without a body is one of a
/// trait, or foreign.
fn on_a_method(signature: &Signature, body: &TokenStream, attribute: &str, errors: &mut Errors) {
    let span = match signature.receiver() {
        Some(receiver) => Some(receiver.self_token.span),
        None => find(signature.to_token_stream(), &["Self"]).map(|found| found.span()),
    };
    match span {
        Some(span) => errors.at(span, errors::on_a_method(attribute)),
        None => has_body(signature, body, attribute, errors),
    }
}

pub(crate) fn has_body(
    signature: &Signature,
    body: &TokenStream,
    attribute: &str,
    errors: &mut Errors,
) {
    if !is_block(body) {
        errors.at(signature.ident.span(), errors::without_body(attribute));
    }
}

fn is_block(body: &TokenStream) -> bool {
    let mut tokens = body.clone().into_iter();
    matches!(
        (tokens.next(), tokens.next()),
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Brace
    )
}

/// The first of these words in the tokens, however deep.
pub(crate) fn find(tokens: TokenStream, words: &[&str]) -> Option<proc_macro2::Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if words.iter().any(|word| ident == word) => Some(ident),
        TokenTree::Group(group) => find(group.stream(), words),
        _ => None,
    })
}

pub(crate) fn mentions(tokens: &TokenStream, words: &[&str]) -> bool {
    find(tokens.clone(), words).is_some()
}

fn has_lifetime(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Punct(punct) => punct.as_char() == '\'',
        TokenTree::Group(group) => has_lifetime(group.stream()),
        _ => false,
    })
}

/// The smallest token that says what kind of item this is.
pub(crate) fn keyword(item: &syn::Item) -> proc_macro2::Span {
    match item {
        syn::Item::Struct(item) => item.struct_token.span,
        syn::Item::Enum(item) => item.enum_token.span,
        syn::Item::Impl(item) => item.impl_token.span,
        syn::Item::Mod(item) => item.mod_token.span,
        syn::Item::Trait(item) => item.trait_token.span,
        syn::Item::Const(item) => item.const_token.span,
        syn::Item::Static(item) => item.static_token.span,
        syn::Item::Type(item) => item.type_token.span,
        syn::Item::Use(item) => item.use_token.span,
        syn::Item::Union(item) => item.union_token.span,
        syn::Item::Fn(item) => item.sig.fn_token.span,
        other => other.span(),
    }
}

/// A second decision on the same function. Attributes behind a `cfg_attr` are seen as well: the compiler
/// resolves it before it calls us.
pub(crate) fn other_decisions(attributes: &[Attribute], errors: &mut Errors) {
    for attribute in attributes {
        let Some(last) = attribute.path().segments.last() else {
            continue;
        };
        let name = last.ident.to_string();
        if DECISIONS.contains(&name.as_str()) {
            errors.at(last.ident.span(), errors::two_decisions(&name));
        }
    }
}

/// A decision that stood above under another name has put its guard first already.
fn decided_under_another_name(signature: &Signature, errors: &mut Errors) {
    let Some(FnArg::Typed(first)) = signature.inputs.first() else {
        return;
    };
    let Type::Path(path) = ungrouped(&first.ty) else {
        return;
    };
    let mut names = path
        .path
        .segments
        .iter()
        .rev()
        .map(|segment| &segment.ident);
    let decision = match names.next() {
        Some(name) if name == "Guard" => "requires_auth",
        Some(name) if name == "Public" => "public",
        _ => return,
    };
    if names.next().is_some_and(|room| room == "private") {
        errors.at(signature.ident.span(), errors::two_decisions(decision));
    }
}

fn take_identity(signature: &mut Signature, errors: &mut Errors) -> Option<Identity> {
    let mut identity = None;
    let arguments = core::mem::take(&mut signature.inputs);
    for argument in arguments {
        match argument {
            FnArg::Typed(argument) if authenticated(&argument.ty).is_some() => {
                if identity.is_some() {
                    errors.over(&argument.ty, errors::identity_twice());
                } else {
                    identity = Some(checked_identity(argument, errors));
                }
            }
            other => signature.inputs.push(other),
        }
    }
    identity
}

fn checked_identity(argument: PatType, errors: &mut Errors) -> Identity {
    for attribute in &argument.attrs {
        let conditional = |name| attribute.path().is_ident(name);
        if conditional("cfg") || conditional("cfg_attr") {
            errors.over(attribute.path(), errors::identity_behind_cfg());
        }
    }
    let found = authenticated(&argument.ty);
    if found.as_ref().is_some_and(|found| !found.typed) {
        errors.over(&argument.ty, errors::identity_untyped());
    }
    Identity {
        in_option: found.is_some_and(|found| found.in_option),
        argument,
    }
}

/// `Authenticated(user)`, as extractors are written. What stands inside goes on as the name, so that the body
/// does not miss it.
fn taken_apart(argument: &mut PatType, errors: &mut Errors) {
    let Pat::TupleStruct(pattern) = &*argument.pat else {
        return;
    };
    let last = pattern.path.segments.last();
    if last.is_none_or(|last| last.ident != "Authenticated") {
        return;
    }
    let Some(inner) = pattern.elems.first().cloned() else {
        return;
    };
    let name = inner.to_token_stream().to_string();
    let ty = shown(&argument.ty);
    errors.over(&pattern.path, errors::identity_taken_apart(&name, &ty));
    *argument.pat = inner;
}

pub(crate) struct Found {
    pub(crate) in_option: bool,
    pub(crate) typed: bool,
}

/// Recognised by the last segment of its path: a macro sees no types.
pub(crate) fn authenticated(ty: &Type) -> Option<Found> {
    let Type::Path(path) = ungrouped(ty) else {
        return None;
    };
    let last = path.path.segments.last()?;
    if last.ident == "Authenticated" {
        let typed =
            matches!(&last.arguments, PathArguments::AngleBracketed(list) if !list.args.is_empty());
        return Some(Found {
            in_option: false,
            typed,
        });
    }
    let PathArguments::AngleBracketed(list) = &last.arguments else {
        return None;
    };
    match (last.ident == "Option", list.args.first()) {
        (true, Some(GenericArgument::Type(inner))) => {
            let found = authenticated(inner)?;
            Some(Found {
                in_option: true,
                ..found
            })
        }
        _ => None,
    }
}

/// Types that come out of a `macro_rules!` capture stand in an invisible group.
pub(crate) fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        other => other,
    }
}
