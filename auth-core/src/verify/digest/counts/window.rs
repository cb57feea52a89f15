//! The counts of one nonce: each once, and some late.

use super::CountAnswer;

/// How many counts below the highest are told apart, that one included.
const WIDTH: u32 = u128::BITS;

/// Which counts were used with a nonce. Those that more than 127 others can have overtaken are taken for used: 20 octets
/// know the rest (as RFC 4303 §3.4.3 does for packets).
#[derive(Clone, Copy)]
pub(super) struct Window {
    highest: u32,
    /// In octets, which need no room for alignment: bit `i` says whether `highest - i` was used.
    used: [u8; 16],
}

impl Window {
    /// The one of a nonce that was not used yet.
    pub(super) const UNUSED: Self = Self {
        highest: 0,
        // There is no count 0: it is used from the start.
        used: 1_u128.to_le_bytes(),
    };

    /// Uses a count.
    pub(super) fn record(&mut self, count: u32) -> CountAnswer {
        let used = u128::from_le_bytes(self.used);
        let (used, bit) = match count.checked_sub(self.highest) {
            Some(ahead) => (used.checked_shl(ahead).unwrap_or(0), 1),
            None => match self.highest - count {
                behind @ ..WIDTH => (used, 1 << behind),
                _ => return CountAnswer::Used,
            },
        };
        if used & bit != 0 {
            return CountAnswer::Used;
        }
        self.highest = self.highest.max(count);
        self.used = (used | bit).to_le_bytes();
        CountAnswer::Fresh
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn answers(counts: impl IntoIterator<Item = u32>) -> Vec<bool> {
        let mut window = Window::UNUSED;
        counts
            .into_iter()
            .map(|count| window.record(count) == CountAnswer::Fresh)
            .collect()
    }

    // D-10, V17
    #[test]
    fn d10_a_count_is_fresh_once() {
        assert_eq!(
            answers([1, 1, 2, 1, 2, 3]),
            [true, false, true, false, false, true]
        );
        assert_eq!(answers([0, 1, 0]), [false, true, false]);
        assert_eq!(answers([u32::MAX, u32::MAX, 1]), [true, false, false]);
    }

    // D-11
    #[test]
    fn d11_counts_may_have_gaps_and_come_late_within_the_window() {
        assert_eq!(answers([7, 3, 5, 3, 6]), [true, true, true, false, true]);
        // The first of all that may still come after 128, and one that may not after 129.
        assert_eq!(answers([128, 1, 1]), [true, true, false]);
        assert_eq!(answers([129, 1, 2, 2]), [true, false, true, false]);
        // What was used is remembered while the window moves on, up to its last place.
        assert_eq!(
            answers([1, 127, 1, 128, 1]),
            [true, true, false, true, false]
        );
        assert_eq!(answers([5, 5 + 127, 5, 6]), [true, true, false, true]);
        assert_eq!(answers([5, 5 + 128, 5, 6]), [true, true, false, true]);
        assert_eq!(
            answers([5, 5 + 129, 5, 6, 7]),
            [true, true, false, false, true]
        );
        assert_eq!(
            answers([5, 1000, 873, 872, 999]),
            [true, true, true, false, true]
        );
    }

    fn counts() -> impl Strategy<Value = Vec<u32>> {
        // Walks that stay around one place, and leaps.
        let step = prop_oneof![
            8 => -6..8_i64,
            4 => -140..140_i64,
            1 => any::<i32>().prop_map(i64::from),
        ];
        (
            prop_oneof![Just(0), 0..300_u32, any::<u32>()],
            prop::collection::vec(step, 0..400),
        )
            .prop_map(|(start, steps)| {
                let mut at = start;
                steps
                    .into_iter()
                    .map(|step| {
                        at = at.saturating_add_signed(i32::try_from(step).unwrap_or_default());
                        at
                    })
                    .collect()
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        // D-11: a set of all counts and one rule say the same.
        #[test]
        fn d11_the_window_says_what_a_plain_set_says(counts in counts()) {
            let mut window = Window::UNUSED;
            let mut seen = HashSet::from([0]);
            let mut highest = 0;
            for count in counts {
                let in_window = u64::from(count) + 128 > highest;
                let fresh = in_window && seen.insert(count);
                highest = highest.max(count.into());
                prop_assert_eq!(window.record(count) == CountAnswer::Fresh, fresh, "{}", count);
            }
        }
    }
}
