//! One member: a scheme with its keys.

use proc_macro2::Span;
use syn::parse::Parser as _;
use syn::{Ident, Lit, LitInt, LitStr, Path};

use super::keys::Keys;
use super::{digest, needs, shown};
use crate::errors::{self, Errors};
use crate::model::{Demand, KeyCarrier, Member, OwnParam, Realm, Scheme, Scope};
use crate::names::{OWN_SCHEME_KEYS, RESERVED_FIELDS, RESERVED_PREFIXES, SHARED_KEYS, TOP_KEYS};

/// The scheme of a member, known to be one.
pub(super) enum SchemeName {
    Basic,
    Bearer,
    Digest,
    ApiKey,
    Field(String),
    Own(Path),
}

impl SchemeName {
    pub(super) fn read(found: &str, span: Span, errors: &mut Errors) -> Option<Self> {
        match found {
            "Basic" => return Some(Self::Basic),
            "Bearer" => return Some(Self::Bearer),
            "Digest" => return Some(Self::Digest),
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

    fn shown(&self) -> String {
        match self {
            Self::Basic => "Basic".into(),
            Self::Bearer => "Bearer".into(),
            Self::Digest => "Digest".into(),
            Self::ApiKey => "ApiKey".into(),
            Self::Field(name) => name.clone(),
            Self::Own(path) => shown(path),
        }
    }

    fn takes(&self, key: &str) -> bool {
        match key {
            "header" => matches!(self, Self::ApiKey),
            "cookie" => matches!(self, Self::ApiKey | Self::Bearer),
            "charset" => matches!(self, Self::Basic | Self::Digest),
            "algorithm" | "qop" | "domain" | "opaque" | "userhash" => matches!(self, Self::Digest),
            "error_when_missing" | "acr" | "max_age" => matches!(self, Self::Bearer),
            _ => true,
        }
    }
}

/// A member from its keys.
pub(super) fn member(
    scheme: Option<SchemeName>,
    span: Span,
    keys: &Keys,
    errors: &mut Errors,
) -> Option<Member> {
    let Some(scheme) = scheme else {
        values(keys, errors);
        return None;
    };
    let own = matches!(scheme, SchemeName::Own(_));
    for (key, _) in &keys.given {
        let name = key.to_string();
        // Keys that an own scheme does not share are its own, and its table checks them.
        let is_ours = !own || SHARED_KEYS.contains(&name.as_str());
        if is_ours && !scheme.takes(&name) {
            errors.at(
                key.span(),
                errors::key_not_for_scheme(&name, &scheme.shown()),
            );
        }
    }
    // What is missing may be what could not be read.
    let excused = |key| keys.doubtful && keys.find(key).is_none();
    let realm = if excused("realm") {
        None
    } else {
        realm(keys, &scheme.shown(), span, errors)
    };
    let demand = demand(keys, errors);
    let tag = keys.path("verifier", errors);
    let scheme = match scheme {
        SchemeName::Basic => Some(Scheme::Basic {
            charset: charset(keys, errors),
        }),
        SchemeName::Bearer => Some(Scheme::Bearer {
            error_when_missing: error_code(keys, errors),
            cookie: cookie(keys, errors),
        }),
        SchemeName::Digest => digest::terms(keys, errors).map(Scheme::Digest),
        SchemeName::ApiKey if excused("header") && excused("cookie") => None,
        SchemeName::ApiKey => carrier_of_key(keys, span, errors).map(Scheme::ApiKey),
        SchemeName::Field(field) => Some(Scheme::NamedAfterField { field }),
        SchemeName::Own(path) => Some(Scheme::Own {
            params: own_params(keys, errors),
            path,
        }),
    };
    Some(Member {
        scheme: scheme?,
        realm: realm?,
        demand,
        tag,
    })
}

/// What is demanded of the grants.
pub(super) fn demand(keys: &Keys, errors: &mut Errors) -> Demand {
    Demand {
        scope: needs::scope(keys, errors).map(Scope::from),
        role: needs::role(keys, errors),
        acr_values: acr_values(keys, errors),
        max_age: max_age(keys, errors),
    }
}

/// What can be said about the values although the scheme is not known.
pub(super) fn values(keys: &Keys, errors: &mut Errors) {
    if let Some((key, _)) = keys.find("realm") {
        let _ = realm(keys, "", key.span(), errors);
    }
    let _ = demand(keys, errors);
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

/// RFC 7617 §2.1, RFC 7616 §3.3: the only value is UTF-8, matched without regard to case.
pub(super) fn charset(keys: &Keys, errors: &mut Errors) -> bool {
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

/// RFC 9470 §3: a list like that of scopes.
fn acr_values(keys: &Keys, errors: &mut Errors) -> Option<String> {
    let literal = keys.string("acr", errors)?;
    if let Err(why) = auth_syntax::check_scope(&literal.value()) {
        errors.at(literal.span(), errors::bad_acr(why));
        return None;
    }
    Some(literal.value())
}

/// RFC 9470 §3: a number of seconds that is not negative.
fn max_age(keys: &Keys, errors: &mut Errors) -> Option<String> {
    let (key, value) = keys.find("max_age")?;
    if value.is_empty() {
        errors.at(key.span(), errors::missing_value("max_age"));
        return None;
    }
    let seconds = syn::parse2::<LitInt>(value.clone())
        .ok()
        .filter(|seconds| seconds.suffix().is_empty())
        .map(|seconds| seconds.base10_digits().to_owned())
        .filter(|digits| auth_syntax::parse_seconds(digits).is_some());
    if seconds.is_none() {
        errors.over(value, errors::bad_max_age());
    }
    seconds
}

fn carrier_of_key(keys: &Keys, span: Span, errors: &mut Errors) -> Option<KeyCarrier> {
    match (keys.find("header"), keys.find("cookie")) {
        (Some(_), Some((second, _))) => {
            errors.at(second.span(), errors::two_carriers());
            None
        }
        (None, Some(_)) => cookie(keys, errors).map(KeyCarrier::Cookie),
        (Some(_), None) => header(keys, errors).map(KeyCarrier::Header),
        (None, None) => {
            errors.at(span, errors::header_missing());
            None
        }
    }
}

/// RFC 6265 §4.1.1
fn cookie(keys: &Keys, errors: &mut Errors) -> Option<String> {
    let literal = keys.string("cookie", errors)?;
    let name = literal.value();
    if !auth_syntax::is_token(&name) {
        errors.at(literal.span(), errors::cookie_not_a_token(&name));
        return None;
    }
    Some(name)
}

fn header(keys: &Keys, errors: &mut Errors) -> Option<String> {
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

/// What is not a key of every scheme is a parameter of this one: a string, or a number.
fn own_params(keys: &Keys, errors: &mut Errors) -> Vec<OwnParam> {
    let mut params = Vec::new();
    for (key, value) in &keys.given {
        let name = key.to_string();
        if OWN_SCHEME_KEYS.contains(&name.as_str()) || TOP_KEYS.contains(&name.as_str()) {
            continue;
        }
        if value.is_empty() {
            errors.at(key.span(), errors::not_a_param(&name));
            continue;
        }
        let text = match syn::parse2::<Lit>(value.clone()) {
            Ok(Lit::Str(text)) if text.suffix().is_empty() => Some(text.value()),
            Ok(Lit::Int(number)) if number.suffix().is_empty() => {
                Some(number.base10_digits().to_owned())
            }
            _ => None,
        };
        match text {
            Some(value) => params.push(OwnParam {
                key: key.clone(),
                value,
            }),
            None => errors.over(value, errors::not_a_param(&name)),
        }
    }
    params
}

/// Field names are compared without regard to case (RFC 9110 §5.1).
pub(super) fn is_reserved(field: &str) -> bool {
    let field = field.to_ascii_lowercase();
    RESERVED_FIELDS.binary_search(&field.as_str()).is_ok()
        || RESERVED_PREFIXES
            .iter()
            .any(|prefix| field.starts_with(prefix))
}
