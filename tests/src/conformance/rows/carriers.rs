//! What is presented, and how.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    let good = tokens::good();
    vec![
        row("public", "health", &[], Admitted("-")),
        row(
            "public with credentials",
            "health",
            &[(AUTH, &"Bearer x")],
            Admitted("-"),
        ),
        // H-1, H-2, T-1, T-11
        row("nothing", "bearer", &[], missing(&[BEARER])),
        row(
            "nothing for Basic B-1 B-2 E-1",
            "basic",
            &[],
            missing(&[BASIC]),
        ),
        row(
            "no charset B-1",
            "basic_without_charset",
            &[],
            missing(&[r#"Basic realm="Secured area""#]),
        ),
        row(
            "nothing for a key A-2",
            "api_key",
            &[],
            missing(&[API_KEY_CHALLENGE]),
        ),
        row(
            "nothing for a named key E-7",
            "named_key",
            &[],
            missing(&[r#"X-API-Key realm="API""#]),
        ),
        // H-12, N-1, N-2, E-5: a field line each, in declared order
        row(
            "nothing for either",
            "either",
            &[],
            missing(&[BEARER, r#"Basic realm="Dev zone", charset="UTF-8""#]),
        ),
        row(
            "nothing for carriers",
            "carriers",
            &[],
            missing(&[BEARER, API_KEY_CHALLENGE]),
        ),
        // E-3, DD12
        row(
            "a promised error",
            "promised",
            &[],
            missing(&[r#"Bearer realm="API", error="missing_token""#]),
        ),
        row(
            "a promised error only when missing",
            "promised",
            &[(AUTH, &"Basic eA==")],
            missing(&[BEARER]),
        ),
        row("named policy", "named_policy", &[], missing(&[BEARER])),
        row(
            "named policy met",
            "named_policy",
            &[(AUTH, &bearer(&good))],
            Admitted("-"),
        ),
        row("empty field", "bearer", &[(AUTH, &"")], missing(&[BEARER])),
        row(
            "blank field",
            "bearer",
            &[(AUTH, &"  \t ")],
            missing(&[BEARER]),
        ),
        row(
            "empty key",
            "api_key",
            &[(KEY, &"")],
            missing(&[API_KEY_CHALLENGE]),
        ),
        // H-7
        row(
            "scheme in lower case",
            "bearer",
            &[(AUTH, &format!("bearer {good}"))],
            Admitted("ada"),
        ),
        row(
            "scheme in upper case",
            "bearer",
            &[(AUTH, &format!("BEARER {good}"))],
            Admitted("ada"),
        ),
        row(
            "scheme in odd case",
            "bearer",
            &[(AUTH, &format!("bEaReR {good}"))],
            Admitted("ada"),
        ),
        row(
            "Basic in odd case",
            "basic",
            &[(
                AUTH,
                &basic("Aladdin:open sesame").replace("Basic", "bASIC"),
            )],
            Admitted("Aladdin"),
        ),
        row(
            "field name in odd case",
            "bearer",
            &[("aUTHORIZATION", &bearer(&good))],
            Admitted("ada"),
        ),
        row(
            "key field in odd case",
            "api_key",
            &[("x-api-KEY", &API_KEY)],
            Admitted("acme"),
        ),
        // H-8
        row(
            "several spaces",
            "bearer",
            &[(AUTH, &format!("Bearer    {good}"))],
            Admitted("ada"),
        ),
        row(
            "blanks behind",
            "bearer",
            &[(AUTH, &format!("Bearer {good} \t"))],
            Admitted("ada"),
        ),
        row(
            "a tab",
            "bearer",
            &[(AUTH, &format!("Bearer\t{good}"))],
            missing(&[BEARER]),
        ),
        row(
            "space and tab",
            "bearer",
            &[(AUTH, &format!("Bearer \t{good}"))],
            invalid_request(),
        ),
        // T-11
        row(
            "foreign scheme",
            "bearer",
            &[(AUTH, &basic("Aladdin:open sesame"))],
            missing(&[BEARER]),
        ),
        row(
            "unknown scheme",
            "bearer",
            &[(AUTH, &"Newauth x=y")],
            missing(&[BEARER]),
        ),
        row("no scheme", "bearer", &[(AUTH, &good)], missing(&[BEARER])),
        row(
            "not a scheme",
            "bearer",
            &[(AUTH, &"\"Bearer\" x")],
            missing(&[BEARER]),
        ),
        row(
            "a field that the policy does not name",
            "api_key",
            &[(AUTH, &"Bearer x, Basic y")],
            missing(&[API_KEY_CHALLENGE]),
        ),
        // T-3, T-8
        row(
            "Bearer alone",
            "bearer",
            &[(AUTH, &"Bearer")],
            invalid_request(),
        ),
        row(
            "Bearer and a space",
            "bearer",
            &[(AUTH, &"Bearer ")],
            invalid_request(),
        ),
        row(
            "two words",
            "bearer",
            &[(AUTH, &format!("Bearer {good} x"))],
            invalid_request(),
        ),
        row(
            "a comma",
            "bearer",
            &[(AUTH, &"Bearer a,b")],
            invalid_request(),
        ),
        row(
            "quoted token",
            "bearer",
            &[(AUTH, &"Bearer \"abc\"")],
            invalid_request(),
        ),
        row(
            "forbidden characters",
            "bearer",
            &[(AUTH, &"Bearer a!b")],
            invalid_request(),
        ),
        row(
            "padding only",
            "bearer",
            &[(AUTH, &"Bearer ==")],
            invalid_request(),
        ),
        row(
            "padding inside",
            "bearer",
            &[(AUTH, &"Bearer a=b")],
            invalid_request(),
        ),
        row(
            "non-ASCII",
            "bearer",
            &[(AUTH, &"Bearer caf\u{e9}")],
            invalid_request(),
        ),
        row(
            "octets that are no UTF-8",
            "bearer",
            &[(AUTH, &b"Bearer \xff\xfe".as_slice())],
            invalid_request(),
        ),
        // H-15, V10
        row(
            "two lines",
            "bearer",
            &[(AUTH, &bearer(&good)), (AUTH, &bearer(&good))],
            invalid_request(),
        ),
        row(
            "two lines, one empty",
            "bearer",
            &[(AUTH, &bearer(&good)), (AUTH, &"")],
            invalid_request(),
        ),
        row(
            "two lines of two schemes",
            "either",
            &[
                (AUTH, &bearer(&good)),
                (AUTH, &basic("Aladdin:open sesame")),
            ],
            refused(
                400,
                "invalid_request",
                &[
                    r#"Bearer realm="API", error="invalid_request""#,
                    r#"Basic realm="Dev zone", charset="UTF-8""#,
                ],
            ),
        ),
        row(
            "two lines for Basic",
            "basic",
            &[(AUTH, &basic("Aladdin:open sesame")), (AUTH, &basic("x:y"))],
            refused(400, "invalid_request", &[BASIC]),
        ),
        row(
            "joined",
            "bearer",
            &[(AUTH, &format!("Bearer {good}, Bearer {good}"))],
            invalid_request(),
        ),
        row(
            "joined without a space",
            "bearer",
            &[(AUTH, &format!("Bearer {good},Basic eA=="))],
            invalid_request(),
        ),
        row(
            "joined, the accepted one second",
            "bearer",
            &[(AUTH, &format!("Basic eA==, Bearer {good}"))],
            invalid_request(),
        ),
        row(
            "joined for Basic",
            "basic",
            &[(AUTH, &"Basic eA==, Basic eQ==")],
            refused(400, "invalid_request", &[BASIC]),
        ),
        // What a proxy makes of an empty line and a good one.
        row(
            "joined behind an empty line",
            "bearer",
            &[(AUTH, &format!(", Bearer {good}"))],
            invalid_request(),
        ),
        row(
            "joined with a scheme alone",
            "basic",
            &[(AUTH, &"Basic YTpi, Bearer")],
            refused(400, "invalid_request", &[BASIC]),
        ),
        row(
            "joined with a tab behind the scheme",
            "basic",
            &[(AUTH, &"Basic YTpi,Bearer\tgood")],
            refused(400, "invalid_request", &[BASIC]),
        ),
        row(
            "joined with an empty line",
            "basic",
            &[(AUTH, &format!("{},", basic("Aladdin:open sesame")))],
            refused(400, "invalid_request", &[BASIC]),
        ),
        row(
            "a comma in quotes is one",
            "bearer",
            &[(AUTH, &r#"Digest username="x, Bearer y""#)],
            missing(&[BEARER]),
        ),
        row(
            "two key fields A-4",
            "api_key",
            &[(KEY, &API_KEY), (KEY, &API_KEY)],
            refused(400, "invalid_request", &[API_KEY_CHALLENGE]),
        ),
        row(
            "joined keys",
            "api_key",
            &[(KEY, &format!("{API_KEY},{API_KEY}"))],
            refused(400, "invalid_request", &[API_KEY_CHALLENGE]),
        ),
        // V24
        row(
            "64 KiB",
            "bearer",
            &[(AUTH, &bearer("a".repeat(64 * 1024)))],
            invalid_request(),
        ),
        row(
            "64 KiB of commas",
            "bearer",
            &[(AUTH, &format!("Bearer {}", ",".repeat(64 * 1024)))],
            invalid_request(),
        ),
        row(
            "15 KiB is read",
            "bearer",
            &[(AUTH, &bearer("a".repeat(15 * 1024)))],
            invalid_token(),
        ),
        row(
            "64 KiB key",
            "api_key",
            &[(KEY, &"k".repeat(64 * 1024))],
            refused(400, "invalid_request", &[API_KEY_CHALLENGE]),
        ),
    ]
}
