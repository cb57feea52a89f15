//! The list inside an attribute: `scheme = "Bearer", any(Basic(realm = "x"), ..), Api, optional`.
//!
//! Knows the grammar and nothing else. Every key keeps its span beside its value.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::buffer::Cursor;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Ident, Path, Token};

use crate::body::{is_comma, value_end};
use crate::errors::{self, Errors};
use crate::names::{BODY_KEYS, FLAGS, MEMBER_FLAGS, MEMBER_KEYS, TOP_KEYS};

/// A comma list.
#[derive(Clone)]
pub(crate) struct Args {
    pub(crate) items: Vec<Item>,
    /// Where to point when something is missing.
    pub(crate) span: Span,
    /// An element could not be read: what seems to be missing may stand there.
    pub(crate) broken: bool,
}

/// One element of the list.
#[derive(Clone)]
pub(crate) enum Item {
    /// `key = value`
    Key { key: Ident, value: TokenStream },
    /// `any(..)`, `Bearer(..)`
    Call { path: Path, args: Args },
    /// `optional`, `Bearer`, `crate::Api`
    Path(Path),
}

impl Args {
    /// `expected` tells what could stand where something else was found.
    pub(crate) fn parse(
        tokens: TokenStream,
        expected: fn() -> String,
        errors: &mut Errors,
    ) -> Self {
        Self::within(tokens, Span::call_site(), expected, errors)
    }

    fn within(
        tokens: TokenStream,
        span: Span,
        expected: fn() -> String,
        errors: &mut Errors,
    ) -> Self {
        let mut args = Self::empty(span);
        for element in elements(tokens) {
            let item = match element.comma {
                Some(comma) if element.tokens.is_empty() => {
                    errors.at(comma, errors::empty_element());
                    None
                }
                _ => Item::parse(element.tokens, expected, errors),
            };
            args.broken |= item.is_none();
            args.items.extend(item);
        }
        args
    }

    pub(crate) fn empty(span: Span) -> Self {
        Self {
            items: Vec::new(),
            span,
            broken: false,
        }
    }
}

impl Item {
    fn parse(tokens: TokenStream, expected: fn() -> String, errors: &mut Errors) -> Option<Self> {
        let parsed = (|input: ParseStream<'_>| {
            if input.peek2(Token![=]) && input.peek(Ident::peek_any) {
                let key = input.call(Ident::parse_any)?;
                input.parse::<Token![=]>()?;
                if let (Some(_), Some((_, behind))) = (input.cursor().literal(), next(input))
                    && !behind.eof()
                    && BODY_KEYS.iter().all(|name| key != name)
                {
                    let message = if is_operator(behind) {
                        errors::not_computed(&key.to_string())
                    } else {
                        errors::expected_comma()
                    };
                    return Err(syn::Error::new(behind.span(), message));
                }
                return Ok(Parsed::Key {
                    key,
                    value: input.parse()?,
                });
            }
            let path = input
                .call(Path::parse_mod_style)
                .map_err(|error| syn::Error::new(error.span(), expected()))?;
            if input.is_empty() {
                return Ok(Parsed::Path(path));
            }
            let group: Group = input
                .parse()
                .map_err(|error| syn::Error::new(error.span(), errors::expected_comma()))?;
            if group.delimiter() != Delimiter::Parenthesis {
                return Err(syn::Error::new(group.span_open(), errors::expected_comma()));
            }
            if !input.is_empty() {
                return Err(syn::Error::new(input.span(), errors::expected_comma()));
            }
            if let Some(message) = path.get_ident().and_then(key_as_list) {
                return Err(syn::Error::new_spanned(path, message));
            }
            Ok(Parsed::Call { path, group })
        })
        .parse2(tokens);
        match parsed {
            Ok(Parsed::Key { key, value }) => Some(Self::Key { key, value }),
            Ok(Parsed::Path(path)) => Some(Self::Path(path)),
            Ok(Parsed::Call { path, group }) => Some(Self::Call {
                args: Args::within(group.stream(), group.span(), expected, errors),
                path,
            }),
            Err(error) => {
                errors.push(error);
                None
            }
        }
    }
}

fn next(input: ParseStream<'_>) -> Option<(TokenTree, Cursor<'_>)> {
    input.cursor().token_tree()
}

fn is_operator(place: Cursor<'_>) -> bool {
    let token = place.punct();
    token.is_some_and(|(token, _)| "+-*/%<>&|^".contains(token.as_char()))
}

/// `scope("orders:read")`: what stands in there is no list, and would be complained about one by one.
fn key_as_list(word: &Ident) -> Option<String> {
    let key = word.to_string();
    if FLAGS.iter().chain(&MEMBER_FLAGS).any(|flag| key == *flag) {
        return Some(errors::no_value(&key));
    }
    let keys = TOP_KEYS.iter().chain(&MEMBER_KEYS).chain(&BODY_KEYS);
    keys.chain(&["reason"])
        .any(|name| key == *name)
        .then(|| errors::missing_value(&key))
}

enum Parsed {
    Key { key: Ident, value: TokenStream },
    Call { path: Path, group: Group },
    Path(Path),
}

/// The elements of a list inside a value.
pub(crate) fn split(tokens: TokenStream) -> Vec<TokenStream> {
    elements(tokens)
        .into_iter()
        .map(|element| element.tokens)
        .collect()
}

struct Element {
    tokens: TokenStream,
    /// The comma behind it.
    comma: Option<Span>,
}

/// Splits at commas, so that a mistake in one element leaves the others readable. A trailing comma ends
/// the list.
fn elements(tokens: TokenStream) -> Vec<Element> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut elements, mut rest) = (Vec::new(), tokens.as_slice());
    while !rest.is_empty() {
        let end = value_end(rest)
            .or_else(|| rest.iter().position(is_comma))
            .unwrap_or(rest.len());
        let (element, behind) = rest.split_at(end.min(rest.len()));
        elements.push(Element {
            tokens: element.iter().cloned().collect(),
            comma: behind.first().map(TokenTree::span),
        });
        rest = behind.get(1..).unwrap_or_default();
    }
    elements
}
