//! The keys that write into a function's body: `permit`, and those of the inline form. Their values are
//! Rust, so that a comma inside of one need not end it.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Expr, GenericArgument, Pat, PathArguments, PathSegment, Token, Type};

use crate::args::{Args, Item};
use crate::errors::{self, Errors};
use crate::names::{BODY_KEYS, MEMBER_KEYS, TOP_KEYS};
use crate::nearest::nearest;

/// What was written for each of them.
#[derive(Default)]
pub(crate) struct BodyKeys {
    permit: Option<Given>,
    request: Option<Given>,
    state: Option<Given>,
    identity: Option<Given>,
    /// Something in the list could not be read: what seems to be missing may stand there.
    doubtful: bool,
}

struct Given {
    key: Ident,
    value: Value,
}

enum Value {
    Expression(Box<Expr>),
    /// Of `identity`, where it depends on the macro what it is.
    Raw(TokenStream),
    Unreadable,
}

/// A condition, and the key that it was written for.
pub(crate) struct Permit {
    pub(crate) key: Span,
    pub(crate) condition: Expr,
}

/// `request = …, state = …`
pub(crate) struct Target {
    pub(crate) request: Expr,
    pub(crate) state: Expr,
}

/// `identity = user: Claims`
pub(crate) struct Caller {
    pub(crate) pattern: Pat,
    pub(crate) ty: Type,
}

impl BodyKeys {
    /// Takes them out of the list, so that all other rules see a list without them.
    pub(crate) fn take(args: &mut Args, errors: &mut Errors) -> Self {
        let mut keys = Self::default();
        for item in core::mem::take(&mut args.items) {
            let (key, value) = match &item {
                Item::Key { key, value } => (key, value.clone()),
                Item::Call { path, .. } | Item::Path(path) => match path.get_ident() {
                    Some(word) if is_written_as_a_key(word) => (word, TokenStream::new()),
                    _ => {
                        args.items.push(item);
                        continue;
                    }
                },
            };
            let name = key.to_string();
            match keys.place(key) {
                Some(Some(_)) => errors.at(key.span(), errors::duplicate_key(&name)),
                Some(place) => {
                    let given = Given::read(key.clone(), value, errors);
                    // What could not be read may hold what seems to be missing.
                    args.broken |= matches!(given.value, Value::Unreadable);
                    *place = Some(given);
                }
                None if is_misspelt(key) => {
                    args.broken = true;
                    errors.at(key.span(), errors::unknown_key(&name, &BODY_KEYS));
                }
                None => args.items.push(item),
            }
        }
        keys.doubtful = args.broken;
        keys
    }

    fn place(&mut self, key: &Ident) -> Option<&mut Option<Given>> {
        let places = [
            &mut self.permit,
            &mut self.request,
            &mut self.state,
            &mut self.identity,
        ];
        let names = BODY_KEYS.iter();
        let (_, place) = names.zip(places).find(|(name, _)| key == *name)?;
        Some(place)
    }

    /// Whether the function keeps its signature.
    pub(crate) fn are_inline(&self) -> bool {
        self.request.is_some() || self.state.is_some() || self.identity.is_some()
    }

    /// A policy has no function that they could be about.
    pub(crate) fn none_in_policy(&self, errors: &mut Errors) {
        let given = [&self.permit, &self.request, &self.state, &self.identity];
        for Given { key, .. } in given.into_iter().flatten() {
            errors.at(key.span(), errors::key_not_in_policy(&key.to_string()));
        }
    }

    pub(crate) fn permit(&self) -> Option<Permit> {
        let given = self.permit.as_ref()?;
        Some(Permit {
            key: given.key.span(),
            condition: given.expression()?,
        })
    }

    /// `check!` is an expression, so nothing follows that a condition could keep from running.
    pub(crate) fn no_permit(&self, errors: &mut Errors) {
        if let Some(given) = &self.permit {
            errors.at(given.key.span(), errors::permit_in_check());
        }
    }

    /// Both, or an error at `span`.
    pub(crate) fn target(&self, span: Span, errors: &mut Errors) -> Option<Target> {
        let here = [&self.request, &self.state, &self.identity];
        let first = here.into_iter().flatten().next();
        let missing: Vec<&str> = [("request", &self.request), ("state", &self.state)]
            .into_iter()
            .filter_map(|(key, given)| given.is_none().then_some(key))
            .collect();
        if !missing.is_empty() && !self.doubtful {
            let span = first.map_or(span, |given| given.key.span());
            errors.at(span, errors::inline_key_missing(&missing));
        }
        let expression = |given: &Option<Given>| given.as_ref()?.expression();
        Some(Target {
            request: expression(&self.request)?,
            state: expression(&self.state)?,
        })
    }

    /// `identity = user: Claims`
    pub(crate) fn caller(&self, errors: &mut Errors) -> Option<Caller> {
        let given = self.identity.as_ref()?.raw()?;
        let parser = |input: ParseStream<'_>| {
            let pattern = Pat::parse_single(input)?;
            input.parse::<Token![:]>()?;
            Ok(Caller {
                pattern,
                ty: input.parse()?,
            })
        };
        let caller = parser.parse2(given.clone());
        caller
            .map_err(|_| errors.over(given, errors::not_an_identity()))
            .ok()
    }

    /// `identity = Claims`
    pub(crate) fn caller_of_check(&self, errors: &mut Errors) -> Option<Caller> {
        let given = self.identity.as_ref()?.raw()?;
        let ty = syn::parse2(given.clone());
        ty.map(|ty| Caller {
            pattern: Pat::Verbatim(quote!(_)),
            ty,
        })
        .map_err(|_| errors.over(given, errors::not_a_type_of_identity()))
        .ok()
    }

    pub(crate) fn has_identity(&self) -> bool {
        self.identity.is_some()
    }
}

impl Given {
    fn read(key: Ident, value: TokenStream, errors: &mut Errors) -> Self {
        let name = key.to_string();
        let value = if value.is_empty() {
            errors.at(key.span(), errors::missing_value(&name));
            Value::Unreadable
        } else if name == "identity" {
            Value::Raw(value)
        } else {
            expression(&name, &value, errors).map_or(Value::Unreadable, |expression| {
                Value::Expression(Box::new(expression))
            })
        };
        Self { key, value }
    }

    fn expression(&self) -> Option<Expr> {
        match &self.value {
            Value::Expression(expression) => Some(Expr::clone(expression)),
            Value::Raw(_) | Value::Unreadable => None,
        }
    }

    fn raw(&self) -> Option<&TokenStream> {
        match &self.value {
            Value::Raw(value) => Some(value),
            Value::Expression(_) | Value::Unreadable => None,
        }
    }
}

fn expression(key: &str, value: &TokenStream, errors: &mut Errors) -> Option<Expr> {
    let parser = |input: ParseStream<'_>| {
        let expression: Expr = input.parse().map_err(|_| {
            let message = match key {
                "permit" => errors::not_a_condition(),
                _ => errors::not_an_expression(key),
            };
            syn::Error::new_spanned(value, message)
        })?;
        match input.cursor().token_tree() {
            Some((behind, _)) => Err(syn::Error::new(behind.span(), errors::expected_comma())),
            None => Ok(expression),
        }
    };
    let parsed = parser.parse2(value.clone());
    parsed.map_err(|error| errors.push(error)).ok()
}

/// Types, schemes and policies begin with a capital letter.
fn is_written_as_a_key(word: &Ident) -> bool {
    word.to_string().starts_with(char::is_lowercase)
}

/// A word that is meant to be one of these keys, and none of the others.
fn is_misspelt(key: &Ident) -> bool {
    let key = key.to_string();
    // Asked about every element of every list, mostly in vain: the few words first.
    if nearest(&key, BODY_KEYS).is_none_or(|near| near == key) {
        return false;
    }
    let all = TOP_KEYS.iter().chain(&MEMBER_KEYS).chain(&BODY_KEYS);
    nearest(&key, all.copied()).is_some_and(|near| near != key && BODY_KEYS.contains(&near))
}

/// Where the element ends that begins here, if its value is Rust that can be read: at its comma, or with
/// the list.
pub(crate) fn value_end(tokens: &[TokenTree]) -> Option<usize> {
    let [TokenTree::Ident(key), TokenTree::Punct(equals), value @ ..] = tokens else {
        return None;
    };
    if !BODY_KEYS.iter().any(|name| key == name) || equals.as_char() != '=' {
        return None;
    }
    let behind = if key == "identity" {
        behind(value, |input| {
            Pat::parse_single(input)?;
            input.parse::<Token![:]>()?;
            input.parse::<Type>().map(drop)
        })
        .or_else(|| behind(value, |input| input.parse::<Type>().map(drop)))
    } else {
        behind(value, |input| input.parse::<Expr>().map(drop))
    };
    tokens.len().checked_sub(behind?)
}

/// How many tokens stand behind what is read, which must be followed by a comma or by nothing.
fn behind(
    tokens: &[TokenTree],
    read: impl Fn(ParseStream<'_>) -> syn::Result<()>,
) -> Option<usize> {
    let parser = |input: ParseStream<'_>| {
        read(input)?;
        input.parse::<TokenStream>()
    };
    let tokens: TokenStream = tokens.iter().cloned().collect();
    let behind: Vec<TokenTree> = parser.parse2(tokens).ok()?.into_iter().collect();
    behind.first().is_none_or(is_comma).then_some(behind.len())
}

pub(crate) fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

/// A type as a body may write it: `_` for each `impl Trait` in it.
pub(crate) fn nameable(mut ty: Type) -> Type {
    erase(&mut ty);
    ty
}

fn erase(ty: &mut Type) {
    match ty {
        Type::ImplTrait(found) => *ty = Type::Verbatim(quote_spanned!(found.span()=> _)),
        Type::Array(array) => erase(&mut array.elem),
        Type::Group(group) => erase(&mut group.elem),
        Type::Paren(paren) => erase(&mut paren.elem),
        Type::Ptr(pointer) => erase(&mut pointer.elem),
        Type::Reference(reference) => erase(&mut reference.elem),
        Type::Slice(slice) => erase(&mut slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(erase),
        Type::Path(path) => path.path.segments.iter_mut().for_each(erase_in_arguments),
        _ => {}
    }
}

fn erase_in_arguments(segment: &mut PathSegment) {
    let PathArguments::AngleBracketed(list) = &mut segment.arguments else {
        return;
    };
    for argument in &mut list.args {
        match argument {
            GenericArgument::Type(ty) => erase(ty),
            GenericArgument::AssocType(assoc) => erase(&mut assoc.ty),
            _ => {}
        }
    }
}

/// For functions in whose body something stands in front now: what the user wrote is a block behind it, whose
/// braces look superfluous if it is one expression.
pub(crate) fn allow_braces() -> syn::Attribute {
    syn::parse_quote!(#[allow(unused_braces)])
}

/// The body with an item before its first statement.
pub(crate) fn with_item_in_front(item: &TokenStream, body: &TokenStream) -> TokenStream {
    let (attributes, rest) = inner_attributes(body);
    let mut tokens = rest.into_iter();
    let (Some(TokenTree::Group(group)), None) = (tokens.next(), tokens.next()) else {
        return body.clone();
    };
    let rest = group.stream();
    let mut body = Group::new(group.delimiter(), quote!(#attributes #item #rest));
    body.set_span(group.span());
    quote!(#body)
}

/// A body in two parts: the attributes `#![..]` at its start, which stay there, and the rest.
pub(crate) fn inner_attributes(body: &TokenStream) -> (TokenStream, TokenStream) {
    let mut tokens = body.clone().into_iter();
    let (Some(TokenTree::Group(group)), None) = (tokens.next(), tokens.next()) else {
        return (TokenStream::new(), body.clone());
    };
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let mut end = 0;
    while let Some(
        [
            TokenTree::Punct(hash),
            TokenTree::Punct(bang),
            TokenTree::Group(_),
        ],
    ) = tokens.get(end..end + 3)
        && hash.as_char() == '#'
        && bang.as_char() == '!'
    {
        end += 3;
    }
    if end == 0 {
        // As it was, with the spans of its braces.
        return (TokenStream::new(), body.clone());
    }
    let (attributes, rest) = tokens.split_at(end);
    let mut body = Group::new(group.delimiter(), rest.iter().cloned().collect());
    body.set_span(group.span());
    (attributes.iter().cloned().collect(), quote!(#body))
}
