//! What the macros write for typical handlers, kept in `golden/`: `<name>.rs` is the code of a user, and
//! `<name>.expanded.rs` what becomes of it, formatted. `GOLDEN=overwrite` writes the latter anew.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{Attribute, File, ImplItem, Item, Meta};

use crate::{attributes, inline};

#[test]
fn expansions_are_as_kept() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let overwrite = env::var_os("GOLDEN").is_some_and(|value| value == "overwrite");
    let names = names(&folder);
    let mut wrong = Vec::new();
    for name in &names {
        let written = fs::read_to_string(folder.join(format!("{name}.rs")))
            .unwrap_or_else(|_| panic!("golden/{name}.expanded.rs has no golden/{name}.rs"));
        let expanded = expanded(&written).unwrap_or_else(|error| panic!("golden/{name}: {error}"));
        let file = folder.join(format!("{name}.expanded.rs"));
        let kept = fs::read_to_string(&file).unwrap_or_default();
        if overwrite {
            fs::write(&file, expanded).unwrap();
        } else if kept != expanded {
            wrong.push(first_difference(name, &kept, &expanded));
        }
    }
    assert!(names.len() >= 12, "{names:?}");
    assert!(
        wrong.is_empty(),
        "{}\nIf that is what it should be: GOLDEN=overwrite cargo test -p auth-macros golden",
        wrong.join("\n")
    );
}

fn first_difference(name: &str, kept: &str, now: &str) -> String {
    let same = kept.lines().zip(now.lines());
    let at = same.take_while(|(kept, now)| kept == now).count();
    let line = |text: &str| text.lines().nth(at).unwrap_or("(nothing)").to_owned();
    format!(
        "golden/{name}.expanded.rs:{}\n  kept: {}\n  now:  {}",
        at + 1,
        line(kept),
        line(now)
    )
}

/// Each once, whichever of its two files there are.
fn names(folder: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(folder).unwrap();
    files
        .map(|file| {
            let file = file.unwrap().file_name().into_string().unwrap();
            let name = file
                .strip_suffix(".expanded.rs")
                .or(file.strip_suffix(".rs"));
            name.unwrap_or_else(|| panic!("golden/{file} is no pair's"))
                .to_owned()
        })
        .collect()
}

fn expanded(written: &str) -> syn::Result<String> {
    let file = syn::parse_str::<File>(written)?;
    let items: TokenStream = file.items.into_iter().map(item).collect();
    assert_ne!(
        items.to_string(),
        written.parse::<TokenStream>()?.to_string(),
        "nothing of ours stands in there"
    );
    Ok(prettyplease::unparse(&syn::parse2(items)?))
}

/// An item with those attributes of ours that the compiler would call in this step.
fn item(mut item: Item) -> TokenStream {
    let attributes = match &mut item {
        Item::Fn(function) => &mut function.attrs,
        Item::Mod(module) => &mut module.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Impl(block) => {
            for member in &mut block.items {
                if let ImplItem::Fn(method) = member
                    && let Some(call) = taken(&mut method.attrs)
                {
                    *member = ImplItem::Verbatim(call(&method.to_token_stream()));
                }
            }
            return quote!(#item);
        }
        _ => return quote!(#item),
    };
    if let Some(call) = taken(attributes) {
        return call(&item.to_token_stream());
    }
    let derived = attributes
        .iter()
        .any(|attribute| quote!(#attribute).to_string().contains("AuthState"));
    let state = derived.then(|| attributes::auth_state(quote!(#item)));
    let item = checked(item.to_token_stream());
    quote!(#item #state)
}

/// The first attribute of ours, as what it does with an item.
fn taken(attributes: &mut Vec<Attribute>) -> Option<impl Fn(&TokenStream) -> TokenStream + use<>> {
    let ours = ["requires_auth", "public", "auth_policy"];
    let at = attributes
        .iter()
        .position(|attribute| ours.iter().any(|name| attribute.path().is_ident(name)))?;
    let Meta::List(list) = attributes.remove(at).meta else {
        panic!("without arguments")
    };
    Some(move |item: &TokenStream| {
        let arguments = list.tokens.clone();
        match list.path.require_ident().unwrap().to_string().as_str() {
            "requires_auth" => attributes::requires_auth(arguments, item),
            "public" => attributes::public(arguments, item),
            _ => attributes::auth_policy(arguments, item.clone()),
        }
    })
}

/// With `check!(..)` written out.
fn checked(tokens: TokenStream) -> TokenStream {
    let mut written: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let TokenTree::Group(group) = token else {
            written.push(token);
            continue;
        };
        let called = match written.as_slice() {
            [.., name, mark] => name.to_string() == "check" && mark.to_string() == "!",
            _ => false,
        };
        if called {
            written.truncate(written.len() - 2);
            written.extend(inline::check(group.stream()));
        } else {
            let inner = checked(group.stream());
            written.push(Group::new(group.delimiter(), inner).into());
        }
    }
    written.into_iter().collect()
}
