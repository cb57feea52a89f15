//! `impl` blocks: the attribute with its keys on every method.

use core::cell::Cell;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{Attribute, FnArg, Meta, Signature};

use crate::args::{self, Args};
use crate::block::marks::{self, Mark};
use crate::block::read::{self, Item, Kind};
use crate::errors::{self, Errors};
use crate::names::NOTED;
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
    if !inline && !errors.any() {
        errors.at(*keyword, errors::impl_without_request());
    }
    let krate = check::krate(super::crate_path(list).as_ref());
    // Without these keys every method would complain.
    let decision = inline.then_some(Decision {
        krate: &krate,
        args,
        noted: Cell::new(false),
    });
    let block = Methods {
        attribute: "requires_auth",
        keyword: *keyword,
        krate: &krate,
        request,
        decision,
    };
    block.finish(item, content, errors)
}

/// Methods take no hidden argument that could declare them public: this says so, and changes nothing.
pub(crate) fn public(krate: &TokenStream, item: &Item, errors: Errors) -> TokenStream {
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
    block.finish(item, content, errors)
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
    decision: Option<Decision<'b>>,
}

impl Methods<'_> {
    fn finish(mut self, item: &Item, content: &Group, mut errors: Errors) -> TokenStream {
        let (written, decides) = self.members(content.stream(), &mut errors);
        if !decides && !errors.any() {
            errors.at(self.keyword, errors::nothing_in_impl(self.attribute));
        }
        if !errors.any() {
            return item.with_content(content, written);
        }
        // There are errors enough: methods do not check and find more.
        self.decision = None;
        let (written, _) = self.members(content.stream(), &mut Errors::default());
        fallback::with_errors(errors.into_tokens(), &item.with_content(content, written))
    }

    /// The members, and whether one needs the decision.
    fn members(&self, tokens: TokenStream, errors: &mut Errors) -> (TokenStream, bool) {
        let (mut written, members) = read::items(tokens);
        let mut decides = false;
        for member in members {
            decides |= self.member(member, &mut written, errors);
        }
        (written, decides)
    }

    fn member(&self, mut member: Item, written: &mut TokenStream, errors: &mut Errors) -> bool {
        let mark = match member.kind {
            Kind::Function(_) => marks::take(&mut member, self.krate, errors),
            _ => Mark::None,
        };
        let mut decides = false;
        match (mark, &member.kind) {
            (_, Kind::Unreadable(span)) => {
                errors.at(*span, errors::unreadable_item(self.attribute));
            }
            (_, Kind::MacroCall(name)) => {
                let message = errors::macro_call(&name.to_string(), self.attribute);
                errors.at(name.span(), message);
            }
            (Mark::None, Kind::Function(signature)) => {
                decides = true;
                self.takes_request(signature, errors);
                written.extend(self.decision.as_ref().map(|decision| decision.of(&member)));
            }
            (Mark::Decided, Kind::Function(_)) => open(&mut member, errors),
            (
                _,
                Kind::Module { keyword, .. }
                | Kind::Impl { keyword, .. }
                | Kind::Trait { keyword, .. },
            ) => {
                // The compiler refuses them as well.
                errors.at(*keyword, errors::unreadable_item(self.attribute));
            }
            (_, Kind::Function(_) | Kind::Other) => {}
        }
        member.to_tokens(written);
        decides
    }

    /// A method without the request could not ask for credentials.
    fn takes_request(&self, signature: &Signature, errors: &mut Errors) {
        let mut names = Vec::new();
        if let Some(request) = self.request {
            names_in(request.clone(), &mut names);
        }
        let Some(first) = names.first() else {
            return;
        };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let taken = signature.inputs.iter().any(|argument| match argument {
            FnArg::Receiver(_) => names.contains(&"self"),
            FnArg::Typed(argument) => handler::mentions(&argument.pat.to_token_stream(), &names),
        });
        if !taken {
            errors.at(signature.ident.span(), errors::no_request_argument(first));
        }
    }
}

struct Decision<'b> {
    krate: &'b TokenStream,
    args: &'b TokenStream,
    /// A method was given what is to be noted about the policy.
    noted: Cell<bool>,
}

impl Decision<'_> {
    /// The attribute as it stands on the block. A method that does not name the identity does not bind it:
    /// the compiler would complain, and the name could not be changed for one method alone.
    fn of(&self, method: &Item) -> TokenStream {
        let Self { krate, args, .. } = self;
        let args = match identity(args) {
            Some((at, name))
                if !may_name(without(args, at), &name) && !may_name(quote!(#method), &name) =>
            {
                let mut tokens: Vec<TokenTree> = (*args).clone().into_iter().collect();
                if let Some(token) = tokens.get_mut(at) {
                    *token = Ident::new("_", token.span()).into();
                }
                tokens.into_iter().collect()
            }
            _ => (*args).clone(),
        };
        let noted = self.is_noted_elsewhere(method).then(|| {
            let noted = Ident::new(NOTED, Span::call_site());
            quote!(#noted,)
        });
        quote!(#[#krate::requires_auth(#noted #args)])
    }

    /// The policy stands in one place, and what is noted about it is said once: at the first method that says nothing
    /// of the lint itself. Those that do are asked each, since an expectation has to be met.
    fn is_noted_elsewhere(&self, method: &Item) -> bool {
        let has = |word| handler::mentions(self.args, &[word]);
        if !has("Basic") || !has("Digest") {
            return false;
        }
        let attributes = &method.attributes;
        let attributes = quote!(#(#attributes)*);
        !handler::mentions(&attributes, &["deprecated"]) && self.noted.replace(true)
    }
}

/// Where the identity is named, and how: `identity = user: Claims`.
fn identity(args: &TokenStream) -> Option<(usize, String)> {
    let tokens: Vec<TokenTree> = args.clone().into_iter().collect();
    let key = tokens.windows(4).position(|four| {
        matches!(four, [TokenTree::Ident(key), TokenTree::Punct(equals), TokenTree::Ident(_), TokenTree::Punct(colon)]
            if key == "identity" && equals.as_char() == '=' && colon.as_char() == ':')
    })?;
    Some((key + 2, tokens.get(key + 2)?.to_string()))
}

/// The list without that name and its key.
fn without(args: &TokenStream, at: usize) -> TokenStream {
    let others = |(index, token)| (index != at && index + 2 != at).then_some(token);
    args.clone()
        .into_iter()
        .enumerate()
        .filter_map(others)
        .collect()
}

/// Also in a text such as `"{user}"`.
fn may_name(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == name,
        TokenTree::Literal(literal) => literal.to_string().contains(name),
        TokenTree::Group(group) => may_name(group.stream(), name),
        TokenTree::Punct(_) => false,
    })
}

/// `#[public]` cannot stand on a method alone: here it is read, and goes, and what contradicts it as well.
fn open(method: &mut Item, errors: &mut Errors) {
    let is_public =
        |attribute: &Attribute| marks::decision(attribute).is_some_and(|name| name == "public");
    if !method.attributes.iter().any(is_public) {
        return;
    }
    let mut decided = false;
    method.attributes.retain(|attribute| {
        let Some(name) = marks::decision(attribute) else {
            return true;
        };
        if decided {
            errors.at(name.span(), errors::two_decisions("public"));
        }
        decided = true;
        if name == "public" {
            reason(attribute, errors);
        }
        false
    });
}

fn reason(attribute: &Attribute, errors: &mut Errors) {
    let tokens = match &attribute.meta {
        Meta::Path(_) => return,
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => {
            return errors.over(pair.eq_token, errors::not_a_reason());
        }
    };
    let args = Args::parse(tokens, errors::not_a_reason, errors);
    let _ = check::openness(args, errors);
}

/// Whatever an expression such as `req` or `&ctx.request` names.
fn names_in(tokens: TokenStream, names: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(word) if word != "mut" => names.push(word.to_string()),
            TokenTree::Group(group) => names_in(group.stream(), names),
            _ => {}
        }
    }
}
