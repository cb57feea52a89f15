//! `#[derive(AuthState)]`: which field provides what.
//!
//! The scheme of each verifier is named, not asked of its type: two impls of `Provides` for
//! `<JwtVerifier<..> as Verifier>::Scheme` and `<Passwords<..> as Verifier>::Scheme` would be refused
//! as overlapping, since coherence does not look through a projection of a foreign type (E0119).

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Generics, Ident, Index, Member, Path, Type};

use crate::args::{Args, Item};
use crate::check::shown;
use crate::errors::{self, Errors};
use crate::names::SCHEMES;

/// A state that was checked.
pub(crate) struct State {
    krate: TokenStream,
    name: Ident,
    generics: Generics,
    verifiers: Vec<Verifier>,
    settings: Option<(Member, Type)>,
}

struct Verifier {
    member: Member,
    ty: Type,
    scheme: Path,
    tag: Option<Path>,
}

enum Role {
    Verifier { scheme: Path, tag: Option<Path> },
    Settings,
}

pub(crate) fn check(item: TokenStream, errors: &mut Errors) -> Option<State> {
    let input = syn::parse2::<DeriveInput>(item)
        .map_err(|error| errors.push(error))
        .ok()?;
    let krate = container(&input.attrs, errors);
    let Data::Struct(data) = input.data else {
        errors.at(input.ident.span(), errors::state_not_a_struct());
        return None;
    };
    let mut state = State {
        krate,
        name: input.ident,
        generics: input.generics,
        verifiers: Vec::new(),
        settings: None,
    };
    for (place, field) in data.fields.into_iter().enumerate() {
        let member = match field.ident {
            Some(name) => Member::Named(name),
            None => Member::Unnamed(Index {
                index: u32::try_from(place).unwrap_or(u32::MAX),
                span: field.ty.span(),
            }),
        };
        match role(&field.attrs, errors) {
            Some(Role::Verifier { scheme, tag }) => {
                state.add(
                    Verifier {
                        member,
                        ty: field.ty,
                        scheme,
                        tag,
                    },
                    errors,
                );
            }
            Some(Role::Settings) if state.settings.is_some() => {
                errors.over(&field.ty, errors::two_settings());
            }
            Some(Role::Settings) => state.settings = Some((member, field.ty)),
            None => {}
        }
    }
    Some(state)
}

impl State {
    fn add(&mut self, new: Verifier, errors: &mut Errors) {
        let key = |verifier: &Verifier| (shown(&verifier.scheme), verifier.tag.as_ref().map(shown));
        if self.verifiers.iter().any(|other| key(other) == key(&new)) {
            return errors.over(&new.scheme, errors::two_verifiers(&shown(&new.scheme)));
        }
        self.verifiers.push(new);
    }
}

/// `#[auth(crate = path)]` on the struct.
fn container(attributes: &[Attribute], errors: &mut Errors) -> TokenStream {
    let mut krate = quote!(::auth_core);
    for item in items(attributes, errors) {
        match item {
            Item::Key { key, value } if key == "crate" => {
                match syn::parse2::<Path>(value.clone()) {
                    Ok(path) => krate = quote!(#path),
                    Err(_) => errors.over(value, errors::not_a_path("crate")),
                }
            }
            Item::Key { key, .. } => {
                errors.at(
                    key.span(),
                    errors::unknown_key(&key.to_string(), &["crate"]),
                );
            }
            other => errors.over(other.path(), errors::role_of_struct()),
        }
    }
    krate
}

/// What `#[auth(..)]` says about a field.
fn role(attributes: &[Attribute], errors: &mut Errors) -> Option<Role> {
    let attribute = attributes
        .iter()
        .find(|attribute| attribute.path().is_ident("auth"))?;
    let (mut roles, mut tag, mut faulty) = (Vec::new(), None, false);
    for item in items(attributes, errors) {
        match item {
            Item::Path(path) if path.is_ident("tag") => {
                errors.over(path, errors::missing_value("tag"));
            }
            Item::Path(path) => roles.push(path),
            Item::Key { key, value } if key == "tag" => match syn::parse2::<Path>(value.clone()) {
                Ok(path) if tag.is_none() => tag = Some((key, path)),
                Ok(_) => errors.at(key.span(), errors::duplicate_key("tag")),
                Err(_) if value.is_empty() => errors.at(key.span(), errors::missing_value("tag")),
                Err(_) => errors.over(value, errors::not_a_path("tag")),
            },
            Item::Key { key, .. } => {
                errors.at(key.span(), errors::unknown_key(&key.to_string(), &["tag"]));
            }
            Item::Call { path, .. } => {
                faulty = true;
                errors.over(path, errors::field_without_role());
            }
        }
    }
    let mut roles = roles.into_iter();
    let Some(first) = roles.next() else {
        if !faulty && matches!(attribute.meta, syn::Meta::List(_)) {
            errors.over(attribute, errors::field_without_role());
        }
        return None;
    };
    for second in roles {
        errors.over(second, errors::two_roles());
    }
    if first.is_ident("settings") {
        if let Some((key, _)) = tag {
            errors.at(key.span(), errors::tag_without_verifier());
        }
        return Some(Role::Settings);
    }
    if misspelt(&first, errors) {
        return None;
    }
    Some(Role::Verifier {
        scheme: first,
        tag: tag.map(|(_, path)| path),
    })
}

/// A single word that is nearly one of ours; any other path may be a scheme of the user's own.
fn misspelt(path: &Path, errors: &mut Errors) -> bool {
    let Some(word) = path.get_ident() else {
        return false;
    };
    let word = word.to_string();
    // `Settings` is the type of the field.
    let ours = word.starts_with(char::is_lowercase) || word == "Settings";
    if ours {
        errors.over(path, errors::unknown_role(&word));
    }
    ours
}

/// What stands in all `#[auth(..)]` attributes.
fn items(attributes: &[Attribute], errors: &mut Errors) -> Vec<Item> {
    let mut items = Vec::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("auth"))
    {
        match &attribute.meta {
            syn::Meta::List(list) => {
                items.extend(
                    Args::parse(list.tokens.clone(), errors::field_without_role, errors).items,
                );
            }
            _ => errors.over(attribute, errors::field_without_role()),
        }
    }
    items
}

pub(crate) fn expand(state: State) -> TokenStream {
    let State {
        krate,
        name,
        generics,
        verifiers,
        settings,
    } = state;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let settings = settings.map(|(field, ty)| {
        let span = ty.span().resolved_at(Span::call_site());
        let field = quote_spanned!(span=> &self.#field);
        quote! {
            fn settings(&self) -> &#krate::private::Settings {
                #field
            }
        }
    });
    let provides = verifiers.iter().map(|Verifier { member, ty, scheme, tag }| {
        let tag = match tag {
            Some(tag) => quote!(#tag),
            None => quote!(#krate::private::Main),
        };
        let scheme = scheme_type(&krate, scheme);
        // Spans of the field's type: a verifier of another scheme is reported where it stands.
        quote_spanned! {ty.span().resolved_at(Span::call_site())=>
            #[automatically_derived]
            impl #impl_generics #krate::private::Provides<#scheme, #tag> for #name #type_generics #where_clause {
                type Verifier = #ty;
                fn verifier(&self) -> &#ty {
                    &self.#member
                }
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #impl_generics #krate::private::AuthState for #name #type_generics #where_clause {
            #settings
        }
        #(#provides)*
    }
}

/// A built-in name is found without an import.
fn scheme_type(krate: &TokenStream, path: &Path) -> TokenStream {
    match path.get_ident() {
        Some(name) if SCHEMES.iter().any(|scheme| name == scheme) => quote!(#krate::private::#name),
        _ => quote!(#path),
    }
}
