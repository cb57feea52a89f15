//! Whatever is done in whatever order: nothing is forgotten before its time, and nothing is kept after a purge.

use std::collections::HashMap;

use proptest::prelude::*;

use super::image::Image;
use super::{GRACE, ISS, NOW, token};
use crate::clock::Clock;
use crate::verify::TokenFacts;

#[derive(Clone, Debug)]
enum Do {
    Token(u8, u16),
    Subject(u8, u8, u16),
    Wait(u16),
    Purge,
    Reopen,
}

fn anything() -> impl Strategy<Value = Do> {
    prop_oneof![
        4 => (0..12_u8, 0..600_u16).prop_map(|(jti, lasts)| Do::Token(jti, lasts)),
        3 => (0..4_u8, any::<u8>(), 0..600_u16).prop_map(|(who, up_to, lasts)| Do::Subject(who, up_to, lasts)),
        3 => (0..400_u16).prop_map(Do::Wait),
        1 => Just(Do::Purge),
        1 => Just(Do::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_forgotten_before_its_time(steps in prop::collection::vec(anything(), 1..40)) {
        let (clock, hand) = Clock::manual(NOW);
        let image = Image::default();
        let mut revocations = image.create(&clock);
        // When each ends.
        let mut tokens: HashMap<u8, u64> = HashMap::new();
        let mut subjects: HashMap<u8, Vec<(u64, u64)>> = HashMap::new();
        let mut now = NOW;
        for step in steps {
            match step {
                Do::Token(jti, lasts) => {
                    let exp = now + u64::from(lasts);
                    revocations.revoke_token(ISS, &jti.to_string(), exp).unwrap();
                    let end = tokens.entry(jti).or_default();
                    *end = exp.max(*end);
                }
                Do::Subject(who, up_to, lasts) => {
                    let second = NOW + u64::from(up_to);
                    let until = second.max(now + u64::from(lasts));
                    revocations.revoke_subject(ISS, &who.to_string(), second, until).unwrap();
                    subjects.entry(who).or_default().push((second, until));
                }
                Do::Wait(seconds) => {
                    now += u64::from(seconds);
                    hand.set(now);
                }
                Do::Purge => {
                    revocations.purge().unwrap();
                    let live = tokens.values().filter(|end| **end + GRACE > now).count()
                        + subjects.values().filter(|rules| rules.iter().any(|(_, end)| end + GRACE > now)).count();
                    prop_assert_eq!(revocations.len(), live);
                }
                Do::Reopen => {
                    drop(revocations);
                    revocations = image.open(&clock).unwrap();
                }
            }
            for (jti, end) in &tokens {
                if *end + GRACE > now {
                    prop_assert!(revocations.knows(&jti.to_string()), "{}", jti);
                }
            }
            for (who, rules) in &subjects {
                for (second, end) in rules {
                    if end + GRACE > now {
                        let token = TokenFacts {
                            subject: Some(who.to_string().into()),
                            issued_at: Some(*second),
                            ..token("another")
                        };
                        prop_assert!(revocations.is_token_revoked(&token), "{}", who);
                    }
                }
            }
            prop_assert!(!revocations.knows("another"));
        }
    }
}
