#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bounds;
mod damage;
mod durability;
mod failure;
mod image;
mod model;
mod races;
mod rules;

use std::path::PathBuf;

use tempfile::TempDir;

use super::{GRACE, Revocations};
use crate::clock::{Clock, ClockHand};
use crate::verify::TokenFacts;

const NOW: u64 = 1_759_312_800; // 2025-10-01T10:00:00Z
const ISS: &str = "https://login.example.com";

/// A token of Ann's, issued now, for the client `web`.
fn token(jti: &str) -> TokenFacts {
    TokenFacts {
        issuer: ISS.into(),
        subject: Some("ann".into()),
        client_id: Some("web".into()),
        jti: Some(jti.into()),
        issued_at: Some(NOW),
        expires_at: Some(NOW + 300),
    }
}

impl Revocations {
    fn knows(&self, jti: &str) -> bool {
        self.is_token_revoked(&token(jti))
    }
}

/// A place for a file, and a clock.
struct Place {
    _directory: TempDir,
    path: PathBuf,
    clock: Clock,
    hand: ClockHand,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (clock, hand) = Clock::manual(NOW);
        Self {
            path: directory.path().join("revocations"),
            _directory: directory,
            clock,
            hand,
        }
    }

    fn create(&self) -> Revocations {
        let builder = Revocations::builder().with_clock(self.clock.clone());
        builder.create(&self.path).unwrap()
    }

    fn open(&self) -> Revocations {
        let builder = Revocations::builder().with_clock(self.clock.clone());
        builder.open(&self.path).unwrap()
    }
}
