//! One table of requests and answers for every server, over real connections, with verifiers that answer at once and
//! with such that await.
//!
//! Every row is sent to the server and to [`HTTP`](crate::drivers::HTTP), whose answer is checked against the row; the
//! other answer must be the same, octet by octet, but for `Date` and the like. Where a row is refused the body is never
//! sent, and the answer must come nevertheless, without a `100 Continue` before it; where it is admitted the handler must
//! get the whole body. What a server may do otherwise stands in [`accepted::ACCEPTED`].

pub mod accepted;
mod request;
mod right;
pub mod rows;

use std::collections::BTreeMap;

use crate::app::Pace;
use crate::digest;
use crate::drivers::{Driver, HTTP};
use crate::raw::Answer;

use self::accepted::{accepted, settle};
use self::request::{Asked, ask};
use self::rows::{Expected, Row};

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A handler ran that must not, or the other way about, whatever was answered.
    Ran,
    /// The status line.
    Status,
    /// The lines of this field, in lower case: the values, their number, their order.
    Field(&'static str),
    Body,
    /// The answer came with the body only, or not at all.
    Waited,
    /// `100 Continue` was sent before a refusal, or not sent to somebody who waits for it and is admitted.
    Continue,
}

/// How the body is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    WithLength,
    Chunked,
    /// With `Expect: 100-continue`.
    Expecting,
}

impl Sent {
    pub const ALL: [Self; 3] = [Self::WithLength, Self::Chunked, Self::Expecting];
}

/// A difference between a server and the one without a framework.
#[derive(Debug)]
pub struct Finding {
    pub pace: Pace,
    pub sent: Sent,
    pub row: &'static str,
    pub what: What,
    /// What was wanted and what was found.
    pub detail: String,
}

/// Fails unless this server answers all rows as the table says, but for what is accepted.
pub async fn conforms(driver: Driver) {
    let mut findings = Vec::new();
    for pace in Pace::BOTH {
        let (server, reference) = (driver.at(pace), HTTP.at(pace));
        for sent in Sent::ALL {
            for row in rows::all() {
                let wanted = ask(reference, &row, sent, row.is_admitted()).await;
                let place = format!("{} {pace:?} {sent:?} «{}»", HTTP.name, row.name);
                right::check(&row, &wanted, &place);
                let runs = row.is_admitted() != accepted(driver, pace, row.name, What::Ran);
                let found = ask(server, &row, sent, runs).await;
                let found = differences(&wanted, &found);
                findings.extend(found.into_iter().map(|(what, detail)| Finding {
                    pace,
                    sent,
                    row: row.name,
                    what,
                    detail,
                }));
                assert!(findings.len() < 1000, "{driver:?}: {:#?}", &findings[..10]);
            }
        }
    }
    settle(driver, &findings);
}

impl Row {
    fn is_admitted(&self) -> bool {
        matches!(self.expected, Expected::Admitted(_))
    }
}

fn differences(wanted: &Asked, found: &Asked) -> Vec<(What, String)> {
    let mut differences = Vec::new();
    let mut differ = |what, wanted: String, found: String| {
        if wanted != found {
            differences.push((what, format!("{wanted} was wanted, {found} was found")));
        }
    };
    let debug = |value: &dyn std::fmt::Debug| format!("{value:?}");
    if wanted.ran != found.ran {
        // All else follows from it.
        differ(What::Ran, debug(&wanted), debug(&found));
        return differences;
    }
    differ(What::Waited, debug(&wanted.waited), debug(&found.waited));
    differ(
        What::Continue,
        debug(&wanted.continued),
        debug(&found.continued),
    );
    let (Some(wanted), Some(found)) = (&wanted.answer, &found.answer) else {
        differ(What::Status, debug(&wanted.answer), debug(&found.answer));
        return differences;
    };
    differ(
        What::Status,
        debug(&wanted.status_line()),
        debug(&found.status_line()),
    );
    let (of_wanted, of_found) = (fields(wanted), fields(found));
    for name in of_wanted.keys().chain(of_found.keys()) {
        differ(
            What::Field(name.clone().leak()),
            debug(&of_wanted.get(name)),
            debug(&of_found.get(name)),
        );
    }
    differ(What::Body, debug(&wanted.body), debug(&found.body));
    differences
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
    if fields.contains_key(crate::handlers::HANDLER) {
        fields.remove("content-type");
    }
    fields
}

/// A challenge without what is new in each.
fn without_nonce(value: &str) -> String {
    match digest::param(value, "nonce") {
        Some(nonce) if value.starts_with("Digest ") => value.replace(&nonce, "…"),
        _ => value.to_owned(),
    }
}
