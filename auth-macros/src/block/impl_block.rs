//! `impl` blocks: the attribute with its keys on every method.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{Attribute, FnArg, Meta, Signature};

use crate::args::{self, Args};
use crate::block::marks::{self, Mark};
use crate::block::read::{self, Item, Kind};
use crate::errors::{self, Errors};
use crate::{check, fallback, handler};

pub(crate) fn guarded(
    args: &TokenStream,
    list: &Args,
    item: &Item,
    mut errors: Errors,
) -> TokenStream {
    let Kind::Impl { keyword, content } = &item.kind else {
        return fallback::with_errors(errors.into_tokens(), &quote!(#item));
    };
    let request = value(list, "request");
    let inline = request.is_some() && value(list, "state").is_some();
    if !inline && !list.broken {
        errors.at(*keyword, errors::impl_without_request());
    }
    let krate = check::krate(super::crate_path(list).as_ref());
    // Without these keys every method would complain.
    let decision = inline.then(|| quote!(#[#krate::requires_auth(#args)]));
    let block = Methods {
        attribute: "requires_auth",
        keyword: *keyword,
        krate: &krate,
        request,
        decision,
    };
    let written = block.written(content.stream(), &mut errors);
    finished(errors, &item.with_content(content, written))
}

/// Methods take no hidden argument that could declare them public: this says so, and changes nothing.
pub(crate) fn public(krate: &TokenStream, item: &Item, mut errors: Errors) -> TokenStream {
    let Kind::Impl { keyword, content } = &item.kind else {
        return fallback::with_errors(errors.into_tokens(), &quote!(#item));
    };
    let block = Methods {
        attribute: "public",
        keyword: *keyword,
        krate,
        request: None,
        decision: None,
    };
    let written = block.written(content.stream(), &mut errors);
    finished(errors, &item.with_content(content, written))
}

fn finished(errors: Errors, written: &TokenStream) -> TokenStream {
    if errors.any() {
        return fallback::with_errors(errors.into_tokens(), written);
    }
    written.clone()
}

fn value<'l>(list: &'l Args, wanted: &str) -> Option<&'l TokenStream> {
    list.items.iter().find_map(|item| match item {
        args::Item::Key { key, value } if key == wanted => Some(value),
        _ => None,
    })
}

struct Methods<'b> {
    attribute: &'static str,
    keyword: Span,
    krate: &'b TokenStream,
    request: Option<&'b TokenStream>,
    /// What methods without a decision get.
    decision: Option<TokenStream>,
}

impl Methods<'_> {
    fn written(&self, tokens: TokenStream, errors: &mut Errors) -> TokenStream {
        let (mut written, members) = read::items(tokens);
        // What could not be read may be the one that needs it.
        let mut decides = false;
        for mut member in members {
            let mark = match member.kind {
                Kind::Function(_) => marks::take(&mut member, self.krate, errors),
                _ => Mark::None,
            };
            match (mark, &member.kind) {
                (_, Kind::Unreadable(span)) => {
                    decides = true;
                    errors.at(*span, errors::unreadable_item(self.attribute));
                }
                (_, Kind::MacroCall(name)) => {
                    decides = true;
                    let message = errors::macro_call(&name.to_string(), self.attribute);
                    errors.at(name.span(), message);
                }
                (Mark::None, Kind::Function(signature)) => {
                    decides = true;
                    if self.takes_request(signature, errors) {
                        written.extend(self.decision.clone());
                    }
                }
                (Mark::Decided, Kind::Function(_)) => self.open(&mut member, errors),
                _ => {}
            }
            member.to_tokens(&mut written);
        }
        if !decides {
            errors.at(self.keyword, errors::nothing_in_impl(self.attribute));
        }
        written
    }

    /// A method without the request could not be asked for credentials.
    fn takes_request(&self, signature: &Signature, errors: &mut Errors) -> bool {
        let Some(name) = self.request.and_then(|value| first_name(value.clone())) else {
            return true;
        };
        let found = signature.inputs.iter().any(|argument| match argument {
            FnArg::Receiver(_) => name == "self",
            FnArg::Typed(argument) => {
                handler::mentions(&argument.pat.to_token_stream(), &[&name.to_string()])
            }
        });
        if !found {
            let message = errors::no_request_argument(&name.to_string());
            errors.at(signature.ident.span(), message);
        }
        found
    }

    /// `#[public]` cannot stand on a method alone: here it is read, and goes.
    fn open(&self, method: &mut Item, errors: &mut Errors) {
        let mut first = None;
        method.attributes.retain(|attribute| {
            let Some(name) = marks::decision(attribute) else {
                return true;
            };
            if let Some(first) = first.replace(name.to_string())
                && (first == "public" || name == "public")
            {
                errors.at(name.span(), errors::two_decisions("public"));
            }
            if name != "public" {
                return true;
            }
            reason(attribute, errors);
            false
        });
    }
}

fn reason(attribute: &Attribute, errors: &mut Errors) {
    let tokens = match &attribute.meta {
        Meta::Path(_) => return,
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => {
            let equals = &pair.eq_token;
            errors.over(equals, errors::not_a_reason());
            return;
        }
    };
    let args = Args::parse(tokens, errors::not_a_reason, errors);
    let _ = check::openness(args, errors);
}

/// The argument that an expression such as `req` or `&ctx.request` begins with.
fn first_name(tokens: TokenStream) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(word) if word == "mut" => None,
        TokenTree::Ident(word) => Some(word),
        TokenTree::Group(group) => first_name(group.stream()),
        _ => None,
    })
}
