//! A-2 to A-4, V19.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    let rejected = || refused(401, "invalid_credentials", &[API_KEY_CHALLENGE]);
    vec![
        row("good key", "api_key", &[(KEY, &API_KEY)], Admitted("acme")),
        row(
            "blanks around",
            "api_key",
            &[(KEY, &format!("  {API_KEY} "))],
            Admitted("acme"),
        ),
        row(
            "unknown key",
            "api_key",
            &[(KEY, &"invalid_key_123")],
            rejected(),
        ),
        row("revoked key", "api_key", &[(KEY, &REVOKED_KEY)], rejected()),
        row(
            "key in other case",
            "api_key",
            &[(KEY, &API_KEY.to_uppercase())],
            rejected(),
        ),
        row(
            "prefix of a key",
            "api_key",
            &[(KEY, &&API_KEY[..API_KEY.len() - 1])],
            rejected(),
        ),
        row(
            "key with a blank inside",
            "api_key",
            &[(KEY, &"a b")],
            rejected(),
        ),
        row(
            "non-ASCII key",
            "api_key",
            &[(KEY, &"caf\u{e9}")],
            rejected(),
        ),
        row(
            "key in Authorization A-3",
            "named_key",
            &[(AUTH, &format!("X-API-Key {API_KEY}"))],
            missing(&[r#"X-API-Key realm="API""#]),
        ),
        row(
            "named key",
            "named_key",
            &[(KEY, &API_KEY)],
            Admitted("acme"),
        ),
        row(
            "named key, rejected",
            "named_key",
            &[(KEY, &"invalid_key_123")],
            refused(401, "invalid_credentials", &[r#"X-API-Key realm="API""#]),
        ),
        row(
            "key with the scope",
            "scoped_key",
            &[(KEY, &API_KEY)],
            Admitted("acme"),
        ),
        // A key cannot be told scopes by a challenge.
        row(
            "key without the scope H-3",
            "scoped_key",
            &[(KEY, &NARROW_KEY)],
            refused(403, "insufficient_scope", &[]),
        ),
        // DD11: everything presented is checked.
        row(
            "token and key",
            "carriers",
            &[(AUTH, &bearer(tokens::good())), (KEY, &API_KEY)],
            Admitted("ada"),
        ),
        row(
            "only the key",
            "carriers",
            &[(KEY, &API_KEY)],
            Admitted("acme"),
        ),
        row(
            "only the token",
            "carriers",
            &[(AUTH, &bearer(tokens::good()))],
            Admitted("ada"),
        ),
        row(
            "good token, bad key",
            "carriers",
            &[(AUTH, &bearer(tokens::good())), (KEY, &"bad")],
            refused(401, "invalid_credentials", &[BEARER, API_KEY_CHALLENGE]),
        ),
        row(
            "bad token, good key",
            "carriers",
            &[(AUTH, &bearer("bad")), (KEY, &API_KEY)],
            refused(
                401,
                "invalid_token",
                &[
                    r#"Bearer realm="API", error="invalid_token", error_description="Token invalid""#,
                    API_KEY_CHALLENGE,
                ],
            ),
        ),
        // A foreign scheme beside an accepted key is somebody else's.
        row(
            "foreign scheme, good key",
            "carriers",
            &[(AUTH, &basic("a:b")), (KEY, &API_KEY)],
            Admitted("acme"),
        ),
    ]
}
