//! Two answers, compared octet by octet.

use std::collections::BTreeMap;
use std::fmt::Debug;

use crate::digest;
use crate::handlers::HANDLER;
use crate::raw::Answer;

use super::What;
use super::request::Asked;

/// What differs, and how.
pub(super) fn differences(wanted: &Asked, found: &Asked) -> Vec<(What, String)> {
    if wanted.ran != found.ran {
        // All else follows from it.
        return vec![(What::Ran, told(wanted, found))];
    }
    let mut differences = Vec::new();
    if wanted.waited != found.waited {
        differences.push((What::Waited, told(&wanted.waited, &found.waited)));
    }
    if wanted.continued != found.continued {
        differences.push((What::Continue, told(&wanted.continued, &found.continued)));
    }
    let (Some(wanted), Some(found)) = (&wanted.answer, &found.answer) else {
        differences.push((What::Status, told(wanted, found)));
        return differences;
    };
    if wanted.status_line() != found.status_line() {
        differences.push((What::Status, told(wanted, found)));
    }
    let (of_wanted, of_found) = (fields(wanted), fields(found));
    for name in of_wanted.keys().chain(of_found.keys()) {
        let (wanted, found) = (of_wanted.get(name), of_found.get(name));
        if wanted != found {
            differences.push((What::Field(name.clone().leak()), told(&wanted, &found)));
        }
    }
    if wanted.body != found.body {
        differences.push((What::Body, told(wanted, found)));
    }
    differences
}

fn told(wanted: &dyn Debug, found: &dyn Debug) -> String {
    let short = |value: &dyn Debug| format!("{value:?}").chars().take(1000).collect::<String>();
    format!("{} was wanted, {} was found", short(wanted), short(found))
}

/// All fields but those of the time and of the connection, and what says of which type the content of a handler is.
fn fields(answer: &Answer) -> BTreeMap<String, Vec<String>> {
    let mut fields = BTreeMap::<_, Vec<_>>::new();
    for (name, value) in answer.fields() {
        let name = name.to_ascii_lowercase();
        fields.entry(name).or_default().push(without_nonce(value));
    }
    for name in ["date", "connection", "keep-alive"] {
        fields.remove(name);
    }
    if fields.contains_key(HANDLER) {
        fields.remove("content-type");
    }
    fields
}

/// A challenge without what is new in each.
pub(super) fn without_nonce(value: &str) -> String {
    match digest::param(value, "nonce") {
        Some(nonce) if value.starts_with("Digest ") => value.replace(&nonce, "…"),
        _ => value.to_owned(),
    }
}
