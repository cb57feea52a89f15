//! What is revoked, and what is not.

use super::{ISS, NOW, Place, Revocations, token};
use crate::store::{RevocationsError, Revoked};
use crate::verify::TokenFacts;

const UNTIL: u64 = NOW + 300;

fn issued(at: Option<u64>) -> TokenFacts {
    TokenFacts {
        issued_at: at,
        ..token("1")
    }
}

#[test]
fn a_token_is_revoked_by_its_issuer_and_jti() {
    let place = Place::new();
    let revocations = place.create();
    revocations.revoke_token(ISS, "1", UNTIL).unwrap();
    assert!(revocations.knows("1"));
    assert!(!revocations.knows("2"));
    assert!(!revocations.is_token_revoked(&TokenFacts {
        issuer: "https://other.example.com".into(),
        ..token("1")
    }));
}

#[test]
fn a_token_at_hand_is_revoked_until_it_ends() {
    let place = Place::new();
    let revocations = place.create();
    let known = TokenFacts {
        expires_at: Some(UNTIL),
        ..token("1")
    };
    revocations.revoke(&known).unwrap();
    assert!(revocations.knows("1"));
    assert!(!revocations.knows("2"));
    let unnamed = TokenFacts { jti: None, ..known };
    let error = revocations.revoke(&unnamed).unwrap_err();
    assert!(matches!(error, RevocationsError::Unnamed), "{error}");
    assert_eq!(revocations.len(), 1);
}

#[test]
fn what_cannot_be_meant_is_an_error_and_takes_nothing() {
    let place = Place::new();
    let revocations = place.create();
    for (revoked, word) in [
        (Revoked::token("", "1", UNTIL), "issuer"),
        (Revoked::token(ISS, "", UNTIL), "`jti`"),
        (Revoked::token(ISS, "1", UNTIL * 1000), "milliseconds"),
        (Revoked::subject(ISS, "", NOW, UNTIL), "`sub`"),
        (Revoked::subject(ISS, "ann", UNTIL, NOW), "swapped"),
        (
            Revoked::subject(ISS, "ann", NOW * 1000, u64::MAX),
            "milliseconds",
        ),
        (Revoked::client("", "web", NOW, UNTIL), "issuer"),
    ] {
        let good = Revoked::token(ISS, "2", UNTIL);
        let error = revocations.load([good, revoked]).unwrap_err();
        assert!(error.to_string().contains(word), "{error}");
        assert_eq!(revocations.len(), 0);
    }
    // Without an end, and already over: both can be meant.
    revocations.revoke_token(ISS, "3", u64::MAX).unwrap();
    revocations.revoke_subject(ISS, "ann", NOW, NOW).unwrap();
}

#[test]
fn names_are_not_confused_v21() {
    let place = Place::new();
    let revocations = place.create();
    // Neither the name of a subject or a client for that of a token, nor the end of an issuer for the beginning of a name.
    revocations.revoke_token(ISS, "ann", UNTIL).unwrap();
    revocations.revoke_token(ISS, "web", UNTIL).unwrap();
    revocations.revoke_subject(ISS, "web", NOW, UNTIL).unwrap();
    revocations.revoke_client(ISS, "ann", NOW, UNTIL).unwrap();
    revocations.revoke_subject(ISS, "1", NOW, UNTIL).unwrap();
    let (start, end) = ISS.split_at(5);
    revocations
        .revoke_token(start, &format!("{end}1"), UNTIL)
        .unwrap();
    assert!(!revocations.knows("1"));
    assert!(revocations.knows("ann"));
}

#[test]
fn a_subject_is_revoked_up_to_a_second_and_with_it() {
    let place = Place::new();
    let revocations = place.create();
    revocations.revoke_subject(ISS, "ann", NOW, UNTIL).unwrap();
    for (at, revoked) in [
        (Some(0), true),
        (Some(NOW - 1), true),
        (Some(NOW), true),
        (Some(NOW + 1), false),
        (None, true),
    ] {
        assert_eq!(revocations.is_token_revoked(&issued(at)), revoked, "{at:?}");
    }
    let bob = TokenFacts {
        subject: Some("bob".into()),
        ..token("1")
    };
    assert!(!revocations.is_token_revoked(&bob));
    let nobody = TokenFacts {
        subject: None,
        ..token("1")
    };
    assert!(!revocations.is_token_revoked(&nobody));
}

#[test]
fn a_client_is_revoked_in_the_same_way() {
    let place = Place::new();
    let revocations = place.create();
    revocations
        .revoke_client(ISS, "web", NOW - 1, UNTIL)
        .unwrap();
    assert!(revocations.is_token_revoked(&issued(Some(NOW - 1))));
    assert!(!revocations.is_token_revoked(&issued(Some(NOW))));
}

#[test]
fn of_two_rules_for_one_subject_both_hold() {
    for order in [[0, 1], [1, 0]] {
        let place = Place::new();
        let revocations = place.create();
        let rules = [(NOW - 10, UNTIL + 1000), (NOW, UNTIL)];
        for rule in order {
            let (second, until) = rules[rule];
            revocations
                .revoke_subject(ISS, "ann", second, until)
                .unwrap();
        }
        assert_eq!(revocations.len(), 1);
        let both_hold = |revocations: &Revocations| {
            assert!(revocations.is_token_revoked(&issued(Some(NOW))));
            assert!(!revocations.is_token_revoked(&issued(Some(NOW + 1))));
        };
        both_hold(&revocations);
        both_hold(&drop_and_open(revocations, &place));
    }
}

fn drop_and_open(revocations: Revocations, place: &Place) -> Revocations {
    drop(revocations);
    place.open()
}

#[test]
fn a_token_without_jti_counts_as_revoked_unless_the_store_was_told_otherwise() {
    let unnamed = TokenFacts {
        jti: None,
        ..token("1")
    };
    assert!(Place::new().create().is_token_revoked(&unnamed));

    let place = Place::new();
    let builder = Revocations::builder().with_clock(place.clock.clone());
    let admitting = builder.admitting_tokens_without_jti();
    let revocations = admitting.create(&place.path).unwrap();
    assert!(!revocations.is_token_revoked(&unnamed));
    revocations.revoke_subject(ISS, "ann", NOW, UNTIL).unwrap();
    assert!(revocations.is_token_revoked(&unnamed));
}

#[test]
fn everything_is_there_after_it_was_opened_again() {
    let place = Place::new();
    let revocations = place.create();
    let tokens = (0..1000).map(|n| Revoked::token(ISS, n.to_string(), UNTIL));
    revocations.load(tokens).unwrap();
    revocations.revoke_subject(ISS, "bob", NOW, UNTIL).unwrap();
    let again = drop_and_open(revocations, &place);
    assert_eq!(again.len(), 1001);
    assert!((0..1000).all(|n| again.knows(&n.to_string())));
    assert!(!again.knows("1000"));
    assert!(again.is_token_revoked(&TokenFacts {
        subject: Some("bob".into()),
        ..token("1000")
    }));
}

#[test]
fn neither_the_store_nor_an_entry_prints_names() {
    let place = Place::new();
    let revocations = place.create();
    revocations.revoke_token(ISS, "name", UNTIL).unwrap();
    assert_eq!(format!("{revocations:?}"), "Revocations { len: 1, .. }");
    let entry = Revoked::subject(ISS, "name", NOW, UNTIL);
    assert_eq!(format!("{entry:?}"), "Revoked([redacted])");
}
