//! Two issuers side by side (J-2, V9, V21): each vouches for its own tokens only.

use serde_json::json;

use crate::harness::{
    ELSEWHERE, ISSUER, KEYS, PARTNER, PARTNER_KEYS, Refused, Row, attack, by, good, keys, of,
    partners,
};
use auth_tests::tokens::AUDIENCE;

const UNKNOWN: Refused = Refused::Invalid("unknown key");
const SIGNATURE: Refused = Refused::Invalid("wrong signature");
const ISSUER_WRONG: Refused = Refused::Invalid("wrong issuer");

pub fn rows() -> Vec<Row> {
    let all = [
        at_the_wrong_door(),
        at_either(),
        at_several(),
        nobodys(),
        other_audiences(),
    ];
    all.into_iter().flatten().collect()
}

fn at_the_wrong_door() -> Vec<Row> {
    let partner = &keys().partner;
    vec![
        // Not at `/orders`: what goes there is sent to `/several` too, which takes it.
        attack(
            "J-2 V9 V21",
            "the partner's token, at ours",
            partners().to("/clerks"),
            UNKNOWN,
        )
        .beside(partners().to("/partners")),
        attack(
            "J-2 V9 V21",
            "our token, at the partner's",
            good().to("/partners"),
            UNKNOWN,
        )
        .beside(good()),
        attack(
            "J-2 V9",
            "signed by the partner, by our key's name",
            partners().header("kid", "es-1"),
            SIGNATURE,
        )
        .beside(partners().to("/either")),
        attack(
            "J-2 V9",
            "signed by us for the partner",
            of(PARTNER, &keys().es),
            ISSUER_WRONG,
        )
        .beside(good().to("/either")),
        attack(
            "J-2 V9",
            "signed by the partner for us",
            of(ISSUER, partner).to("/partners"),
            ISSUER_WRONG,
        )
        .beside(partners().to("/partners")),
    ]
}

/// Where either is accepted, no token borrows one thing from the one and another from the other.
fn at_either() -> Vec<Row> {
    let partner = &keys().partner;
    let borrowed = |iss: &str, signer| of(iss, signer).to("/either");
    vec![
        attack(
            "J-2 V9",
            "either: our iss, the partner's key",
            borrowed(ISSUER, partner),
            UNKNOWN,
        )
        .asking(&[KEYS])
        .beside(borrowed(PARTNER, partner)),
        attack(
            "J-2 V9",
            "either: the partner's iss, our key",
            borrowed(PARTNER, &keys().es),
            ISSUER_WRONG,
        )
        .asking(&[PARTNER_KEYS])
        .beside(borrowed(ISSUER, &keys().es)),
        attack(
            "J-2 V9 V6",
            "either: both for iss",
            good().claim("iss", json!([ISSUER, PARTNER])).to("/either"),
            Refused::Invalid("iss is not a string"),
        )
        .beside(good().to("/either")),
        attack(
            "J-2 V9",
            "either: no iss",
            good().without("iss").to("/either"),
            Refused::Invalid("no issuer"),
        )
        .beside(partners().to("/either")),
        attack(
            "J-18 V5 V9",
            "either: a new key of ours",
            good().header("kid", "new").to("/either"),
            UNKNOWN,
        )
        .asking(&[KEYS])
        .beside(good().to("/either")),
        attack(
            "J-18 V5 V9",
            "either: a new key of the partner",
            partners().header("kid", "new").to("/either"),
            UNKNOWN,
        )
        .asking(&[PARTNER_KEYS])
        .beside(partners().to("/either")),
    ]
}

/// One verifier for both, that goes by the `iss`.
fn at_several() -> Vec<Row> {
    let partner = &keys().partner;
    let borrowed = |iss: &str, signer| of(iss, signer).to("/several");
    let honest = || partners().to("/several");
    let nobody = Refused::Invalid("unknown issuer");
    let mut rows = vec![
        attack(
            "J-2 V9",
            "several: our iss, the partner's key",
            borrowed(ISSUER, partner),
            UNKNOWN,
        )
        .asking(&[KEYS])
        .beside(honest()),
        attack(
            "J-2 V9",
            "several: the partner's iss, our key",
            borrowed(PARTNER, &keys().es),
            UNKNOWN,
        )
        .asking(&[PARTNER_KEYS])
        .beside(good().to("/several")),
        attack(
            "J-2 V9",
            "several: the partner's iss, our key by their name",
            of(PARTNER, &keys().es)
                .header("kid", "partner-1")
                .to("/several"),
            SIGNATURE,
        )
        .beside(honest()),
        attack(
            "J-2 V9 V6",
            "several: both for iss",
            good().claim("iss", json!([ISSUER, PARTNER])).to("/several"),
            nobody,
        )
        .beside(honest()),
        attack(
            "J-2 V9",
            "several: no iss",
            good().without("iss").to("/several"),
            nobody,
        )
        .beside(honest()),
        attack(
            "J-11 V9",
            "several: one iss behind the other",
            good()
                .claim_first("iss", r#""https://partner.example""#)
                .to("/several"),
            nobody,
        )
        .beside(honest()),
        attack(
            "J-19 V9",
            "several: no JSON",
            good().payload(ISSUER).to("/several"),
            nobody,
        )
        .beside(honest()),
        attack(
            "J-3 V9",
            "several: the partner's token, for elsewhere",
            partners().claim("aud", ELSEWHERE).to("/several"),
            Refused::Invalid("wrong audience"),
        )
        .beside(honest()),
    ];
    for iss in NOBODY {
        // Known keys, and right signatures.
        for signer in [&keys().es, partner] {
            let name = format!("several: {} for {iss:?}", signer.kid());
            rows.push(attack("J-2 V9", name, borrowed(iss, signer), nobody).beside(honest()));
        }
        for stranger in &keys().strangers {
            let token = of(iss, stranger).header("kid", "theirs").to("/several");
            let name = format!("several: {} of {iss:?}", stranger.alg());
            rows.push(attack("J-2 V5 V9", name, token, nobody).beside(honest()));
        }
    }
    rows
}

const NOBODY: [&str; 7] = [
    "https://attacker.example",
    "https://issuer.example/",
    "https://ISSUER.example",
    "file:///etc",
    "",
    "https://localhost/issuer",
    "https://issuer.example\u{0}",
];

/// An unknown issuer is asked nothing, and nobody is asked about it.
fn nobodys() -> Vec<Row> {
    let mut rows = Vec::new();
    for iss in NOBODY {
        for target in ["/orders", "/partners", "/either", "/relaxed"] {
            for stranger in &keys().strangers {
                let unknown = of(iss, stranger).header("kid", "theirs").to(target);
                let row = attack(
                    "J-2 V5 V9",
                    format!("{target}: {} of {iss:?}", stranger.alg()),
                    unknown,
                    UNKNOWN,
                );
                let honest = if target == "/partners" {
                    partners()
                } else {
                    good()
                };
                rows.push(row.beside(honest.to(target)));
            }
        }
    }
    rows
}

fn other_audiences() -> Vec<Row> {
    let wrong = Refused::Invalid("wrong audience");
    let both = || good().claim("aud", json!([AUDIENCE, ELSEWHERE]));
    let theirs = || by(&keys().ed).claim("aud", ELSEWHERE);
    vec![
        attack(
            "J-3 V21",
            "our audience, elsewhere",
            good().to("/elsewhere"),
            wrong,
        )
        .beside(both().to("/elsewhere")),
        attack("J-3 V21", "elsewhere's audience, here", theirs(), wrong)
            .beside(theirs().to("/elsewhere")),
    ]
}
