//! From the checked form to tokens. Nothing here parses, fails or decides.

use auth_syntax::{Declaration, DigestAlgorithm};
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, FnArg, Ident, Pat, PatType, Path, Token, Type, Visibility};

use crate::binding::{as_attributes_below_take_it, name_for};
use crate::block::module_of;
use crate::body::{Permit, with_item_in_front};
use crate::check;
use crate::handler::Handler;
use crate::model::{
    Demand, Digest, Guarded, Hidden, KeyCarrier, Member, NamedPolicy, Narrowing, Need, OwnParam,
    Policy, Public, Realm, Rule, Scheme, Tree,
};
use crate::permit;

/// The policy as a hidden type, and the handler with the guard as its first argument.
pub(crate) fn guarded(model: Guarded) -> TokenStream {
    let Guarded {
        krate,
        policy,
        handler,
        permit,
    } = model;
    let mut hidden = hidden(&handler, "requires_auth");
    if let Policy::Narrowed(path, _) = &policy {
        // What is wrong with the other policy is underlined there.
        hidden.name.set_span(here(path.span()));
    }
    let (name, shown) = (&hidden.name, &handler.signature.ident.unraw().to_string());
    let identity = handler.identity.as_ref();
    let identity = identity.map(|identity| (identity.in_option, identity.argument.ty.span()));
    let subject = Subject {
        name,
        shown,
        hidden: Some(&hidden.visibility),
    };
    let note = note(&krate, &policy);
    let policy = policy_type(&krate, &subject, &policy, identity);
    let aliases = aliases(&krate, &handler);
    let linked = linked(&krate, name, &handler);
    let mut handler = handler;
    if let Some(note) = note {
        // Inside, so that what the handler says of lints holds for it, and no other attribute copies it.
        handler.body = with_item_in_front(&note, &handler.body);
    }
    let handler = guarded_handler(&krate, &quote!(#name), permit.as_ref(), handler);
    quote!(#policy #aliases #linked #handler)
}

/// For states that are filled while the program runs: the policy, and the identity that the handler asks for, unless that
/// cannot be named here.
fn linked(krate: &TokenStream, policy: &Ident, handler: &Handler) -> TokenStream {
    let private = quote!(#krate::private);
    let identity = match handler.nameable_identity() {
        Some(identity) => quote!(#identity),
        None => quote!(#private::Unseen),
    };
    let attributes = check::lints_and_conditions(&handler.attributes);
    quote!(#private::linked!(#(#attributes)* #policy, #identity);)
}

/// The type that gets a policy.
pub(crate) struct Subject<'s> {
    pub(crate) name: &'s Ident,
    /// What logs call it.
    pub(crate) shown: &'s str,
    /// It is ours, and as visible as this.
    pub(crate) hidden: Option<&'s Visibility>,
}

impl Subject<'_> {
    /// The type, if it is ours, and its policy. What the users' types say about what is accepted may be less
    /// visible than a handler: then it is the default of a parameter, since in the place of an associated type
    /// the compiler refuses it (E0446).
    fn implement(
        &self,
        private: &TokenStream,
        accepts: &TokenStream,
        users_type: Option<Span>,
    ) -> (TokenStream, TokenStream) {
        let name = self.name;
        let implementation = |generics: TokenStream, ty: TokenStream, accepts: &TokenStream| {
            quote! {
                #[automatically_derived]
                impl #generics #private::Policy for #ty {
                    type Accepts = #accepts;
                    const SPEC: &'static #private::Spec = &__AUTH_SPEC;
                }
            }
        };
        match (self.hidden, users_type) {
            (Some(visibility), Some(span)) => (
                // What is wrong with that type is underlined where it is named.
                quote_spanned! {here(span)=>
                    #[doc(hidden)]
                    #[allow(dead_code, missing_debug_implementations)]
                    #visibility struct #name<__A = #accepts>(
                        ::core::marker::PhantomData<fn() -> __A>
                    );
                },
                implementation(
                    quote!(<__A: #private::Rule>),
                    quote!(#name<__A>),
                    &quote!(__A),
                ),
            ),
            (Some(visibility), None) => (
                hidden_type(name, visibility),
                implementation(TokenStream::new(), quote!(#name), accepts),
            ),
            (None, _) => (
                TokenStream::new(),
                implementation(TokenStream::new(), quote!(#name), accepts),
            ),
        }
    }
}

/// The policy of one function. An own policy's `optional` was compared with the function's identity; that of
/// another one is not seen here.
pub(crate) fn policy_type(
    krate: &TokenStream,
    subject: &Subject<'_>,
    policy: &Policy,
    identity: Option<(bool, Span)>,
) -> TokenStream {
    let name = subject.name;
    match policy {
        Policy::Own(rule) => policy_impl(krate, subject, rule),
        Policy::Narrowed(path, narrowing) => {
            let policy = narrowed_impl(krate, subject, path, narrowing);
            let agreement = option_agrees(krate, name, path, identity);
            quote!(#policy #agreement)
        }
        Policy::Named(path) => {
            let agreement = option_agrees(krate, name, path, identity);
            quote! {
                // The path stands once: a mistake in it is reported once.
                type #name = #path;
                #agreement
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
    let item = hidden_type(&hidden.name, &hidden.visibility);
    let (name, path) = (
        &hidden.name,
        path_of(&handler.signature.ident.unraw().to_string()),
    );
    let reason = match reason {
        Some(reason) => quote!(::core::option::Option::Some(#reason)),
        None => quote!(::core::option::Option::None),
    };
    let argument = argument(
        Vec::new(),
        quote!(_),
        quote!(#krate::private::Public<#name>),
    );
    let handler = with_first_argument(argument, &name_for(&handler), handler);
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
        lints,
        policy,
    } = model;
    let note = note(&krate, &policy).map(|note| quote!(#(#lints)* #note));
    let implement = |subject: &Subject<'_>| match &policy {
        Policy::Own(rule) => policy_impl(&krate, subject, rule),
        Policy::Named(path) => narrowed_impl(&krate, subject, path, &Narrowing::default()),
        Policy::Narrowed(path, narrowing) => narrowed_impl(&krate, subject, path, narrowing),
    };
    // That of a module is ours, and public: a function may be re-exported to where its module is not seen.
    if let Some(module) = module_of(&name) {
        let public = Visibility::Public(Token![pub](Span::call_site()));
        let policy = implement(&Subject {
            name: &name,
            shown: &module,
            hidden: Some(&public),
        });
        return quote!(#policy #note);
    }
    let policy = implement(&Subject {
        name: &name,
        shown: &name.unraw().to_string(),
        hidden: None,
    });
    quote! {
        #item
        // Policies are named, and never made: this one is no dead code.
        const _: #name = #name;
        #note
        #policy
    }
}

fn hidden(handler: &Handler, attribute: &str) -> Hidden {
    let function = handler.signature.ident.unraw();
    Hidden {
        name: format_ident!("__{attribute}_{function}", span = Span::call_site()),
        visibility: handler.visibility.clone(),
    }
}

/// It takes the handler's visibility: a private type in a public signature would be refused.
fn hidden_type(name: &Ident, visibility: &Visibility) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[non_exhaustive]
        #visibility enum #name {}
    }
}

/// The constants stand in a block of their own, under names that a `const` realm does not meet.
fn policy_impl(krate: &TokenStream, subject: &Subject<'_>, rule: &Rule) -> TokenStream {
    let private = quote!(#krate::private);
    let path = path_of(subject.shown);
    let accepts = accepts(&private, &rule.tree);
    let members = rule.tree.members();
    let users_type = members.iter().find_map(|member| match &member.scheme {
        Scheme::Own { path, .. } => Some(path.span()),
        _ => member.tag.as_ref().map(syn::spanned::Spanned::span),
    });
    let (item, policy) = subject.implement(&private, &accepts, users_type);
    let count = members.len();
    let (evaluated, members): (Vec<_>, Vec<_>) = members
        .into_iter()
        .enumerate()
        .map(|(at, rule)| member(&private, at, rule))
        .unzip();
    let optional = rule.optional.then(|| quote!(.optional()));
    let secure = rule.secure.then(|| quote!(.secure()));
    quote! {
        #item
        const _: () = {
            #(#evaluated)*
            static __AUTH_MEMBERS: [#private::Member; #count] = [#(#members),*];
            static __AUTH_SPEC: #private::Spec =
                #private::Spec::new(#path, &__AUTH_MEMBERS)#optional #secure;
            #policy
        };
    }
}

/// The same for a policy that demands more than another one, whose members const evaluation knows.
fn narrowed_impl(
    krate: &TokenStream,
    subject: &Subject<'_>,
    of: &Path,
    narrowing: &Narrowing,
) -> TokenStream {
    let private = underlined(of.span(), &quote!(#krate::private));
    let shown = path_of(subject.shown);
    let accepts = quote_spanned!(here(of.span())=> <#of as #private::Policy>::Accepts);
    let (item, policy) = subject.implement(&private, &accepts, Some(of.span()));
    let Narrowing { demand, secure } = narrowing;
    let told = told(demand);
    let scopes = scopes(&private, demand);
    let role = role(&private, demand);
    let secure = secure.then(|| quote!(.secure()));
    // What challenges do not tell leaves them as they are.
    let members = if demand.is_told() {
        quote_spanned! {here(of.span())=>
            static __AUTH_SCOPES: [::core::primitive::u8; __AUTH_NARROWED.scopes_len()] =
                __AUTH_NARROWED.scopes();
            static __AUTH_DECLARED: [#private::Declaration<'static>; __AUTH_NARROWED.len()] =
                __AUTH_NARROWED.declarations(&__AUTH_SCOPES);
            static __AUTH_TEXT: [::core::primitive::u8; #private::texts_len(&__AUTH_DECLARED)] =
                #private::texts(&__AUTH_DECLARED);
            static __AUTH_CHALLENGES: [&::core::primitive::str;
                #private::challenges_len(&__AUTH_DECLARED)] =
                #private::cut_texts(&__AUTH_DECLARED, &__AUTH_TEXT);
            static __AUTH_MEMBERS: [#private::Member; __AUTH_NARROWED.len()] =
                __AUTH_NARROWED.members(&__AUTH_DECLARED, &__AUTH_CHALLENGES);
        }
    } else {
        quote_spanned! {here(of.span())=>
            static __AUTH_MEMBERS: [#private::Member; __AUTH_NARROWED.len()] =
                __AUTH_NARROWED.members_as_told();
        }
    };
    quote_spanned! {here(of.span())=>
        #item
        const _: () = {
            // The path stands once: a mistake in it is reported once.
            type __AuthOther = #of;
            const __AUTH_NARROWED: #private::Narrowed =
                #private::Narrowed::new(<__AuthOther as #private::Policy>::SPEC)
                    #told #scopes #role #secure;
            #members
            static __AUTH_SPEC: #private::Spec = __AUTH_NARROWED.spec(#shown, &__AUTH_MEMBERS);
            #policy
        };
    }
}

fn need_tokens(private: &TokenStream, need: &Need) -> TokenStream {
    let list = |needs: &[Need]| -> Vec<TokenStream> {
        needs
            .iter()
            .map(|need| need_tokens(private, need))
            .collect()
    };
    match need {
        Need::One(text) => quote!(#private::Need::One(#text)),
        Need::All(needs) => {
            let needs = list(needs);
            quote!(#private::Need::All(&[#(#needs),*]))
        }
        Need::Any(needs) => {
            let needs = list(needs);
            quote!(#private::Need::Any(&[#(#needs),*]))
        }
    }
}

fn accepts(private: &TokenStream, tree: &Tree) -> TokenStream {
    let list = |parts: &[Tree]| -> Vec<TokenStream> {
        parts.iter().map(|part| accepts(private, part)).collect()
    };
    match tree {
        Tree::One(member) => {
            let scheme = scheme(private, member);
            match &member.tag {
                Some(tag) => quote!(#private::One<#scheme, #tag>),
                None => quote!(#private::One<#scheme>),
            }
        }
        Tree::Any(parts) => {
            let parts = list(parts);
            quote!(#private::Any<(#(#parts),*)>)
        }
        Tree::All(parts) => {
            let parts = list(parts);
            quote!(#private::All<(#(#parts),*)>)
        }
    }
}

/// A member as the core wants it, and the constants that it takes. Its challenges are written here from
/// literals; by const evaluation, with the same code and the same checks, where the realm stands behind a path
/// or only a scheme knows its name.
fn member(private: &TokenStream, at: usize, member: &Member) -> (TokenStream, TokenStream) {
    let declaration = declaration(private, at, member);
    let (constants, declared, challenges) = match declared_here(member) {
        Some(here) => {
            let texts = (0..here.kinds()).map(|place| here.nth(place).to_string());
            (TokenStream::new(), declaration, quote!([#(#texts),*]))
        }
        None => evaluated(private, at, member, &declaration),
    };
    let scheme = match &member.scheme {
        Scheme::Own { path, .. } => own_scheme(at, path).to_token_stream(),
        _ => scheme(private, member),
    };
    let scopes = scopes(private, &member.demand);
    let role = role(private, &member.demand);
    let tag = member.tag.as_ref().and_then(|tag| tag.segments.last());
    let tag = tag.map(|last| {
        let name = last.ident.unraw().to_string();
        quote!(.with_tag(#name))
    });
    let member = quote! {
        #private::Member::new::<#scheme>(#declared, &#challenges) #scopes #role #tag
    };
    (constants, member)
}

/// The constants of const evaluation; and the names of the declaration and of the challenges among them.
fn evaluated(
    private: &TokenStream,
    at: usize,
    member: &Member,
    declaration: &TokenStream,
) -> (TokenStream, TokenStream, TokenStream) {
    let span = here(match (&member.realm, &member.scheme) {
        (Realm::Const(path), _) | (_, Scheme::Own { path, .. }) => path.span(),
        (Realm::Literal(_), _) => Span::call_site(),
    });
    let own = own_params(private, at, member);
    let private = underlined(span, private);
    let declared = format_ident!("__AUTH_DECLARED_{at}", span = span);
    let text = format_ident!("__AUTH_TEXT_{at}", span = span);
    let challenges = format_ident!("__AUTH_CHALLENGES_{at}", span = span);
    // What const evaluation finds wrong is underlined where the constant, or the scheme, is named.
    let constants = quote_spanned! {span=>
        #own
        const #declared: #private::Declaration<'static> = #declaration;
        static #text: [::core::primitive::u8; #declared.text_len()] = #declared.text();
        static #challenges: [&::core::primitive::str; #declared.kinds()] = #declared.cut(&#text);
    };
    (constants, quote!(#declared), quote!(#challenges))
}

/// The parameters of an own scheme. Each is checked where it stands.
fn own_params(private: &TokenStream, at: usize, member: &Member) -> TokenStream {
    let Scheme::Own { path, params } = &member.scheme else {
        return TokenStream::new();
    };
    let name = format_ident!("__AUTH_PARAMS_{at}");
    let scheme = own_scheme(at, path);
    let known = underlined(path.span(), &quote!(#private::Known));
    let count = params.len();
    let values = params.iter().map(|OwnParam { key, value }| {
        let name = key.unraw().to_string();
        let private = underlined(key.span(), private);
        quote_spanned!(here(key.span())=> #private::own_param::<#scheme>(#name, #value))
    });
    let names = params.iter().map(|param| param.key.unraw().to_string());
    let checked = underlined(
        path.span(),
        &quote!(#private::no_param_is_missing::<#scheme>(&[#(#names),*])),
    );
    quote! {
        // Asked once, so that a path to something else is reported once.
        type #scheme = <#path as #known>::Itself;
        const _: () = #checked;
        static #name: [#private::Param<'static>; #count] = [#(#values),*];
    }
}

/// The name of an own scheme in its policy.
fn own_scheme(at: usize, path: &Path) -> Ident {
    format_ident!("__AuthScheme{at}", span = here(path.span()))
}

/// What a member declares, as a value; none if only const evaluation knows it.
fn declared_here(member: &Member) -> Option<Declaration<'_>> {
    let Realm::Literal(realm) = &member.realm else {
        return None;
    };
    let declared = match &member.scheme {
        Scheme::Basic { charset: true } => Declaration::basic(realm),
        Scheme::Basic { charset: false } => Declaration::basic(realm).without_charset(),
        Scheme::Bearer {
            error_when_missing, ..
        } => match error_when_missing {
            Some(code) => Declaration::bearer(realm).with_error_when_missing(code),
            None => Declaration::bearer(realm),
        },
        Scheme::Digest(terms) => digest_here(realm, terms),
        Scheme::ApiKey(KeyCarrier::Header(field)) => Declaration::api_key(realm, field),
        Scheme::ApiKey(KeyCarrier::Cookie(name)) => Declaration::api_key_in_cookie(realm, name),
        Scheme::NamedAfterField { field } => Declaration::named_after_field(realm, field),
        Scheme::Own { .. } => return None,
    };
    let Demand {
        scope,
        acr_values,
        max_age,
        ..
    } = &member.demand;
    let declared = match scope {
        Some(scope) => declared.with_scope(&scope.told),
        None => declared,
    };
    let declared = match acr_values {
        Some(values) => declared.with_acr_values(values),
        None => declared,
    };
    Some(match max_age {
        Some(seconds) => declared.with_max_age(seconds),
        None => declared,
    })
}

fn digest_here<'m>(realm: &'m str, terms: &'m Digest) -> Declaration<'m> {
    let mut declared = Declaration::digest(realm).with_algorithms(&terms.algorithms);
    if terms.auth_int {
        declared = declared.offering_auth_int();
    }
    if let Some(domain) = &terms.domain {
        declared = declared.with_domain(domain);
    }
    if let Some(opaque) = &terms.opaque {
        declared = declared.with_opaque(opaque);
    }
    if terms.userhash {
        declared = declared.with_userhash();
    }
    if !terms.charset {
        declared = declared.without_charset();
    }
    declared
}

/// The same as calls, behind the realm; nothing for what is the default.
fn digest_calls(private: &TokenStream, terms: &Digest) -> TokenStream {
    let algorithms = (terms.algorithms != [DigestAlgorithm::Sha256]).then(|| {
        // Its `Debug` is the name of the variant.
        let names = terms.algorithms.iter().map(|it| format_ident!("{it:?}"));
        quote!(.with_algorithms(&[#(#private::DigestAlgorithm::#names),*]))
    });
    let auth_int = terms.auth_int.then(|| quote!(.offering_auth_int()));
    let domain = terms.domain.as_ref().map(|it| quote!(.with_domain(#it)));
    let opaque = terms.opaque.as_ref().map(|it| quote!(.with_opaque(#it)));
    let userhash = terms.userhash.then(|| quote!(.with_userhash()));
    let charset = (!terms.charset).then(|| quote!(.without_charset()));
    quote!(#algorithms #auth_int #domain #opaque #userhash #charset)
}

/// What a member declares, as an expression.
fn declaration(private: &TokenStream, at: usize, member: &Member) -> TokenStream {
    let (realm, span) = match &member.realm {
        Realm::Literal(realm) => (quote!(#realm), Span::call_site()),
        Realm::Const(path) => (quote!(#path), path.span()),
    };
    let declaration = underlined(span, &quote!(#private::Declaration));
    let declared = match &member.scheme {
        Scheme::Basic { charset: true } => quote!(basic(#realm)),
        Scheme::Basic { charset: false } => quote!(basic(#realm).without_charset()),
        Scheme::Bearer {
            error_when_missing,
            cookie,
        } => {
            let error = error_when_missing
                .as_ref()
                .map(|code| quote!(.with_error_when_missing(#code)));
            let cookie = cookie.as_ref().map(|name| quote!(.in_cookie(#name)));
            quote!(bearer(#realm) #error #cookie)
        }
        Scheme::Digest(terms) => {
            let calls = digest_calls(private, terms);
            quote!(digest(#realm) #calls)
        }
        Scheme::ApiKey(KeyCarrier::Header(field)) => quote!(api_key(#realm, #field)),
        Scheme::ApiKey(KeyCarrier::Cookie(name)) => quote!(api_key_in_cookie(#realm, #name)),
        Scheme::NamedAfterField { field } => quote!(named_after_field(#realm, #field)),
        Scheme::Own { path, .. } => {
            let params = format_ident!("__AUTH_PARAMS_{at}");
            let own = underlined(path.span(), &quote!(#private::own));
            let scope = told(&member.demand);
            let scheme = own_scheme(at, path);
            return quote_spanned!(here(path.span())=> #own::<#scheme>(#realm, &#params) #scope);
        }
    };
    let told = told(&member.demand);
    quote_spanned!(here(span)=> #declaration::#declared #told)
}

/// What challenges tell of a demand.
fn told(demand: &Demand) -> TokenStream {
    let scope = demand.scope.as_ref().map(|scope| {
        let told = &scope.told;
        quote!(.with_scope(#told))
    });
    let acr = demand
        .acr_values
        .as_ref()
        .map(|values| quote!(.with_acr_values(#values)));
    let max_age = demand
        .max_age
        .as_ref()
        .map(|seconds| quote!(.with_max_age(#seconds)));
    quote!(#scope #acr #max_age)
}

/// What is demanded is what is told, unless there are alternatives.
fn scopes(private: &TokenStream, demand: &Demand) -> Option<TokenStream> {
    match &demand.scope {
        Some(scope) if !matches!(scope.need, Need::One(_)) => {
            let need = need_tokens(private, &scope.need);
            Some(quote!(.with_scopes(#need)))
        }
        _ => None,
    }
}

fn role(private: &TokenStream, demand: &Demand) -> Option<TokenStream> {
    demand.role.as_ref().map(|need| {
        let need = need_tokens(private, need);
        quote!(.with_role(#need))
    })
}

/// Its type.
fn scheme(private: &TokenStream, member: &Member) -> TokenStream {
    match &member.scheme {
        Scheme::Basic { .. } => quote!(#private::Basic),
        Scheme::Bearer { .. } => quote!(#private::Bearer),
        Scheme::Digest(_) => quote!(#private::Digest),
        Scheme::ApiKey(_) | Scheme::NamedAfterField { .. } => quote!(#private::ApiKey),
        Scheme::Own { path, .. } => quote!(#path),
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
    let private = quote!(#krate::private);
    let (answering, carried) = match permit {
        Some(_) => {
            let answering = permit::answering();
            (
                quote!(answering: #answering,),
                quote!(, #private::Answering),
            )
        }
        None => (TokenStream::new(), TokenStream::new()),
    };
    let name = name_for(&handler);
    let argument = match handler.identity.take() {
        Some(identity) => {
            let PatType {
                attrs,
                pat: pattern,
                ty,
                ..
            } = identity.argument;
            // An identity that the verifier does not yield is underlined where it stands.
            let guard = underlined(ty.span(), &quote!(#private::Guard));
            let policy = underlined(ty.span(), policy);
            let carried = underlined(ty.span(), &carried);
            argument(
                attrs,
                quote!(#private::Guard { identity: #pattern, #answering .. }),
                quote_spanned!(here(ty.span())=> #guard<#policy, #ty #carried>),
            )
        }
        None => {
            // Where the policy is named, if it is another one.
            let at = policy.span();
            let guard = underlined(at, &quote!(#private::Guard));
            let unseen = underlined(at, &quote!(#private::Unseen #carried));
            match permit {
                Some(_) => argument(
                    Vec::new(),
                    quote!(#private::Guard { #answering .. }),
                    quote_spanned!(here(at)=> #guard<#policy, #unseen>),
                ),
                None => argument(
                    Vec::new(),
                    quote!(_),
                    quote_spanned!(here(at)=> #guard<#policy>),
                ),
            }
        }
    };
    let handler = match permit {
        Some(permit) => permit::wrap(krate, permit, handler),
        None => handler,
    };
    with_first_argument(argument, &name, handler)
}

fn argument(attrs: Vec<Attribute>, pattern: TokenStream, ty: TokenStream) -> PatType {
    PatType {
        attrs,
        pat: Box::new(Pat::Verbatim(pattern)),
        colon_token: Token![:](Span::call_site()),
        ty: Box::new(Type::Verbatim(ty)),
    }
}

/// `name` is for attributes below that refuse patterns.
fn with_first_argument(argument: PatType, name: &Ident, handler: Handler) -> TokenStream {
    let (argument, handler) = as_attributes_below_take_it(argument, handler, name);
    let Handler {
        attributes,
        visibility,
        mut signature,
        body,
        ..
    } = handler;
    signature.inputs.insert(0, FnArg::Typed(argument));
    quote!(#(#attributes)* #visibility #signature #body)
}

/// Uses a deprecated constant where Basic stands beside Digest, so that the compiler warns there.
pub(crate) fn note(krate: &TokenStream, policy: &Policy) -> Option<TokenStream> {
    policy.basic_beside_digest().map(|basic| {
        let constant = underlined(basic, &quote!(#krate::private::BASIC_BESIDE_DIGEST));
        quote!(const _: () = #constant;)
    })
}

/// A named policy's `optional` cannot be seen from here: const evaluation compares it with the
/// handler's `Option`. Without an identity, an optional policy would admit everybody.
fn option_agrees(
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
fn path_of(name: &str) -> TokenStream {
    quote!(::core::concat!(::core::module_path!(), "::", #name))
}
