//! Modules: a policy beside the module, and an attribute that names it on every function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{Path, Token};

use crate::args::{self, Args};
use crate::block::marks::{self, Mark};
use crate::block::read::{self, Item, Kind};
use crate::errors::{self, Errors};
use crate::names::{BODY_KEYS, SCHEMES};
use crate::{check, expand, fallback};

pub(crate) fn guarded(
    args: &TokenStream,
    list: &Args,
    item: &Item,
    mut errors: Errors,
) -> TokenStream {
    let Some((name, keyword)) = named(item) else {
        return fallback::with_errors(errors.into_tokens(), &quote!(#item));
    };
    let krate = Krate::new(super::crate_path(list).as_ref(), &name);
    let policy = beside("mod", &name);
    let item_of_policy = if keys_of_one_handler(list, &mut errors) {
        None
    } else {
        Some(policy_item(&krate, args, list, item, &policy))
    };
    let import = krate.import();
    let module = Module {
        attribute: "requires_auth",
        keyword,
        krate,
        handed: Handed::Policy(policy),
    };
    let module = module.written(item, errors);
    quote!(#item_of_policy #import #module)
}

pub(crate) fn public(
    krate: Option<&Path>,
    reason: Option<String>,
    item: &Item,
    errors: Errors,
) -> TokenStream {
    let Some((name, keyword)) = named(item) else {
        return fallback::with_errors(errors.into_tokens(), &quote!(#item));
    };
    let krate = Krate::new(krate, &name);
    let import = krate.import();
    let module = Module {
        attribute: "public",
        keyword,
        krate,
        handed: Handed::Public(reason),
    };
    let module = module.written(item, errors);
    quote!(#import #module)
}

fn named(item: &Item) -> Option<(Ident, Span)> {
    match &item.kind {
        Kind::Module { name, keyword, .. } => Some((name.clone(), *keyword)),
        _ => None,
    }
}

/// A name for what goes beside the module.
fn beside(what: &str, module: &Ident) -> Ident {
    let (place, module) = (place(module.span()), module.unraw());
    format_ident!(
        "__requires_auth_{what}_{module}{place}",
        span = Span::call_site()
    )
}

/// The module whose policy has this name, which [`beside`] made.
pub(crate) fn module_of(policy: &Ident) -> Option<String> {
    let name = policy.to_string();
    let rest = name.strip_prefix("__requires_auth_mod_")?;
    let words: Vec<&str> = rest.rsplitn(3, '_').collect();
    match words[..] {
        [column, line, module] if [column, line].iter().all(|n| n.parse::<usize>().is_ok()) => {
            Some(module.to_owned())
        }
        _ => Some(rest.to_owned()),
    }
}

/// Where the module stands in its file: `super::` passes by the body of a function, so that a module in there
/// would find what stands beside a module of the same name outside.
fn place(span: Span) -> String {
    if !proc_macro::is_available() {
        return String::new();
    }
    let span = span.unwrap();
    format!("_{}_{}", span.line(), span.column())
}

/// These name arguments, which differ from function to function.
fn keys_of_one_handler(list: &Args, errors: &mut Errors) -> bool {
    let mut found = false;
    for item in &list.items {
        if let args::Item::Key { key, .. } = item
            && BODY_KEYS.iter().any(|name| key == name)
        {
            errors.at(key.span(), errors::key_of_one_handler(&key.to_string()));
            found = true;
        }
    }
    found
}

/// What the attribute says, under a name, in the scope that it stands in.
fn policy_item(
    krate: &Krate,
    args: &TokenStream,
    list: &Args,
    module: &Item,
    name: &Ident,
) -> TokenStream {
    if let Some(path) = policy_alone(list) {
        // The path stands once: a mistake in it is reported once.
        return quote!(type #name = #path;);
    }
    let krate = &krate.path;
    // What is noted about the policy stands in the module, as far as its reader is concerned.
    let lints = check::lint_levels(&module.attributes);
    // The struct is replaced by a type of ours: see `expand::named_policy`.
    quote! {
        #[#krate::auth_policy(#args)]
        #(#lints)*
        #[doc(hidden)]
        #[non_exhaustive]
        pub struct #name;
    }
}

/// The path of a policy that is used as it is.
fn policy_alone(list: &Args) -> Option<&Path> {
    let mut items = list
        .items
        .iter()
        .filter(|item| !matches!(item, args::Item::Key { key, .. } if key == "crate"));
    match (items.next(), items.next()) {
        (Some(args::Item::Path(path)), None) if !list.broken => {
            let word = path.get_ident().map(ToString::to_string);
            word.is_none_or(|word| {
                !SCHEMES.contains(&word.as_str()) && !word.starts_with(char::is_lowercase)
            })
            .then_some(path)
        }
        _ => None,
    }
}

/// Where the runtime crate is, seen from beside the module and from inside.
struct Krate {
    path: TokenStream,
    /// A path that means something else inside of the module goes there under this name.
    import: Option<Ident>,
}

impl Krate {
    fn new(path: Option<&Path>, module: &Ident) -> Self {
        let absolute = path.is_none_or(|path| {
            let first = path.segments.first().map(|first| first.ident.to_string());
            path.leading_colon.is_some() || matches!(first.as_deref(), Some("crate" | "$crate"))
        });
        Self {
            path: check::krate(path),
            import: (!absolute).then(|| beside("crate", module)),
        }
    }

    fn import(&self) -> Option<TokenStream> {
        let Self { path, import } = self;
        import.as_ref().map(|name| quote!(use #path as #name;))
    }

    fn inside(&self, depth: usize) -> TokenStream {
        match &self.import {
            Some(name) => outwards(depth, name),
            None => self.path.clone(),
        }
    }
}

/// A name beside the module, from this deep in it.
fn outwards(depth: usize, name: &Ident) -> TokenStream {
    let supers = core::iter::repeat_n(Token![super](Span::call_site()), depth);
    quote!(#(#supers::)* #name)
}

/// What functions without a decision get.
enum Handed {
    Policy(Ident),
    Public(Option<String>),
    /// There is an error beside it.
    Erroneous,
}

struct Module {
    attribute: &'static str,
    keyword: Span,
    krate: Krate,
    handed: Handed,
}

impl Module {
    fn written(mut self, item: &Item, mut errors: Errors) -> TokenStream {
        let Kind::Module {
            content: Some(content),
            ..
        } = &item.kind
        else {
            errors.at(self.keyword, errors::out_of_line(self.attribute));
            return fallback::with_errors(errors.into_tokens(), &quote!(#item));
        };
        let walk = |module: &Self, errors: &mut Errors| {
            let mut walk = Walk {
                module,
                errors,
                decides: false,
            };
            let written = walk.items(content.stream(), 1);
            if !walk.decides && !walk.errors.any() {
                let message = errors::nothing_in_module(module.attribute);
                walk.errors.at(module.keyword, message);
            }
            item.with_content(content, written)
        };
        let written = walk(&self, &mut errors);
        if !errors.any() {
            return written;
        }
        self.handed = Handed::Erroneous;
        let stand_in = walk(&self, &mut Errors::default());
        fallback::with_errors(errors.into_tokens(), &stand_in)
    }

    /// It comes first, so that it is expanded first, and is underlined where the function is named.
    fn decision(&self, function: &Ident, depth: usize) -> TokenStream {
        let krate = self.krate.inside(depth);
        let attribute = match &self.handed {
            Handed::Policy(name) => {
                let path = outwards(depth, name);
                quote!(requires_auth(#path, crate = #krate))
            }
            Handed::Public(Some(reason)) => quote!(public(reason = #reason, crate = #krate)),
            Handed::Public(None) => quote!(public(crate = #krate)),
            Handed::Erroneous => {
                quote!(requires_auth(#krate::private::Erroneous, crate = #krate))
            }
        };
        let attribute = expand::underlined(function.span(), &quote!(#krate::#attribute));
        quote_spanned!(expand::here(function.span())=> #[#attribute])
    }
}

/// Through a module and those in it.
struct Walk<'m> {
    module: &'m Module,
    errors: &'m mut Errors,
    /// There is a function that needs it.
    decides: bool,
}

impl Walk<'_> {
    fn items(&mut self, tokens: TokenStream, depth: usize) -> TokenStream {
        let (mut written, items) = read::items(tokens);
        for item in items {
            written.extend(self.item(item, depth));
        }
        written
    }

    fn item(&mut self, mut item: Item, depth: usize) -> TokenStream {
        let attribute = self.module.attribute;
        match &item.kind {
            Kind::Unreadable(span) => self.errors.at(*span, errors::unreadable_item(attribute)),
            Kind::MacroCall(name) => {
                let message = errors::macro_call(&name.to_string(), attribute);
                self.errors.at(name.span(), message);
            }
            Kind::Other => {}
            _ => match marks::take(&mut item, &self.module.krate.path, self.errors) {
                Mark::Helper | Mark::Decided => {}
                Mark::None | Mark::Unclear => return self.undecided(&item, depth),
            },
        }
        quote!(#item)
    }

    fn undecided(&mut self, item: &Item, depth: usize) -> TokenStream {
        match &item.kind {
            Kind::Function(signature) => {
                self.decides = true;
                let decision = self.module.decision(&signature.ident, depth);
                quote!(#decision #item)
            }
            Kind::Module {
                content: Some(content),
                ..
            } => {
                let inside = self.items(content.stream(), depth + 1);
                item.with_content(content, inside)
            }
            Kind::Module { keyword, .. } => {
                let message = errors::out_of_line_inside(self.module.attribute);
                self.errors.at(*keyword, message);
                quote!(#item)
            }
            Kind::Impl { keyword, content } => {
                let inside = self.methods(content.stream(), *keyword, "`impl` block");
                item.with_content(content, inside)
            }
            Kind::Trait { keyword, content } => {
                let inside = self.methods(content.stream(), *keyword, "trait");
                item.with_content(content, inside)
            }
            Kind::MacroCall(_) | Kind::Other | Kind::Unreadable(_) => quote!(#item),
        }
    }

    /// A policy for free functions cannot guard methods, and any of them could be a handler.
    fn methods(&mut self, tokens: TokenStream, keyword: Span, what: &str) -> TokenStream {
        let attribute = self.module.attribute;
        let (mut written, members) = read::items(tokens);
        let mut undecided = false;
        for mut member in members {
            let mark = match member.kind {
                Kind::Function(_) => marks::take(&mut member, &self.module.krate.path, self.errors),
                _ => Mark::None,
            };
            undecided |= match member.kind {
                Kind::Function(_) => matches!(mark, Mark::None),
                Kind::Other => false,
                _ => true,
            };
            written.extend(quote!(#member));
        }
        if undecided {
            self.errors
                .at(keyword, errors::methods_undecided(attribute, what));
        }
        written
    }
}
