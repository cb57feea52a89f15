//! From the checked form to tokens. Nothing here parses, fails or decides.

use auth_syntax::{ChallengeKind, Declaration};
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, FnArg, Ident, Pat, PatType, Path, Token, Type};

use crate::body::Permit;
use crate::handler::Handler;
use crate::model::{Guarded, Hidden, Member, NamedPolicy, Policy, Public, Realm, Rule, Scheme};
use crate::permit;

/// The policy as a hidden type, and the handler with the guard as its first argument.
pub(crate) fn guarded(model: Guarded) -> TokenStream {
    let Guarded {
        krate,
        policy,
        handler,
        permit,
    } = model;
    let permit = permit.as_ref();
    match policy {
        Policy::Own(rule) => {
            let hidden = hidden(&handler, "requires_auth");
            let item = hidden_type(&hidden);
            let name = &hidden.name;
            let shown = &handler.signature.ident;
            let policy = policy_impl(&krate, name, shown, &rule);
            let aliases = aliases(&krate, &handler);
            let handler = guarded_handler(&krate, &quote!(#name), permit, handler);
            quote!(#item #policy #aliases #handler)
        }
        Policy::Named(path) => {
            let Hidden { name, .. } = hidden(&handler, "requires_auth");
            let identity = handler.identity.as_ref();
            let agreement = option_agrees(
                &krate,
                &name,
                &path,
                identity.map(|identity| (identity.in_option, identity.argument.ty.span())),
            );
            let aliases = aliases(&krate, &handler);
            let handler = guarded_handler(&krate, &quote!(#name), permit, handler);
            quote! {
                // The path stands once: a mistake in it is reported once.
                type #name = #path;
                #agreement
                #aliases
                #handler
            }
        }
    }
}

/// What goes out next to an error: a handler that nobody is admitted to, so that the routes that
/// name it do not complain as well.
pub(crate) fn erroneous(krate: &TokenStream, handler: Handler) -> TokenStream {
    guarded_handler(krate, &quote!(#krate::private::Erroneous), None, handler)
}

/// The same for a policy: the struct, and a rule that admits nobody.
pub(crate) fn erroneous_policy(
    krate: &TokenStream,
    item: &TokenStream,
    name: &Ident,
) -> TokenStream {
    quote! {
        #item
        #[automatically_derived]
        impl #krate::private::Policy for #name {
            type Accepts = #krate::private::Erroneous;
            const SPEC: &'static #krate::private::Spec =
                <#krate::private::Erroneous as #krate::private::Policy>::SPEC;
        }
    }
}

/// The reason as a hidden type, and the handler with the declaration as its first argument.
pub(crate) fn public(model: Public) -> TokenStream {
    let Public {
        krate,
        reason,
        handler,
    } = model;
    let hidden = hidden(&handler, "public");
    let item = hidden_type(&hidden);
    let (name, path) = (&hidden.name, path_of(&handler.signature.ident));
    let reason = match reason {
        Some(reason) => quote!(::core::option::Option::Some(#reason)),
        None => quote!(::core::option::Option::None),
    };
    let argument = argument(
        Vec::new(),
        quote!(_),
        quote!(#krate::private::Public<#name>),
    );
    let handler = with_first_argument(argument, handler);
    quote! {
        #item
        #[automatically_derived]
        impl #krate::private::PublicDecision for #name {
            const NAME: &'static ::core::primitive::str = #path;
            const REASON: ::core::option::Option<&'static ::core::primitive::str> = #reason;
        }
        #handler
    }
}

/// The struct as it was written, and its policy.
pub(crate) fn named_policy(model: NamedPolicy) -> TokenStream {
    let NamedPolicy {
        krate,
        item,
        name,
        rule,
    } = model;
    let policy = policy_impl(&krate, &name, &name, &rule);
    quote!(#item #policy)
}

fn hidden(handler: &Handler, attribute: &str) -> Hidden {
    let function = handler.signature.ident.unraw();
    Hidden {
        name: format_ident!("__{attribute}_{function}", span = Span::call_site()),
        visibility: handler.visibility.clone(),
    }
}

/// It takes the handler's visibility: a private type in a public signature would be refused.
fn hidden_type(hidden: &Hidden) -> TokenStream {
    let Hidden { name, visibility } = hidden;
    quote! {
        #[doc(hidden)]
        #[non_exhaustive]
        #visibility enum #name {}
    }
}

/// The constants stand in a block of their own, under names that a `const` realm does not meet.
pub(crate) fn policy_impl(
    krate: &TokenStream,
    name: &Ident,
    shown: &Ident,
    rule: &Rule,
) -> TokenStream {
    let private = quote!(#krate::private);
    let path = path_of(shown);
    let accepts = accepts(&private, &rule.members);
    let count = rule.members.len();
    let constants = rule
        .members
        .iter()
        .enumerate()
        .map(|(at, member)| challenges(&private, at, member));
    let members = rule
        .members
        .iter()
        .enumerate()
        .map(|(at, rule)| member(&private, at, rule));
    let optional = rule.optional.then(|| quote!(.optional()));
    quote! {
        const _: () = {
            #(#constants)*
            static __AUTH_MEMBERS: [#private::Member; #count] = [#(#members),*];
            static __AUTH_SPEC: #private::Spec = #private::Spec::new(#path, &__AUTH_MEMBERS)#optional;
            #[automatically_derived]
            impl #private::Policy for #name {
                type Accepts = #accepts;
                const SPEC: &'static #private::Spec = &__AUTH_SPEC;
            }
        };
    }
}

fn accepts(private: &TokenStream, members: &[Member]) -> TokenStream {
    let ones = members.iter().map(|member| {
        let scheme = scheme(member);
        match &member.tag {
            Some(tag) => quote!(#private::One<#private::#scheme, #tag>),
            None => quote!(#private::One<#private::#scheme>),
        }
    });
    match members {
        [_] => quote!(#(#ones)*),
        _ => quote!(#private::Any<(#(#ones),*)>),
    }
}

/// The challenges of a member as a constant: written here from literals; by const evaluation, with
/// the same code and the same checks, where the realm stands behind a path.
fn challenges(private: &TokenStream, at: usize, member: &Member) -> TokenStream {
    let name = format_ident!("__AUTH_CHALLENGES_{at}");
    let path = match &member.realm {
        Realm::Literal(realm) => {
            let declared = declared(member, realm);
            let texts = ChallengeKind::ALL
                .into_iter()
                .take(declared.kinds())
                .map(|kind| declared.challenge(kind).to_string());
            let count = declared.kinds();
            return quote! {
                static #name: [&::core::primitive::str; #count] = [#(#texts),*];
            };
        }
        Realm::Const(path) => path,
    };
    let span = here(path.span());
    let declared = format_ident!("__AUTH_DECLARED_{at}", span = span);
    let text = format_ident!("__AUTH_TEXT_{at}", span = span);
    let declaration = declaration(private, member, path);
    let private = underlined(path.span(), private);
    // What const evaluation finds wrong is underlined where the constant is named.
    quote_spanned! {span=>
        const #declared: #private::Declaration<'static> = #declaration;
        static #text: [::core::primitive::u8; #declared.text_len()] = #declared.text();
        static #name: [&::core::primitive::str; #declared.kinds()] = #declared.cut(&#text);
    }
}

/// What a member declares, as a value.
fn declared<'m>(member: &'m Member, realm: &'m str) -> Declaration<'m> {
    let declared = match &member.scheme {
        Scheme::Basic { charset: true } => Declaration::basic(realm),
        Scheme::Basic { charset: false } => Declaration::basic(realm).without_charset(),
        Scheme::Bearer {
            error_when_missing: None,
        } => Declaration::bearer(realm),
        Scheme::Bearer {
            error_when_missing: Some(code),
        } => Declaration::bearer(realm).with_error_when_missing(code),
        Scheme::ApiKey { field } => Declaration::api_key(realm, field),
        Scheme::NamedAfterField { field } => Declaration::named_after_field(realm, field),
    };
    match &member.scope {
        Some(scope) => declared.with_scope(scope),
        None => declared,
    }
}

/// What a member declares, as an expression.
fn declaration(private: &TokenStream, member: &Member, realm: &Path) -> TokenStream {
    let declaration = underlined(realm.span(), &quote!(#private::Declaration));
    let scope = member
        .scope
        .as_ref()
        .map(|scope| quote!(.with_scope(#scope)));
    let declared = match &member.scheme {
        Scheme::Basic { charset: true } => quote!(basic(#realm)),
        Scheme::Basic { charset: false } => quote!(basic(#realm).without_charset()),
        Scheme::Bearer {
            error_when_missing: None,
        } => quote!(bearer(#realm)),
        Scheme::Bearer {
            error_when_missing: Some(code),
        } => {
            quote!(bearer(#realm).with_error_when_missing(#code))
        }
        Scheme::ApiKey { field } => quote!(api_key(#realm, #field)),
        Scheme::NamedAfterField { field } => quote!(named_after_field(#realm, #field)),
    };
    quote_spanned!(here(realm.span())=> #declaration::#declared #scope)
}

/// A member as the core wants it.
fn member(private: &TokenStream, at: usize, member: &Member) -> TokenStream {
    let challenges = format_ident!("__AUTH_CHALLENGES_{at}");
    let scope = member
        .scope
        .as_ref()
        .map(|scope| quote!(.with_scope(#scope)));
    let carrier = match &member.scheme {
        Scheme::Basic { .. } | Scheme::Bearer { .. } => None,
        Scheme::ApiKey { field } => Some(quote!(.in_field(#field))),
        Scheme::NamedAfterField { field } => Some(quote!(.named_after_field(#field))),
    };
    let scheme = scheme(member);
    quote!(#private::Member::new::<#private::#scheme>(&#challenges) #carrier #scope)
}

/// The name of its type.
fn scheme(member: &Member) -> TokenStream {
    match member.scheme {
        Scheme::Basic { .. } => quote!(Basic),
        Scheme::Bearer { .. } => quote!(Bearer),
        Scheme::ApiKey { .. } | Scheme::NamedAfterField { .. } => quote!(ApiKey),
    }
}

/// The guard comes first, since extractors run in order; the identity is bound by its pattern, so
/// that attributes below see the user's own name for it.
fn guarded_handler(
    krate: &TokenStream,
    policy: &TokenStream,
    permit: Option<&Permit>,
    mut handler: Handler,
) -> TokenStream {
    let answering = permit.map(|_| {
        let answering = permit::answering();
        quote!(answering: #answering,)
    });
    let argument = match handler.identity.take() {
        Some(identity) => {
            let PatType {
                attrs,
                pat: pattern,
                ty,
                ..
            } = identity.argument;
            // An identity that the verifier does not yield is underlined where it stands.
            let guard = underlined(ty.span(), &quote!(#krate::private::Guard));
            let policy = underlined(ty.span(), policy);
            argument(
                attrs,
                quote!(#krate::private::Guard { identity: #pattern, #answering .. }),
                quote_spanned!(here(ty.span())=> #guard<#policy, #ty>),
            )
        }
        None => argument(
            Vec::new(),
            match answering {
                Some(answering) => quote!(#krate::private::Guard { #answering .. }),
                None => quote!(_),
            },
            quote!(#krate::private::Guard<#policy>),
        ),
    };
    let handler = match permit {
        Some(permit) => permit::wrap(krate, permit, handler),
        None => handler,
    };
    with_first_argument(argument, handler)
}

fn argument(attrs: Vec<Attribute>, pattern: TokenStream, ty: TokenStream) -> FnArg {
    FnArg::Typed(PatType {
        attrs,
        pat: Box::new(Pat::Verbatim(pattern)),
        colon_token: Token![:](Span::call_site()),
        ty: Box::new(Type::Verbatim(ty)),
    })
}

fn with_first_argument(argument: FnArg, handler: Handler) -> TokenStream {
    let Handler {
        attributes,
        visibility,
        mut signature,
        body,
        ..
    } = handler;
    signature.inputs.insert(0, argument);
    quote!(#(#attributes)* #visibility #signature #body)
}

/// A named policy's `optional` cannot be seen from here: const evaluation compares it with the
/// handler's `Option`. Without an identity, an optional policy would admit everybody.
pub(crate) fn option_agrees(
    krate: &TokenStream,
    policy: &Ident,
    path: &Path,
    identity: Option<(bool, Span)>,
) -> TokenStream {
    let check = match identity {
        Some((in_option, span)) => underlined(
            span,
            &quote!(#krate::private::option_agrees::<#policy>(#in_option)),
        ),
        None => underlined(
            path.span(),
            &quote!(#krate::private::not_optional::<#policy>()),
        ),
    };
    quote! {
        const _: () = #check;
    }
}

/// An alias such as `type Me = Authenticated<Claims>` cannot be seen from here either: const
/// evaluation finds it, in handlers where no identity was found.
fn aliases(krate: &TokenStream, handler: &Handler) -> TokenStream {
    if handler.identity.is_some() {
        return TokenStream::new();
    }
    let checks = handler.possible_aliases().map(|ty| {
        let argument = quote!(#krate::private::Argument);
        let ask = underlined(ty.span(), &quote!(#krate::private::not_an_alias));
        let argument = underlined(ty.span(), &argument);
        let check = quote_spanned!(here(ty.span())=> #ask(#argument::<#ty>::IS_IDENTITY));
        quote! {
            const _: () = {
                use #krate::private::NotAnIdentity as _;
                #check
            };
        }
    });
    quote!(#(#checks)*)
}

/// The tokens of ours as if they stood here, so that what is wrong with them is underlined here.
pub(crate) fn underlined(span: Span, tokens: &TokenStream) -> TokenStream {
    let span = here(span);
    tokens
        .clone()
        .into_iter()
        .map(|mut token| {
            if let TokenTree::Group(group) = &token {
                let mut inner = Group::new(group.delimiter(), underlined(span, &group.stream()));
                inner.set_span(span);
                return TokenTree::Group(inner);
            }
            token.set_span(span);
            token
        })
        .collect()
}

/// This place, for code that the macro wrote: lints leave it alone, and names are the macro's.
pub(crate) fn here(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

/// Path of an item, for logs.
fn path_of(item: &Ident) -> TokenStream {
    let name = item.unraw().to_string();
    quote!(::core::concat!(::core::module_path!(), "::", #name))
}
