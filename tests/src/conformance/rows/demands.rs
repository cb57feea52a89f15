//! Cookies, and what good credentials can lack: role, strength, age, transport, permission.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    use tokens::claims_but;

    let good = tokens::good();
    let session = |value: &str| format!("a=b; session={value}; c=d");
    let with = |name: &str, value: Value| bearer(tokens::of(&claims_but(name, value)));
    let authenticated = |acr: &str, age: u64| {
        let mut claims = claims_but("acr", json!(acr));
        claims["auth_time"] = json!(NOW - age);
        bearer(tokens::of(&claims))
    };
    let forbidden = || refused(403, "forbidden", &[]);
    let too_weak = || {
        let challenge = &[
            r#"Bearer realm="API", error="insufficient_user_authentication", acr_values="hwk mfa", max_age="300""#,
        ];
        refused(401, "insufficient_user_authentication", challenge)
    };
    let over = "X-Forwarded-Proto";
    vec![
        row(
            "no cookie",
            "session",
            &[("Cookie", &"a=b")],
            missing(&[BEARER]),
        ),
        row(
            "empty cookie V19",
            "session",
            &[("Cookie", &session(""))],
            missing(&[BEARER]),
        ),
        row(
            "quoted and empty V19",
            "session",
            &[("Cookie", &session("\"\""))],
            missing(&[BEARER]),
        ),
        row(
            "a token is no cookie",
            "session",
            &[(AUTH, &bearer(&good))],
            missing(&[BEARER]),
        ),
        row(
            "cookie",
            "session",
            &[("Cookie", &session(&good))],
            Admitted("ada"),
        ),
        row(
            "wrong cookie",
            "session",
            &[("Cookie", &session("x"))],
            invalid_token(),
        ),
        row(
            "two cookies V10",
            "session",
            &[("Cookie", &session(&good)), ("Cookie", &session(&good))],
            invalid_request(),
        ),
        // C-4, H-3
        row(
            "role",
            "clerks",
            &[(AUTH, &with("roles", json!(["admin"])))],
            Admitted("ada"),
        ),
        row("no role", "clerks", &[(AUTH, &bearer(&good))], forbidden()),
        row(
            "another role",
            "clerks",
            &[(AUTH, &with("roles", json!(["Clerk"])))],
            forbidden(),
        ),
        row(
            "a scope is no role",
            "clerks",
            &[(AUTH, &with("scope", json!("clerk")))],
            forbidden(),
        ),
        // S-1 to S-3
        row(
            "strong and recent",
            "stepped_up",
            &[(AUTH, &authenticated("mfa", 300))],
            Admitted("ada"),
        ),
        row(
            "not known how",
            "stepped_up",
            &[(AUTH, &bearer(&good))],
            too_weak(),
        ),
        row(
            "too weak",
            "stepped_up",
            &[(AUTH, &authenticated("pwd", 1))],
            too_weak(),
        ),
        row(
            "too old",
            "stepped_up",
            &[(AUTH, &authenticated("hwk", 301))],
            too_weak(),
        ),
        row("nobody to step up", "stepped_up", &[], missing(&[BEARER])),
        // H-20
        row(
            "over TLS",
            "secure",
            &[(AUTH, &bearer(&good)), (over, &"https")],
            Admitted("ada"),
        ),
        row(
            "nobody over TLS",
            "secure",
            &[(over, &"https")],
            missing(&[BEARER]),
        ),
        row(
            "not over TLS",
            "secure",
            &[(AUTH, &bearer(&good)), (over, &"http")],
            refused(403, "secure_transport_required", &[]),
        ),
        row(
            "not over TLS, nobody",
            "secure",
            &[],
            refused(403, "secure_transport_required", &[]),
        ),
        // DD10
        row(
            "permitted",
            "permitted",
            &[(AUTH, &bearer(&good))],
            Admitted("ada"),
        ),
        row("nobody to permit", "permitted", &[], missing(&[BEARER])),
        row(
            "rejected before",
            "permitted",
            &[(AUTH, &"Bearer x")],
            invalid_token(),
        ),
        row(
            "not permitted",
            "permitted",
            &[(AUTH, &with("sub", json!("eve")))],
            forbidden(),
        ),
    ]
}
