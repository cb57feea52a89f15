//! `permit` on a handler: a condition in front of its body, and `Permitted` around what it returns.

use core::iter::once;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Block, Expr, ReturnType, Stmt, Type};

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

/// `?` and `return` would have to answer with `Permitted`, which nobody can make. In the inline form they leave with
/// an answer of the function's own, and nothing behind them runs.
pub(crate) fn does_not_leave(permit: Option<&Permit>, errors: &mut Errors) {
    if let Some(span) = permit.and_then(|permit| leaves(&permit.condition)) {
        errors.at(span, errors::permit_leaves());
    }
}

/// Closures and `async` blocks end for themselves, so they are not entered.
fn leaves(expression: &Expr) -> Option<Span> {
    match expression {
        Expr::Try(tried) => leaves(&tried.expr).or(Some(tried.question_token.span)),
        Expr::Return(returned) => Some(returned.return_token.span),
        _ => parts(expression).into_iter().find_map(leaves),
    }
}

fn parts(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Await(it) => vec![&*it.base],
        Expr::Binary(it) => vec![&*it.left, &*it.right],
        Expr::Block(it) => in_block(&it.block),
        Expr::Call(it) => once(&*it.func).chain(&it.args).collect(),
        Expr::Cast(it) => vec![&*it.expr],
        Expr::Field(it) => vec![&*it.base],
        Expr::Group(it) => vec![&*it.expr],
        Expr::If(it) => {
            let otherwise = it.else_branch.iter().map(|(_, otherwise)| &**otherwise);
            once(&*it.cond)
                .chain(in_block(&it.then_branch))
                .chain(otherwise)
                .collect()
        }
        Expr::Index(it) => vec![&*it.expr, &*it.index],
        Expr::Let(it) => vec![&*it.expr],
        Expr::Match(it) => {
            let arms = it.arms.iter().map(|arm| &*arm.body);
            once(&*it.expr).chain(arms).collect()
        }
        Expr::MethodCall(it) => once(&*it.receiver).chain(&it.args).collect(),
        Expr::Paren(it) => vec![&*it.expr],
        Expr::Reference(it) => vec![&*it.expr],
        Expr::Unary(it) => vec![&*it.expr],
        _ => Vec::new(),
    }
}

fn in_block(block: &Block) -> Vec<&Expr> {
    block.stmts.iter().filter_map(in_statement).collect()
}

fn in_statement(statement: &Stmt) -> Option<&Expr> {
    match statement {
        Stmt::Expr(expression, _) => Some(expression),
        Stmt::Local(local) => local.init.as_ref().map(|init| &*init.expr),
        _ => None,
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

#[cfg(test)]
mod tests {
    use syn::{Expr, parse_quote};

    use super::leaves;

    #[test]
    fn what_leaves_the_handler_is_found() {
        let leaving: [Expr; 7] = [
            parse_quote!(f(id).await?),
            parse_quote!(a && !(b.c(d?))),
            parse_quote!(x[i?].y as u8 == *z),
            parse_quote!(if a { b } else { return c }),
            parse_quote!(match a? {
                _ => b,
            }),
            parse_quote!({
                let a = b?;
                a
            }),
            parse_quote!(if let Some(a) = &b? { a } else { c }),
        ];
        for expression in &leaving {
            assert!(
                leaves(expression).is_some(),
                "{}",
                quote::quote!(#expression)
            );
        }
    }

    #[test]
    fn what_ends_for_itself_is_not() {
        let staying: [Expr; 6] = [
            parse_quote!(f(id).await.unwrap_or(false)),
            parse_quote!(a.is_some_and(|a| -> bool { return a > 1 })),
            parse_quote!(f(|a, b| Some(g::<A, B>(a)? + b)).is_some()),
            parse_quote!(
                async {
                    a.await?;
                    Ok::<_, E>(true)
                }
                .await
                .is_ok()
            ),
            parse_quote!(matches!(a, b?)),
            parse_quote!({
                fn f() -> bool {
                    return true;
                }
                f()
            }),
        ];
        for expression in &staying {
            assert!(
                leaves(expression).is_none(),
                "{}",
                quote::quote!(#expression)
            );
        }
    }
}
