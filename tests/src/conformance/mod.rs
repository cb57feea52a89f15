//! One table of requests and answers for every server, over real connections, with verifiers that answer at once and
//! with such that await.
//!
//! Every row is sent to the server and to [`HTTP`], whose answer is checked against the row; the
//! other answer must be the same, octet by octet, but for `Date` and the like. Where a row is refused the body is never
//! sent, and the answer must come nevertheless, without a `100 Continue` before it: hyper sends that when the body is
//! polled first, so nobody polled it. Where the row is admitted the handler must get the whole body. What a server may do
//! otherwise stands in [`accepted::ACCEPTED`].

pub mod accepted;
mod difference;
mod request;
mod right;
pub mod rows;

use tokio::sync::OnceCell;

use crate::app::Pace;
use crate::drivers::{Driver, HTTP};

use self::accepted::{accepted, settle};
use self::difference::differences;
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

/// All rows, sent in one way, and how they are answered without a framework.
struct Round {
    pace: Pace,
    sent: Sent,
    rows: Vec<(Row, Asked)>,
}

/// Fails unless this server answers all rows as the table says, but for what is accepted.
pub async fn conforms(driver: Driver) {
    static ROUNDS: OnceCell<Vec<Round>> = OnceCell::const_new();
    let mut findings = Vec::new();
    let servers = Pace::BOTH.map(|pace| (pace, driver.at(pace)));
    for round in ROUNDS.get_or_init(rounds).await {
        let Round { pace, sent, rows } = round;
        let (_, server) = servers.iter().find(|(of, _)| of == pace).unwrap();
        for (row, wanted) in rows {
            let runs = row.is_admitted() != accepted(driver, *pace, row.name, What::Ran);
            let found = ask(*server, row, *sent, runs).await;
            let found = differences(wanted, &found);
            findings.extend(found.into_iter().map(|(what, detail)| Finding {
                pace: *pace,
                sent: *sent,
                row: row.name,
                what,
                detail,
            }));
        }
    }
    settle(driver, &findings);
}

async fn rounds() -> Vec<Round> {
    let mut rounds = Vec::new();
    for pace in Pace::BOTH {
        let server = HTTP.at(pace);
        for sent in Sent::ALL {
            let mut rows = Vec::new();
            for row in rows::all() {
                let wanted = ask(server, &row, sent, row.is_admitted()).await;
                right::check(&row, &wanted, &format!("{pace:?} {sent:?} «{}»", row.name));
                rows.push((row, wanted));
            }
            rounds.push(Round { pace, sent, rows });
        }
    }
    rounds
}

impl Row {
    fn is_admitted(&self) -> bool {
        matches!(self.expected, Expected::Admitted(_))
    }
}
