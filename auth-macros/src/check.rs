//! From what was parsed to the checked form: one short function for each rule.

use auth_syntax::MAX_MEMBERS;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::Parser as _;
use syn::{Ident, LitStr, Path};

use crate::args::{Args, Item};
use crate::errors::{self, Errors};
use crate::handler::{self, Handler};
use crate::model::{Member, Policy, Realm, Rule, Scheme};
use crate::names::{
    BODY_KEYS, MEMBER_KEYS, RESERVED_FIELDS, RESERVED_PREFIXES, SCHEMES, SHARED_KEYS, TOP_KEYS,
};
use crate::nearest::nearest;

/// What `#[requires_auth]` or `#[auth_policy]` says.
pub(crate) struct Demand {
    pub(crate) krate: TokenStream,
    /// None if an error was found in it.
    pub(crate) policy: Option<Policy>,
    pub(crate) optional: Option<Span>,
}

/// What `#[public]` says.
pub(crate) struct Openness {
    pub(crate) krate: TokenStream,
    pub(crate) reason: Option<String>,
}

pub(crate) fn demand(args: Args, errors: &mut Errors) -> Demand {
    let top = Top::sort(args, errors);
    Demand {
        krate: top.krate(),
        policy: top.policy(errors),
        optional: top.optional,
    }
}

/// The rule of a named policy, which cannot be another name.
pub(crate) fn own_rule(policy: Option<Policy>, errors: &mut Errors) -> Option<Rule> {
    match policy? {
        Policy::Own(rule) => Some(rule),
        Policy::Named(path) => {
            errors.over(path, errors::policy_names_policy());
            None
        }
    }
}

pub(crate) fn openness(args: Args, errors: &mut Errors) -> Openness {
    let mut keys = Keys::default();
    for item in args.items {
        keys.take(item, &["reason", "crate"], errors);
    }
    let reason = keys.string("reason", errors);
    if let Some(reason) = &reason
        && reason.value().trim().is_empty()
    {
        errors.at(reason.span(), errors::empty_reason());
    }
    Openness {
        krate: krate(keys.mod_path("crate", errors).as_ref()),
        reason: reason.map(|reason| reason.value()),
    }
}

pub(crate) fn nobody_in_public(handler: &Handler, errors: &mut Errors) {
    if let Some(identity) = &handler.identity {
        errors.over(&identity.argument.ty, errors::identity_in_public());
    }
}

/// `optional` and `Option` go together. That of a named policy is compared in const evaluation.
pub(crate) fn option_as_declared(demand: &Demand, handler: &Handler, errors: &mut Errors) {
    if let Some(Policy::Named(_)) = demand.policy {
        return;
    }
    match (&handler.identity, demand.optional.is_some()) {
        (Some(identity), true) if !identity.in_option => {
            let ty = &identity.argument.ty;
            errors.over(
                ty,
                errors::optional_without_option(&quote!(#ty).to_string().replace(' ', "")),
            );
        }
        (Some(identity), false) if identity.in_option && demand.policy.is_some() => {
            errors.over(&identity.argument.ty, errors::option_without_optional());
        }
        (None, true) => {
            errors.at(
                demand.optional.unwrap_or_else(Span::call_site),
                errors::optional_without_identity(),
            );
        }
        _ => {}
    }
}

/// The name of a policy.
pub(crate) fn unit_struct(item: TokenStream, errors: &mut Errors) -> Option<Ident> {
    match syn::parse2::<syn::Item>(item) {
        Ok(syn::Item::Struct(item))
            if matches!(item.fields, syn::Fields::Unit) && item.generics.params.is_empty() =>
        {
            Some(item.ident)
        }
        Ok(syn::Item::Struct(item)) => {
            errors.at(item.ident.span(), errors::policy_not_a_unit_struct());
            None
        }
        Ok(other) => {
            errors.at(handler::keyword(&other), errors::policy_not_a_unit_struct());
            None
        }
        Err(error) => {
            errors.push(error);
            None
        }
    }
}

/// The top of an attribute, sorted.
struct Top {
    span: Span,
    keys: Keys,
    optional: Option<Span>,
    krate: Option<Path>,
    /// `any(..)`, `Bearer(..)`, a policy
    rules: Vec<Item>,
}

impl Top {
    fn sort(args: Args, errors: &mut Errors) -> Self {
        let mut top = Self {
            span: args.span,
            keys: Keys::default(),
            optional: None,
            krate: None,
            rules: Vec::new(),
        };
        top.keys.doubtful = args.broken;
        let valid: Vec<&str> = TOP_KEYS.iter().chain(&MEMBER_KEYS).copied().collect();
        for item in args.items {
            match item {
                Item::Path(path) if path.is_ident("optional") => top.set_optional(&path, errors),
                Item::Path(path) if is_key_without_value(&path) => {
                    top.keys.doubtful = true;
                    let key = quote!(#path).to_string();
                    errors.over(path, errors::missing_value(&key));
                }
                Item::Key { key, .. } if key == "optional" => {
                    errors.at(key.span(), errors::no_value("optional"));
                    top.optional = Some(key.span());
                }
                Item::Path(path) if is_lower_case_word(&path) => {
                    top.keys.doubtful = true;
                    let word = quote!(#path).to_string();
                    errors.over(path, errors::unknown_key(&word, &valid));
                }
                Item::Key { .. } => top.keys.take(item, &valid, errors),
                Item::Call { .. } | Item::Path(_) => top.rules.push(item),
            }
        }
        top.krate = top.keys.mod_path("crate", errors);
        top
    }

    fn set_optional(&mut self, path: &Path, errors: &mut Errors) {
        let span = path
            .segments
            .last()
            .map_or_else(Span::call_site, |last| last.ident.span());
        if self.optional.is_some() {
            errors.at(span, errors::duplicate_key("optional"));
        }
        self.optional = Some(span);
    }

    fn krate(&self) -> TokenStream {
        krate(self.krate.as_ref())
    }

    fn policy(&self, errors: &mut Errors) -> Option<Policy> {
        let scheme = self.keys.find("scheme");
        for second in self.rules.iter().skip(usize::from(scheme.is_none())) {
            let path = second.path();
            errors.over(
                &path,
                errors::two_decisions_in_one(&path.to_string().replace(' ', "")),
            );
        }
        match (scheme, self.rules.first()) {
            (Some(_), _) => self.plain(errors).map(|member| self.rule(vec![member])),
            (None, Some(Item::Call { path, args })) if path.is_ident("any") => {
                Some(self.rule(self.any(path, args, errors)))
            }
            (None, Some(Item::Call { path, args })) => {
                let member = self.member(path, args, &MEMBER_KEYS, errors)?;
                Some(self.rule(vec![member]))
            }
            (None, Some(Item::Path(path))) => self.named(path, errors),
            (None, Some(Item::Key { .. }) | None) => {
                if !self.keys.doubtful {
                    errors.at(self.span, errors::no_scheme());
                }
                values(&self.keys, errors);
                None
            }
        }
    }

    fn rule(&self, members: Vec<Member>) -> Policy {
        Policy::Own(Rule {
            members,
            optional: self.optional.is_some(),
        })
    }

    /// `scheme = "Bearer", realm = "API"`
    fn plain(&self, errors: &mut Errors) -> Option<Member> {
        let Some(name) = self.keys.string("scheme", errors) else {
            values(&self.keys, errors);
            return None;
        };
        let scheme = SchemeName::read(&name.value(), name.span(), errors);
        member(scheme, name.span(), &self.keys, errors)
    }

    /// `Bearer(realm = "API")`, alone or in `any(..)`. Those of the keys beside it that are listed hold
    /// for it as well.
    fn member(
        &self,
        path: &Path,
        args: &Args,
        inherits: &[&str],
        errors: &mut Errors,
    ) -> Option<Member> {
        let Some(name) = path.get_ident() else {
            errors.over(
                path,
                errors::unknown_scheme(&quote!(#path).to_string().replace(' ', "")),
            );
            return None;
        };
        if name == "all" {
            errors.at(name.span(), errors::no_all());
            return None;
        }
        let scheme = SchemeName::read(&name.to_string(), name.span(), errors);
        let keys = member_keys(args, errors).with_those_beside(&self.keys, inherits, errors);
        member(scheme, name.span(), &keys, errors)
    }

    fn any(&self, any: &Path, args: &Args, errors: &mut Errors) -> Vec<Member> {
        for (name, _) in &self.keys.given {
            let key = name.to_string();
            if MEMBER_KEYS.contains(&key.as_str()) && !SHARED_KEYS.contains(&key.as_str()) {
                errors.at(name.span(), errors::key_of_one_member(&key));
            }
        }
        let stray = args
            .items
            .iter()
            .any(|item| matches!(item, Item::Key { .. }));
        let keys_for_none = |args: &Args| Args {
            items: Vec::new(),
            span: args.span,
            // What seems to be missing may be what does not stand behind a scheme.
            broken: stray,
        };
        let mut members = Vec::new();
        for (at, item) in args.items.iter().enumerate() {
            if at == MAX_MEMBERS {
                errors.over(item.path(), errors::any_of_many(MAX_MEMBERS));
            }
            match item {
                Item::Call { path, args } => {
                    if let Some(member) = self.member(path, args, &SHARED_KEYS, errors) {
                        distinct(&members, &member, path, errors);
                        members.push(member);
                    }
                }
                Item::Path(path) if is_policy(path) => {
                    let shown = quote!(#path).to_string().replace(' ', "");
                    errors.over(path, errors::policy_in_any(&shown));
                }
                Item::Path(path) => {
                    let empty = keys_for_none(args);
                    if let Some(member) = self.member(path, &empty, &SHARED_KEYS, errors) {
                        distinct(&members, &member, path, errors);
                        members.push(member);
                    }
                }
                Item::Key { key, .. } => errors.at(key.span(), errors::not_a_member()),
            }
        }
        if args.items.len() < 2 && !args.broken {
            errors.over(any, errors::any_of_one());
        }
        members
    }

    /// `Api`: a policy; a built-in scheme is one without its keys.
    fn named(&self, path: &Path, errors: &mut Errors) -> Option<Policy> {
        if let Some(name) = path.get_ident() {
            let text = name.to_string();
            if text == "any" {
                errors.at(name.span(), errors::any_of_one());
                return None;
            }
            if SCHEMES.contains(&text.as_str()) {
                let empty = Args::empty(name.span());
                return self
                    .member(path, &empty, &MEMBER_KEYS, errors)
                    .map(|member| self.rule(vec![member]));
            }
        }
        let shown = quote!(#path).to_string().replace(' ', "");
        for (key, _) in &self.keys.given {
            if key != "crate" {
                errors.at(key.span(), errors::policy_with_keys(&shown));
            }
        }
        if let Some(span) = self.optional {
            errors.at(span, errors::policy_with_keys(&shown));
        }
        Some(Policy::Named(path.clone()))
    }
}

impl Item {
    /// What names it, for messages.
    pub(crate) fn path(&self) -> TokenStream {
        match self {
            Self::Key { key, .. } => quote!(#key),
            Self::Call { path, .. } | Self::Path(path) => quote!(#path),
        }
    }
}

/// Two members whose credentials look the same in the same carrier.
fn distinct(members: &[Member], new: &Member, path: &Path, errors: &mut Errors) {
    let carrier = |member: &Member| match &member.scheme {
        Scheme::Basic { .. } => "basic".to_owned(),
        Scheme::Bearer { .. } => "bearer".to_owned(),
        Scheme::ApiKey { field } | Scheme::NamedAfterField { field } => {
            format!("field {}", field.to_lowercase())
        }
    };
    if members.iter().any(|member| carrier(member) == carrier(new)) {
        errors.over(path, errors::same_carrier_twice(&quote!(#path).to_string()));
    }
}

fn member_keys(args: &Args, errors: &mut Errors) -> Keys {
    let mut keys = Keys {
        doubtful: args.broken,
        ..Keys::default()
    };
    for item in &args.items {
        match item {
            Item::Key { key, .. } if TOP_KEYS.iter().chain(&BODY_KEYS).any(|top| key == top) => {
                errors.at(key.span(), errors::key_not_in_member(&key.to_string()));
            }
            Item::Path(path) if path.is_ident("optional") => {
                errors.over(path, errors::key_not_in_member("optional"));
            }
            Item::Path(path) if is_key_without_value(path) => {
                keys.doubtful = true;
                let key = quote!(#path).to_string();
                errors.over(path, errors::missing_value(&key));
            }
            Item::Key { key, value } => {
                keys.take(
                    Item::Key {
                        key: key.clone(),
                        value: value.clone(),
                    },
                    &MEMBER_KEYS,
                    errors,
                );
            }
            Item::Call { path, .. } | Item::Path(path) => {
                keys.doubtful = true;
                errors.over(
                    path,
                    errors::unknown_key(&quote!(#path).to_string(), &MEMBER_KEYS),
                );
            }
        }
    }
    keys
}

/// The name of a scheme, known to be one.
enum SchemeName {
    Basic,
    Bearer,
    ApiKey,
    Field(String),
}

impl SchemeName {
    fn read(found: &str, span: Span, errors: &mut Errors) -> Option<Self> {
        match found {
            "Basic" => return Some(Self::Basic),
            "Bearer" => return Some(Self::Bearer),
            "ApiKey" => return Some(Self::ApiKey),
            _ => {}
        }
        if !auth_syntax::is_token(found) {
            errors.at(span, errors::scheme_not_a_token(found));
            return None;
        }
        if found
            .get(..2)
            .is_some_and(|start| start.eq_ignore_ascii_case("x-"))
            && found.len() > 2
        {
            if is_reserved(found) {
                errors.at(span, errors::header_reserved(found));
                return None;
            }
            return Some(Self::Field(found.to_owned()));
        }
        errors.at(span, errors::unknown_scheme(found));
        None
    }

    fn shown(&self) -> &str {
        match self {
            Self::Basic => "Basic",
            Self::Bearer => "Bearer",
            Self::ApiKey => "ApiKey",
            Self::Field(name) => name,
        }
    }

    fn takes(&self, key: &str) -> bool {
        match key {
            "header" => matches!(self, Self::ApiKey),
            "charset" => matches!(self, Self::Basic),
            "error_when_missing" => matches!(self, Self::Bearer),
            _ => true,
        }
    }
}

/// A member from its keys.
fn member(
    scheme: Option<SchemeName>,
    span: Span,
    keys: &Keys,
    errors: &mut Errors,
) -> Option<Member> {
    let Some(scheme) = scheme else {
        values(keys, errors);
        return None;
    };
    for (key, _) in &keys.given {
        if !scheme.takes(&key.to_string()) {
            errors.at(
                key.span(),
                errors::key_not_for_scheme(&key.to_string(), scheme.shown()),
            );
        }
    }
    // What is missing may be what could not be read.
    let excused = |key| keys.doubtful && keys.find(key).is_none();
    let realm = if excused("realm") {
        None
    } else {
        realm(keys, scheme.shown(), span, errors)
    };
    let scope = scope(keys, errors);
    let tag = keys.path("verifier", errors);
    let scheme = match scheme {
        SchemeName::Basic => Some(Scheme::Basic {
            charset: charset(keys, errors),
        }),
        SchemeName::Bearer => Some(Scheme::Bearer {
            error_when_missing: error_code(keys, errors),
        }),
        SchemeName::ApiKey if excused("header") => None,
        SchemeName::ApiKey => field(keys, span, errors).map(|field| Scheme::ApiKey { field }),
        SchemeName::Field(field) => Some(Scheme::NamedAfterField { field }),
    };
    Some(Member {
        scheme: scheme?,
        realm: realm?,
        scope,
        tag,
    })
}

/// What can be said about the values although the scheme is not known.
fn values(keys: &Keys, errors: &mut Errors) {
    if let Some((key, _)) = keys.find("realm") {
        let _ = realm(keys, "", key.span(), errors);
    }
    let _ = scope(keys, errors);
    let _ = keys.path("verifier", errors);
}

/// RFC 9110 §11.5 and RFC 6750 §3: every challenge of ours has a realm. H-10, H-11.
fn realm(keys: &Keys, scheme: &str, span: Span, errors: &mut Errors) -> Option<Realm> {
    let Some((_, value)) = keys.find("realm") else {
        errors.at(span, errors::realm_missing(scheme));
        return None;
    };
    if let Ok(path) = Path::parse_mod_style.parse2(value.clone()) {
        return Some(Realm::Const(path));
    }
    let literal = keys.literal("realm", errors::not_a_string_or_path, errors)?;
    let text = literal.value();
    match auth_syntax::check_quotable(&text) {
        Ok(()) if text.is_empty() => {
            errors.at(
                literal.span(),
                errors::bad_realm("it is empty; write what clients may show to their users"),
            );
            None
        }
        Ok(()) => Some(Realm::Literal(text)),
        Err(why) => {
            errors.at(literal.span(), errors::bad_realm(why));
            None
        }
    }
}

/// T-14.
fn scope(keys: &Keys, errors: &mut Errors) -> Option<String> {
    let literal = keys.string("scope", errors)?;
    if let Err(why) = auth_syntax::check_scope(&literal.value()) {
        errors.at(literal.span(), errors::bad_scope(why));
        return None;
    }
    // RFC 6749 §3.3 allows a comma in a scope, yet who writes one means two scopes, and would lock
    // everybody out.
    if literal.value().contains(',') {
        errors.at(literal.span(), errors::comma_in_scope());
        return None;
    }
    Some(literal.value())
}

/// T-14; an empty code would tell nothing.
fn error_code(keys: &Keys, errors: &mut Errors) -> Option<String> {
    let literal = keys.string("error_when_missing", errors)?;
    let text = literal.value();
    if text.is_empty() {
        errors.at(
            literal.span(),
            errors::bad_error_code("it is empty; write a code such as \"missing_token\""),
        );
    } else if let Err(why) = auth_syntax::check_error_text(&text) {
        errors.at(literal.span(), errors::bad_error_code(why));
    }
    Some(text)
}

/// RFC 7617 §2.1: the only value is UTF-8, matched without regard to case.
fn charset(keys: &Keys, errors: &mut Errors) -> bool {
    let Some((key, value)) = keys.find("charset") else {
        return true;
    };
    if let Ok(word) = syn::parse2::<Ident>(value.clone()) {
        if word == "none" {
            return false;
        }
        errors.at(word.span(), errors::bad_charset());
    } else if let Ok(literal) = syn::parse2::<LitStr>(value.clone()) {
        if !literal.value().eq_ignore_ascii_case("UTF-8") {
            errors.at(literal.span(), errors::bad_charset());
        }
    } else if value.is_empty() {
        errors.at(key.span(), errors::missing_value("charset"));
    } else {
        errors.over(value, errors::bad_charset());
    }
    true
}

fn field(keys: &Keys, span: Span, errors: &mut Errors) -> Option<String> {
    if keys.find("header").is_none() {
        errors.at(span, errors::header_missing());
    }
    let literal = keys.string("header", errors)?;
    let name = literal.value();
    if !auth_syntax::is_token(&name) {
        errors.at(literal.span(), errors::header_not_a_token(&name));
        return None;
    }
    if is_reserved(&name) {
        errors.at(literal.span(), errors::header_reserved(&name));
        return None;
    }
    Some(name)
}

/// Field names are compared without regard to case (RFC 9110 §5.1).
fn is_reserved(field: &str) -> bool {
    let field = field.to_ascii_lowercase();
    RESERVED_FIELDS.binary_search(&field.as_str()).is_ok()
        || RESERVED_PREFIXES
            .iter()
            .any(|prefix| field.starts_with(prefix))
}

/// A path that is no scheme and no misspelt one, so that it must mean a policy.
fn is_policy(path: &Path) -> bool {
    path.get_ident().is_none_or(|word| {
        let word = word.to_string();
        word != "all" && nearest(&word, SCHEMES).is_none()
    })
}

/// A key that somebody forgot to give a value.
fn is_key_without_value(path: &Path) -> bool {
    path.get_ident().is_some_and(|ident| {
        MEMBER_KEYS
            .iter()
            .chain(&["scheme", "crate"])
            .any(|key| ident == key)
    })
}

/// A single word as keys are written; types and schemes begin with a capital letter.
fn is_lower_case_word(path: &Path) -> bool {
    path.get_ident().is_some_and(|ident| {
        let word = ident.to_string();
        word != "any" && word.starts_with(char::is_lowercase)
    })
}

/// Keys with their values, no key twice.
#[derive(Default)]
struct Keys {
    given: Vec<(Ident, TokenStream)>,
    /// Something among them could not be read as a key.
    doubtful: bool,
}

impl Keys {
    fn take(&mut self, item: Item, valid: &[&str], errors: &mut Errors) {
        let (key, value) = match item {
            Item::Key { key, value } => (key, value),
            Item::Path(path) if valid.iter().any(|valid| path.is_ident(valid)) => {
                let key = quote!(#path).to_string();
                return errors.over(path, errors::missing_value(&key));
            }
            other => {
                self.doubtful = true;
                let path = other.path();
                return errors.over(&path, errors::unknown_key(&path.to_string(), valid));
            }
        };
        if !valid.iter().any(|valid| key == valid) {
            self.doubtful = true;
            errors.at(key.span(), errors::unknown_key(&key.to_string(), valid));
        } else if self.find(&key.to_string()).is_some() {
            errors.at(key.span(), errors::duplicate_key(&key.to_string()));
        } else {
            self.given.push((key, value));
        }
    }

    /// With those of the keys beside it that hold for it too. What is given in both places is an error:
    /// one of the two would be dropped, and a dropped `scope` is a hole.
    fn with_those_beside(mut self, beside: &Self, inherits: &[&str], errors: &mut Errors) -> Self {
        self.doubtful |= beside.doubtful;
        for (key, value) in &beside.given {
            let name = key.to_string();
            if !inherits.contains(&name.as_str()) {
                // It was complained about, and would be missed here for nothing.
                self.doubtful |= MEMBER_KEYS.contains(&name.as_str());
            } else if let Some((inside, _)) = self.find(&name) {
                errors.at(inside.span(), errors::inside_and_beside(&name));
            } else {
                self.given.push((key.clone(), value.clone()));
            }
        }
        self
    }

    fn find(&self, key: &str) -> Option<&(Ident, TokenStream)> {
        self.given.iter().find(|(name, _)| name == key)
    }

    fn string(&self, key: &str, errors: &mut Errors) -> Option<LitStr> {
        self.literal(key, errors::not_a_string, errors)
    }

    fn literal(
        &self,
        key: &str,
        otherwise: fn(&str) -> String,
        errors: &mut Errors,
    ) -> Option<LitStr> {
        let (name, value) = self.find(key)?;
        if value.is_empty() {
            errors.at(name.span(), errors::missing_value(key));
            return None;
        }
        match syn::parse2::<LitStr>(value.clone()) {
            // A suffix such as "x"u8 is no string.
            Ok(literal) if literal.suffix().is_empty() => Some(literal),
            _ => {
                errors.over(value, otherwise(key));
                None
            }
        }
    }

    /// A path without generic arguments.
    fn mod_path(&self, key: &str, errors: &mut Errors) -> Option<Path> {
        let path = self.path(key, errors)?;
        if path
            .segments
            .iter()
            .all(|segment| segment.arguments.is_none())
        {
            return Some(path);
        }
        errors.over(path, errors::not_a_path(key));
        None
    }

    fn path(&self, key: &str, errors: &mut Errors) -> Option<Path> {
        let (name, value) = self.find(key)?;
        if value.is_empty() {
            errors.at(name.span(), errors::missing_value(key));
            return None;
        }
        match syn::parse2::<Path>(value.clone()) {
            Ok(path) => Some(path),
            Err(_) => {
                errors.over(value, errors::not_a_path(key));
                None
            }
        }
    }
}

/// Where the runtime crate is.
pub(crate) fn krate(path: Option<&Path>) -> TokenStream {
    match path {
        Some(path) => quote!(#path),
        None => quote!(::auth_core),
    }
}
