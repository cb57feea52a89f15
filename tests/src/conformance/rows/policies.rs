//! Optional policies, and what verifiers of the user can say.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    let failing = |status, error, challenges| refused(status, error, challenges);
    vec![
        row("nobody", "optional", &[], Admitted("nobody")),
        row(
            "somebody",
            "optional",
            &[(AUTH, &bearer(tokens::good()))],
            Admitted("ada"),
        ),
        row(
            "empty is nobody",
            "optional",
            &[(AUTH, &"")],
            Admitted("nobody"),
        ),
        row(
            "wrong is refused, never nobody",
            "optional",
            &[(AUTH, &bearer("x"))],
            invalid_token(),
        ),
        row(
            "malformed is refused, never nobody",
            "optional",
            &[(AUTH, &"Bearer a b")],
            invalid_request(),
        ),
        row(
            "twice is refused, never nobody",
            "optional",
            &[(AUTH, &"Bearer a"), (AUTH, &"")],
            invalid_request(),
        ),
        row(
            "unreadable is refused, never nobody",
            "optional",
            &[(AUTH, &"\"Bearer\" x")],
            missing(&[BEARER]),
        ),
        row(
            "foreign is refused, never nobody",
            "optional",
            &[(AUTH, &basic("a:b"))],
            missing(&[BEARER]),
        ),
        row(
            "revoked",
            "failing",
            &[(AUTH, &"Bearer revoked")],
            failing(
                401,
                "token_revoked",
                &[
                    r#"Bearer realm="API", error="invalid_token", error_description="Token revoked""#,
                ],
            ),
        ),
        row(
            "expired without a time",
            "failing",
            &[(AUTH, &"Bearer expired")],
            failing(
                401,
                "token_expired",
                &[
                    r#"Bearer realm="API", error="invalid_token", error_description="Token expired""#,
                ],
            ),
        ),
        row(
            "rejected",
            "failing",
            &[(AUTH, &"Bearer anything")],
            invalid_token(),
        ),
        row(
            "forbidden H-3",
            "failing",
            &[(AUTH, &"Bearer forbidden")],
            failing(403, "forbidden", &[]),
        ),
        row(
            "too many",
            "failing",
            &[(AUTH, &"Bearer many")],
            failing(429, "too_many_requests", &[]),
        ),
        row(
            "down",
            "failing",
            &[(AUTH, &"Bearer down")],
            failing(503, "temporarily_unavailable", &[]),
        ),
        row(
            "not configured",
            "failing",
            &[(AUTH, &"Bearer unconfigured")],
            failing(500, "server_error", &[]),
        ),
    ]
}
