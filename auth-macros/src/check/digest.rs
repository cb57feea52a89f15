//! What only Digest has (RFC 7616 §3.3).

use auth_syntax::{BadDeclaration, Declaration, DigestAlgorithm, DigestQop};
use syn::LitStr;

use super::keys::Keys;
use super::member::charset;
use crate::errors::{self, Errors};
use crate::model::Digest;

/// None if an error was found in what a challenge always has.
pub(super) fn terms(keys: &Keys, errors: &mut Errors) -> Option<Digest> {
    let algorithms = algorithms(keys, errors);
    let auth_int = offers_auth_int(keys, errors);
    let domain = sendable(keys, "domain", |it, text| it.with_domain(text), errors);
    let opaque = sendable(keys, "opaque", |it, text| it.with_opaque(text), errors);
    Some(Digest {
        charset: charset(keys, errors),
        userhash: keys.find("userhash").is_some(),
        algorithms: algorithms?,
        auth_int: auth_int?,
        domain,
        opaque,
    })
}

/// D-3: SHA-256, if nothing else is written. D-18: each challenge has another algorithm.
fn algorithms(keys: &Keys, errors: &mut Errors) -> Option<Vec<DigestAlgorithm>> {
    if keys.find("algorithm").is_none() {
        return Some(vec![DigestAlgorithm::Sha256]);
    }
    let literal = keys.string("algorithm", errors)?;
    let mut algorithms = Vec::new();
    for word in words(&literal) {
        let Some(algorithm) = DigestAlgorithm::parse(&word) else {
            errors.at(literal.span(), errors::unknown_algorithm(&word));
            return None;
        };
        if algorithms.contains(&algorithm) {
            errors.at(literal.span(), errors::algorithm_twice(algorithm.name()));
            return None;
        }
        algorithms.push(algorithm);
    }
    Some(algorithms)
}

/// N-6: alone, `auth-int` is worth less than `auth`. The order says nothing to clients.
fn offers_auth_int(keys: &Keys, errors: &mut Errors) -> Option<bool> {
    if keys.find("qop").is_none() {
        return Some(false);
    }
    let literal = keys.string("qop", errors)?;
    let mut offered = Vec::new();
    for word in words(&literal) {
        match DigestQop::parse(&word) {
            Some(qop) if !offered.contains(&qop) => offered.push(qop),
            _ => {
                errors.at(literal.span(), errors::bad_qop(&literal.value()));
                return None;
            }
        }
    }
    if offered == [DigestQop::AuthInt] {
        errors.at(literal.span(), errors::auth_int_alone());
        return None;
    }
    Some(offered.contains(&DigestQop::AuthInt))
}

/// The elements of a list with commas; one that is empty, if there is none.
fn words(literal: &LitStr) -> Vec<String> {
    let text = literal.value();
    text.split(',')
        .map(|word| word.trim_matches(' ').to_owned())
        .collect()
}

/// A text that challenges can tell, by the rules of the challenge itself.
fn sendable(
    keys: &Keys,
    key: &str,
    with: for<'a> fn(Declaration<'a>, &'a str) -> Declaration<'a>,
    errors: &mut Errors,
) -> Option<String> {
    let literal = keys.string(key, errors)?;
    let text = literal.value();
    let message = match with(Declaration::digest("API"), &text).check() {
        Ok(()) => return Some(text),
        Err(BadDeclaration::Domain(why)) => errors::bad_domain(why),
        Err(BadDeclaration::RelativeDomain) => errors::relative_domain(),
        Err(BadDeclaration::Opaque(why)) => errors::bad_opaque(why),
        Err(_) => errors::empty_opaque(),
    };
    errors.at(literal.span(), message);
    None
}
