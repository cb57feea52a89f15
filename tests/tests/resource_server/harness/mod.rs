//! What the rows are made of.

mod answer;
mod draft;
mod keyring;
mod outside;
mod row;
mod sent;
mod service;

use std::time::Duration;

pub use answer::{Refused, admits, answers, refuses};
pub use draft::{Draft, by, good, of, partners};
pub use keyring::keys;
pub use outside::{Outside, trap, was_sprung};
pub use row::{Row, attack};
pub use sent::{MARK, Sent};
pub use service::{Service, Serving};

pub const ISSUER: &str = auth_tests::tokens::ISSUER;
pub const PARTNER: &str = "https://partner.example";
/// For whom `/elsewhere` takes tokens.
pub const ELSEWHERE: &str = "https://elsewhere.example";
pub const KEYS: &str = "https://issuer.example/jwks";
pub const PARTNER_KEYS: &str = "https://partner.example/jwks";
/// For so long after a token has made the keys be fetched, none does so again.
pub const COOLDOWN: Duration = Duration::from_secs(30);
