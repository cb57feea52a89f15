//! Several credentials at once: what is missing is asked for, and nothing that held.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    let good = bearer(tokens::good());
    let rejected = &[
        r#"Bearer realm="API", error="invalid_token", error_description="Token invalid""#,
        API_KEY_CHALLENGE,
    ];
    let both =
        |name, fields: &[(_, &dyn AsRef<[u8]>)], expected| row(name, "both", fields, expected);
    vec![
        both("nothing of two", &[], missing(&[BEARER, API_KEY_CHALLENGE])),
        both(
            "a token without a key",
            &[(AUTH, &good)],
            missing(&[API_KEY_CHALLENGE]),
        ),
        both(
            "a key without a token",
            &[(KEY, &API_KEY)],
            missing(&[BEARER]),
        ),
        both(
            "a foreign scheme and a key T-11",
            &[(AUTH, &basic("a:b")), (KEY, &API_KEY)],
            missing(&[BEARER]),
        ),
        both(
            "both",
            &[(AUTH, &good), (KEY, &API_KEY)],
            Admitted("ada of acme"),
        ),
        both(
            "a wrong token without a key",
            &[(AUTH, &"Bearer x")],
            refused(401, "invalid_token", rejected),
        ),
        both(
            "a wrong token and a key",
            &[(AUTH, &"Bearer x"), (KEY, &API_KEY)],
            refused(401, "invalid_token", &rejected[..1]),
        ),
        both(
            "a token and a wrong key",
            &[(AUTH, &good), (KEY, &REVOKED_KEY)],
            refused(401, "invalid_credentials", &[API_KEY_CHALLENGE]),
        ),
        both(
            "the first failure is told",
            &[(AUTH, &"Bearer x"), (KEY, &REVOKED_KEY)],
            refused(401, "invalid_token", &rejected[..1]),
        ),
        // DD5, V9
        row(
            "the first issuer",
            "two_issuers",
            &[(AUTH, &good)],
            Admitted("ada"),
        ),
        row(
            "one challenge for both",
            "two_issuers",
            &[],
            missing(&[BEARER]),
        ),
        row(
            "nobody\u{2019}s token",
            "two_issuers",
            &[(AUTH, &"Bearer x")],
            invalid_token(),
        ),
        row(
            "who cannot answer has not refused",
            "two_issuers",
            &[(AUTH, &"Bearer down")],
            refused(503, "temporarily_unavailable", &[]),
        ),
    ]
}
