//! Whatever is used in whatever order, under a clock that may also be set back: nothing is admitted twice, and what a store
//! with endless memory admits is refused only for a reason.

use std::collections::{BTreeSet, HashSet};

use proptest::prelude::*;

use super::{LIFETIME, NOW, nonce};
use crate::verify::digest::counts::memory::Table;
use crate::verify::digest::counts::memory::threads::Native;

#[derive(Clone, Debug)]
enum Do {
    /// With the nonce that was issued so many challenges ago.
    Use(usize, u32),
    Challenge,
    Wait(u64),
    SetBack(u64),
}

fn anything() -> impl Strategy<Value = Do> {
    prop_oneof![
        12 => (0..12_usize, 1..6_u32).prop_map(|(ago, count)| Do::Use(ago, count)),
        6 => Just(Do::Challenge),
        3 => (0..LIFETIME / 4).prop_map(Do::Wait),
        1 => (0..LIFETIME).prop_map(Do::SetBack),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    // D-10, D-11, V17
    #[test]
    fn d11_nothing_is_admitted_twice_and_memory_is_bounded(
        capacity in 1..6_usize,
        steps in prop::collection::vec(anything(), 1..200),
    ) {
        let table = Table::<Native>::new(capacity);
        table.start(NOW);
        let mut admitted = HashSet::new();
        let mut known = BTreeSet::new();
        let mut issued = vec![nonce(0, 0)];
        let mut now = NOW;
        let mut only_forward = true;
        for step in steps {
            match step {
                Do::Challenge => {
                    let number = issued.len() as u64;
                    issued.push(nonce(now - NOW, number));
                }
                Do::Wait(by) => now += by,
                Do::SetBack(by) => {
                    only_forward = false;
                    now = now.saturating_sub(by).max(NOW);
                }
                Do::Use(ago, count) => {
                    let at = issued.len().saturating_sub(ago + 1);
                    let nonce = issued[at];
                    let fresh = table.admits_at(nonce, count, now);
                    let is_first = !admitted.contains(&(nonce, count));
                    prop_assert!(is_first || !fresh, "twice: {:?}", (nonce, count));
                    let expired = now >= nonce.issued_at_ms() + LIFETIME;
                    prop_assert!(!expired || !fresh, "expired");
                    // One of the youngest that fit into it, with a count that is new: no reason to refuse it.
                    let younger = known.range(nonce..).filter(|other| **other > nonce).count();
                    if only_forward && is_first && !expired && younger < capacity && known.contains(&nonce) {
                        prop_assert!(fresh, "refused: {:?}", (nonce, count));
                    }
                    if fresh {
                        admitted.insert((nonce, count));
                        known.insert(nonce);
                    }
                    prop_assert!(table.len() <= capacity);
                }
            }
        }
    }
}
