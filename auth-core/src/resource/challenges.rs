//! The challenges that name the metadata: each is written once, and kept with the resource.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use auth_syntax::ChallengeKind;
use http::HeaderValue;

use crate::policy::Member;

/// By the constant text of the challenge without metadata. Since that is a constant, a program has a bounded number
/// of them; two members with the same text have the same challenge.
#[derive(Debug, Default)]
pub(super) struct Challenges(RwLock<HashMap<&'static str, HeaderValue>>);

impl Challenges {
    pub(super) fn of(&self, member: &Member, kind: ChallengeKind, url: &str) -> HeaderValue {
        let text = member.challenge_text(kind);
        // A writer that panicked has inserted a whole value or none.
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(challenge) = known.get(text) {
            return challenge.clone();
        }
        drop(known);
        let written = member.challenge_with_metadata(kind, url);
        // Both parts are printable ASCII: the constant was checked when it was written, the URL when it was read.
        let challenge = HeaderValue::try_from(written).unwrap_or_else(|_| member.challenge(kind));
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(text).or_insert(challenge).clone()
    }
}
