//! The inline form: a check in front of the first statement of a function that keeps its signature, and
//! the same as an expression, `check!`.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::Parser as _;
use syn::spanned::Spanned as _;
use syn::{
    AssocType, Attribute, FnArg, GenericArgument, Pat, PathArguments, ReturnType, Signature, Type,
    TypeParamBound,
};

use crate::args::Args;
use crate::body::{BodyKeys, Caller, Permit, Target, allow_braces, inner_attributes};
use crate::check::{self, Demand};
use crate::errors::{self, Errors};
use crate::expand::{self, here, underlined};
use crate::fallback;
use crate::handler::{self, Function, authenticated, has_body, other_decisions, ungrouped};
use crate::model::Policy;
use crate::names::BODY_KEYS;
use crate::permit;

/// `#[requires_auth(.., request = request, state = self.app)]`
pub(crate) fn requires_auth(
    args: Args,
    keys: &BodyKeys,
    item: &TokenStream,
    mut errors: Errors,
) -> TokenStream {
    let span = args.span;
    let demand = check::demand(args, &BODY_KEYS, &mut errors);
    let target = keys.target(span, &mut errors);
    let permit = keys.permit();
    let caller = keys.caller(&mut errors);
    let identity = Identity::check(caller, keys, &demand, &mut errors);
    let Some(function) = Function::read(item.clone(), "requires_auth", &mut errors) else {
        return fallback::with_errors(errors.into_tokens(), item);
    };
    let place = Place::check(&function, &mut errors);
    let krate = demand.krate;
    match (errors.into_tokens(), demand.policy, target, place) {
        (None, Some(policy), Some(target), Some(place)) => expand(
            function,
            place,
            &Check {
                krate,
                policy,
                target,
                identity,
                permit,
            },
        ),
        (errors, ..) => {
            fallback::with_errors(errors, &erroneous(&krate, function, identity.as_ref()))
        }
    }
}

/// `check!(.., request = request, state = app)`
pub(crate) fn check(args: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut args = Args::parse(args, errors::unexpected_token, &mut errors);
    let span = args.span;
    let keys = BodyKeys::take(&mut args, &mut errors);
    let demand = check::demand(args, &["request", "state", "identity"], &mut errors);
    let target = keys.target(span, &mut errors);
    keys.no_permit(&mut errors);
    let caller = keys.caller_of_check(&mut errors);
    let identity = Identity::check(caller, &keys, &demand, &mut errors);
    let krate = demand.krate;
    match (errors.into_tokens(), demand.policy, target) {
        (None, Some(policy), Some(target)) => expand_check(&Check {
            krate,
            policy,
            target,
            identity,
            permit: None,
        }),
        (errors, ..) => {
            let private = quote!(#krate::private);
            let wanted = wanted(&private, identity.as_ref());
            let stand_in = quote! {
                #private::erroneous::<::core::result::Result<#wanted, #private::Refusal>>()
            };
            let both = fallback::with_errors(errors, &stand_in);
            quote!({ #both })
        }
    }
}

/// A check that can be written out.
struct Check {
    krate: TokenStream,
    policy: Policy,
    target: Target,
    identity: Option<Identity>,
    permit: Option<Permit>,
}

/// Who is asked for.
struct Identity {
    pattern: Pat,
    ty: Type,
    /// `ty` is `Authenticated<..>` already, perhaps in an `Option`.
    whole: bool,
    in_option: bool,
}

impl Identity {
    /// `Claims` stands for `Authenticated<Claims>`, or for that in an `Option` if nobody may be.
    fn check(
        caller: Option<Caller>,
        keys: &BodyKeys,
        demand: &Demand,
        errors: &mut Errors,
    ) -> Option<Self> {
        let Some(Caller { pattern, ty }) = caller else {
            if let Some(optional) = demand.optional
                && !keys.has_identity()
            {
                errors.at(optional, errors::optional_without_key());
            }
            return None;
        };
        let found = authenticated(&ty);
        let identity = Self {
            pattern,
            whole: found.is_some(),
            in_option: found
                .as_ref()
                .map_or(demand.optional.is_some(), |found| found.in_option),
            ty,
        };
        if found.is_some_and(|found| !found.typed) {
            errors.over(&identity.ty, errors::identity_untyped());
        }
        if let Some(Policy::Own(_)) = demand.policy {
            let optional = demand.optional.is_some();
            check::option_agrees(&identity.ty, identity.in_option, optional, errors);
        }
        Some(identity)
    }
}

/// Where the check stands.
struct Place {
    /// What the function answers in the end.
    returned: Type,
    pinned: Option<Pinned>,
}

/// The body that `#[async_trait]` writes: `Box::pin(async move { .. })`, and nothing before it.
struct Pinned {
    /// `Box::pin`
    path: TokenStream,
    /// `async move`, with its attributes
    head: TokenStream,
    block: Group,
}

impl Place {
    fn check(function: &Function, errors: &mut Errors) -> Option<Self> {
        let Function {
            attributes,
            signature,
            body,
            ..
        } = function;
        let mut faults = Errors::default();
        other_decisions(attributes, &mut faults);
        has_body(signature, body, "requires_auth", &mut faults);
        no_identity_argument(signature, &mut faults);
        let place = Self::find(signature, body, &mut faults);
        let sound = !faults.any();
        errors.append(faults);
        place.filter(|_| sound)
    }

    fn find(signature: &Signature, body: &TokenStream, errors: &mut Errors) -> Option<Self> {
        let pinned = Pinned::read(body);
        let returned = match &signature.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(ungrouped(ty)),
        };
        let (returned, pinned) = match (signature.asyncness, pinned, returned) {
            (Some(_), _, returned) => (returned, None),
            (None, Some(pinned), Some(future)) if output_of_pinned(future).is_some() => {
                (output_of_pinned(future), Some(pinned))
            }
            _ => {
                errors.at(signature.fn_token.span, errors::inline_without_async());
                return None;
            }
        };
        let Some(returned) = returned.filter(|ty| !is_unit(ty)) else {
            errors.at(signature.ident.span(), errors::inline_returns_nothing());
            return None;
        };
        if let Some(found) = handler::find(returned.to_token_stream(), &["impl"]) {
            errors.at(found.span(), errors::inline_impl_trait());
            return None;
        }
        Some(Self {
            returned: returned.clone(),
            pinned,
        })
    }
}

impl Pinned {
    fn read(body: &TokenStream) -> Option<Self> {
        let body = only_group(body.clone(), Delimiter::Brace)?;
        let mut tokens: Vec<TokenTree> = body.stream().into_iter().collect();
        let argument = only_group(tokens.pop()?.into(), Delimiter::Parenthesis)?;
        let path: TokenStream = tokens.into_iter().collect();
        let segments = syn::parse2::<syn::Path>(path.clone()).ok()?.segments;
        let mut last_first = segments.iter().rev().map(|segment| &segment.ident);
        if last_first.next()? != "pin" || last_first.next()? != "Box" {
            return None;
        }
        let mut tokens: Vec<TokenTree> = argument.stream().into_iter().collect();
        let block = only_group(tokens.pop()?.into(), Delimiter::Brace)?;
        let words = [tokens.pop()?.to_string(), tokens.pop()?.to_string()];
        if words != ["move", "async"] {
            return None;
        }
        // Anything else would run before the check.
        let attributes: TokenStream = tokens.into_iter().collect();
        Attribute::parse_outer.parse2(attributes.clone()).ok()?;
        Some(Self {
            path,
            head: quote!(#attributes async move),
            block,
        })
    }
}

fn only_group(tokens: TokenStream, delimiter: Delimiter) -> Option<Group> {
    let mut tokens = tokens.into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == delimiter => Some(group),
        _ => None,
    }
}

/// `R` of `Pin<Box<dyn Future<Output = R> + ..>>`.
fn output_of_pinned(ty: &Type) -> Option<&Type> {
    let Type::TraitObject(object) = argument_of(argument_of(ty, "Pin")?, "Box")? else {
        return None;
    };
    object.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let last = bound.path.segments.last()?;
        let PathArguments::AngleBracketed(list) = &last.arguments else {
            return None;
        };
        list.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(AssocType { ident, ty, .. })
                if last.ident == "Future" && ident == "Output" =>
            {
                Some(ungrouped(ty))
            }
            _ => None,
        })
    })
}

/// `T` of `Name<T>`.
fn argument_of<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = ungrouped(ty) else {
        return None;
    };
    let last = path.path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(list) if last.ident == name => match list.args.first()? {
            GenericArgument::Type(ty) => Some(ungrouped(ty)),
            _ => None,
        },
        _ => None,
    }
}

fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}

/// The signature stays, so an argument would be given by the caller and not by the check.
fn no_identity_argument(signature: &Signature, errors: &mut Errors) {
    for argument in &signature.inputs {
        if let FnArg::Typed(argument) = argument
            && authenticated(&argument.ty).is_some()
        {
            errors.over(&argument.ty, errors::identity_in_signature());
        }
    }
}

fn expand(function: Function, place: Place, check: &Check) -> TokenStream {
    let name = format_ident!(
        "__requires_auth_{}",
        function.signature.ident.unraw(),
        span = Span::call_site()
    );
    let policy = policy_items(check, &name, &function.signature.ident);
    let refused = told(&check.krate, &place.returned);
    let check = statements(check, &name, &refused);
    in_front(&quote!(#policy #check), function, place.pinned)
}

/// The body stays a block of its own: items in it hide no names from what stands in front.
fn in_front(front: &TokenStream, mut function: Function, pinned: Option<Pinned>) -> TokenStream {
    function.body = match pinned {
        None => {
            let (inner_attributes, body) = inner_attributes(&function.body);
            quote!({ #inner_attributes #front #body })
        }
        Some(Pinned { path, head, block }) => {
            // It binds each argument a second time, behind the check, where the request may be of no more use.
            let unused = syn::parse_quote!(#[allow(unused_variables)]);
            function.attributes.push(unused);
            quote!({ #path(#head { #front #block }) })
        }
    };
    function.attributes.push(allow_braces());
    written(function)
}

fn written(function: Function) -> TokenStream {
    let Function {
        attributes,
        visibility,
        signature,
        body,
    } = function;
    quote!(#(#attributes)* #visibility #signature #body)
}

fn expand_check(check: &Check) -> TokenStream {
    let name = Ident::new("__check", Span::call_site());
    let policy = policy_items(check, &name, &Ident::new("check", Span::call_site()));
    let admit = admit(check, &name);
    let refusal = refusal();
    quote! {{
        #policy
        match #admit {
            ::core::result::Result::Ok(__guard) => ::core::result::Result::Ok(__guard.identity),
            ::core::result::Result::Err(#refusal) => ::core::result::Result::Err(#refusal),
        }
    }}
}

impl Check {
    fn private(&self) -> TokenStream {
        let krate = &self.krate;
        quote!(#krate::private)
    }
}

/// The policy under this name, inside of the body, where an item may stand whatever the function is.
fn policy_items(check: &Check, name: &Ident, shown: &Ident) -> TokenStream {
    let Check {
        krate,
        policy,
        identity,
        ..
    } = check;
    let identity = identity.as_ref();
    let note = expand::note(krate, policy);
    let policy = expand::policy_type(
        krate,
        &expand::Subject {
            name,
            shown: &shown.unraw().to_string(),
            hidden: Some(&syn::Visibility::Inherited),
        },
        policy,
        identity.map(|identity| (identity.in_option, identity.ty.span())),
    );
    quote!(#note #policy)
}

fn statements(check: &Check, policy: &Ident, refused: &TokenStream) -> TokenStream {
    let admit = admit(check, policy);
    let refusal = refusal();
    let (mut fields, mut patterns) = (Vec::new(), Vec::new());
    if let Some(Identity { pattern, .. }) = &check.identity {
        fields.push(quote!(identity));
        patterns.push(pattern.to_token_stream());
    }
    let condition = check.permit.as_ref().map(|condition| {
        let answering = permit::answering();
        fields.push(quote!(answering));
        patterns.push(quote!(#answering));
        let refused = quote!(let #refusal = #answering.forbid(); #refused);
        permit::condition(condition, &refused)
    });
    quote! {
        let (#(#patterns,)*) = match #admit {
            ::core::result::Result::Ok(__guard) => (#(__guard.#fields,)*),
            ::core::result::Result::Err(#refusal) => #refused
        };
        #condition
    }
}

fn refusal() -> Ident {
    Ident::new("__refusal", Span::call_site())
}

/// A view alone is held while the verifier is awaited: a reference to the request would ask of its body
/// that threads may share it.
fn admit(check: &Check, policy: &Ident) -> TokenStream {
    let private = check.private();
    let Target { request, state } = &check.target;
    let wanted = wanted(&private, check.identity.as_ref());
    let place = check
        .identity
        .as_ref()
        .map_or(state.span(), |identity| identity.ty.span());
    let (place, at_request) = (here(place), here(request.span()));
    let carried = match check.permit {
        Some(_) => underlined(place, &quote!(#private::Answering)),
        None => quote!(()),
    };
    let path = underlined(place, &quote!(#private::admit));
    let view = underlined(at_request, &quote!(#private::view));
    let policy = underlined(place, &quote!(#policy));
    // What the types lack is underlined where they are named.
    let admit = quote_spanned!(place=> #path::<#policy, #wanted, #carried, _>);
    let state = quote_spanned!(here(state.span())=> &(#state));
    let request = quote_spanned!(at_request=> #view(&(#request)));
    quote_spanned!(place=> #admit(#state, #request).await)
}

/// The type of what the check yields.
fn wanted(private: &TokenStream, identity: Option<&Identity>) -> TokenStream {
    let Some(Identity {
        ty,
        whole,
        in_option,
        ..
    }) = identity
    else {
        return quote!(#private::Unseen);
    };
    if *whole {
        return quote!(#ty);
    }
    let authenticated = underlined(ty.span(), &quote!(#private::Authenticated));
    let authenticated = quote_spanned!(here(ty.span())=> #authenticated<#ty>);
    if *in_option {
        quote!(::core::option::Option<#authenticated>)
    } else {
        authenticated
    }
}

/// Leaves the function with the refusal, as its return type has it.
fn told(krate: &TokenStream, returned: &Type) -> TokenStream {
    let span = here(returned.span());
    let told = underlined(span, &quote!(#krate::private::Told));
    let refusal = refusal();
    quote_spanned! {span=>
        {
            use #krate::private::{AsResponse as _, ByFrom as _, InErr as _, Unwritable as _};
            return (&&&&#told::<#returned>::BY).__requires_auth_answer(#refusal);
        }
    }
}

/// What goes out next to an error: the identity is bound, so that the body does not miss it.
fn erroneous(krate: &TokenStream, function: Function, identity: Option<&Identity>) -> TokenStream {
    let private = quote!(#krate::private);
    let wanted = wanted(&private, identity);
    let pattern = match identity {
        Some(identity) => identity.pattern.to_token_stream(),
        None => quote!(_),
    };
    if only_group(function.body.clone(), Delimiter::Brace).is_none() {
        return written(function);
    }
    let pinned = Pinned::read(&function.body);
    let function = in_front(
        &quote!(let #pattern: #wanted = #private::erroneous();),
        function,
        pinned,
    );
    // The check that would use them is missing.
    quote!(#[allow(unused_variables, unused_mut)] #function)
}
