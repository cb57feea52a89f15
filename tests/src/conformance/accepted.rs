//! What a server may do otherwise than the others, and why.

use std::collections::BTreeMap;

use crate::app::Pace;
use crate::drivers::{ACTIX, ACTIX_SCOPE, CHECK, Driver, LAYER, POEM};

use super::{Finding, What};

/// A difference that is accepted. What is listed and does not occur is an error as well: the reason no longer holds.
#[derive(Debug)]
pub struct Accepted {
    /// Which server.
    pub driver: &'static str,
    /// With verifiers of one kind only.
    pub pace: Option<Pace>,
    /// The rows, each of which has to differ; with none, any row.
    pub rows: &'static [&'static str],
    pub what: What,
    pub why: &'static str,
}

/// All of them.
pub const ACCEPTED: &[Accepted] = &[
    Accepted {
        driver: LAYER.name,
        pace: None,
        rows: &["not permitted"],
        what: What::Ran,
        why: "`permit` is a condition over the arguments of a handler, and a layer has no handler",
    },
    Accepted {
        driver: CHECK.name,
        pace: None,
        rows: &["not permitted"],
        what: What::Ran,
        why: "`permit` is a condition over the arguments of a handler, and `check` has no handler",
    },
    Accepted {
        driver: CHECK.name,
        pace: None,
        rows: &["digest, the content is protected"],
        what: What::Ran,
        why: "nobody but the head of the request is shown to `check`: `auth-int` is answered 500",
    },
    Accepted {
        driver: CHECK.name,
        pace: None,
        rows: &["digest"],
        what: What::Field("authentication-info"),
        why: "`check` does not see the answer",
    },
    Accepted {
        driver: ACTIX,
        pace: None,
        rows: &[],
        what: What::Continue,
        why: "actix-web answers `Expect: 100-continue` by itself, before any handler",
    },
    Accepted {
        driver: ACTIX_SCOPE,
        pace: None,
        rows: &[],
        what: What::Continue,
        why: "actix-web answers `Expect: 100-continue` by itself, before any handler",
    },
    Accepted {
        driver: ACTIX,
        pace: None,
        rows: &["digest"],
        what: What::Field("authentication-info"),
        why: "an extractor does not see the answer",
    },
    Accepted {
        driver: POEM,
        pace: None,
        rows: &["digest"],
        what: What::Field("authentication-info"),
        why: "an extractor does not see the answer",
    },
];

/// Whether this may differ.
pub(super) fn accepted(driver: Driver, pace: Pace, row: &str, what: What) -> bool {
    ACCEPTED
        .iter()
        .any(|accepted| accepted.covers(driver, pace, row, what))
}

/// Fails if something differs that may not, or does not that may.
pub(super) fn settle(driver: Driver, findings: &[Finding]) {
    // One line for each: a difference often occurs in all ways to send a row.
    let mut others = BTreeMap::new();
    for finding in findings {
        if !accepted(driver, finding.pace, finding.row, finding.what) {
            let key = (finding.row, format!("{:?}", finding.what));
            others.entry(key).or_insert(finding);
        }
    }
    let others: Vec<_> = others.values().collect();
    assert!(
        others.is_empty(),
        "{} answers otherwise in {} ways: {:#?}",
        driver.name,
        others.len(),
        &others[..others.len().min(20)]
    );
    for accepted in ACCEPTED.iter().filter(|entry| entry.driver == driver.name) {
        let occurs = |row: Option<&str>| {
            findings.iter().any(|found| {
                accepted.covers(driver, found.pace, found.row, found.what)
                    && row.is_none_or(|row| row == found.row)
            })
        };
        assert!(
            occurs(None) && accepted.rows.iter().all(|row| occurs(Some(row))),
            "{accepted:?} does not occur any more"
        );
    }
}

impl Accepted {
    fn covers(&self, driver: Driver, pace: Pace, row: &str, what: What) -> bool {
        self.driver == driver.name
            && self.pace.is_none_or(|only| only == pace)
            && (self.rows.is_empty() || self.rows.contains(&row))
            && self.what == what
    }
}
