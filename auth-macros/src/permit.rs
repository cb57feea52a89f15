//! `permit` on a handler: a condition in front of its body, and `Permitted` around what it returns.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{ReturnType, Type};

use crate::body::{Permit, allow_braces, inner_attributes, nameable};
use crate::errors::{self, Errors};
use crate::expand::{here, underlined};
use crate::handler::Handler;

/// The condition may await, and runs where the arguments are.
pub(crate) fn on_async_function(handler: &Handler, permit: Option<&Permit>, errors: &mut Errors) {
    if permit.is_some() && handler.signature.asyncness.is_none() {
        errors.at(
            handler.signature.fn_token.span,
            errors::permit_without_async(),
        );
    }
}

/// What a refusal needs, bound in the guard's pattern.
pub(crate) fn answering() -> Ident {
    Ident::new("__requires_auth_answering", Span::mixed_site())
}

/// The body becomes a block of its own, so that `return` and `?` in it mean what they say.
pub(crate) fn wrap(krate: &TokenStream, permit: &Permit, mut handler: Handler) -> Handler {
    let private = quote!(#krate::private);
    let (arrow, returned) = match handler.signature.output {
        ReturnType::Type(arrow, ty) => (arrow, ty),
        ReturnType::Default => (
            syn::Token![->](Span::call_site()),
            Box::new(Type::Verbatim(quote!(()))),
        ),
    };
    let permitted = underlined(returned.span(), &quote!(#private::Permitted));
    let output = quote_spanned!(here(returned.span())=> #permitted<#returned>);
    handler.signature.output = ReturnType::Type(arrow, Box::new(Type::Verbatim(output)));

    let (attributes, body) = inner_attributes(&handler.body);
    let condition = condition(permit, &{
        let answering = answering();
        quote!(return #private::not_permitted(#answering);)
    });
    let returned = returned_early(*returned);
    // An argument that the condition moved is missed where the body stands.
    let body = quote_spanned!(here(body.span())=> async move { #returned #body });
    handler.attributes.push(allow_braces());
    handler.body = quote! {{
        #attributes
        #condition
        #private::permitted(#body.await)
    }};
    handler
}

/// What does not hold leads to `otherwise`; what is not a `bool` is underlined where it stands.
pub(crate) fn condition(permit: &Permit, otherwise: &TokenStream) -> TokenStream {
    let Permit { key, condition } = permit;
    let permitted = Ident::new("__requires_auth_permitted", Span::mixed_site());
    let ty = underlined(*key, &quote!(::core::primitive::bool));
    quote! {
        let #permitted: #ty = #condition;
        if !#permitted {
            #otherwise
        }
    }
}

/// Tells the compiler what the block returns, as the signature told it of the body. Never runs.
fn returned_early(ty: Type) -> TokenStream {
    let ty = nameable(ty);
    quote_spanned! {here(ty.span())=>
        if let ::core::option::Option::Some(__returned) = ::core::option::Option::None::<#ty> {
            return __returned;
        }
    }
}
