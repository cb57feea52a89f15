//! One table of requests and answers, for every server and for verifiers that answer at once or await.
//!
//! Each row names the requirements that it proves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines,
    missing_docs,
    reason = "tests"
)]

use auth_tests::app::{API_KEY, App, NARROW_KEY, Pace, REVOKED_KEY};
use auth_tests::request::post;
use auth_tests::servers;
use auth_tests::tokens::{self, NOW, PAST};
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use serde_json::{Value, json};

/// A request and its answer.
struct Row {
    name: &'static str,
    handler: &'static str,
    fields: Vec<(&'static str, Vec<u8>)>,
    expected: Expected,
}

enum Expected {
    /// The handler ran, for this caller.
    Admitted(&'static str),
    /// The handler did not run, and the request body was not read.
    Refused {
        status: u16,
        error: &'static str,
        challenges: &'static [&'static str],
    },
}

use Expected::{Admitted, Refused};

const BEARER: &str = r#"Bearer realm="API""#;
const BASIC: &str = r#"Basic realm="Secured area", charset="UTF-8""#;
const API_KEY_CHALLENGE: &str = r#"ApiKey realm="API", in="header", name="X-API-Key""#;

fn row(
    name: &'static str,
    handler: &'static str,
    fields: &[(&'static str, &dyn AsRef<[u8]>)],
    expected: Expected,
) -> Row {
    let fields = fields
        .iter()
        .map(|(name, value)| (*name, value.as_ref().to_vec()))
        .collect();
    Row {
        name,
        handler,
        fields,
        expected,
    }
}

fn refused(status: u16, error: &'static str, challenges: &'static [&'static str]) -> Expected {
    Refused {
        status,
        error,
        challenges,
    }
}

/// 401 `authentication_required` with the plain challenge.
fn missing(challenges: &'static [&'static str]) -> Expected {
    refused(401, "authentication_required", challenges)
}

fn invalid_request() -> Expected {
    refused(
        400,
        "invalid_request",
        &[r#"Bearer realm="API", error="invalid_request""#],
    )
}

fn invalid_token() -> Expected {
    refused(
        401,
        "invalid_token",
        &[r#"Bearer realm="API", error="invalid_token", error_description="Token invalid""#],
    )
}

fn basic(pair: impl AsRef<[u8]>) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

fn bearer(token: impl std::fmt::Display) -> String {
    format!("Bearer {token}")
}

const AUTH: &str = "Authorization";
const KEY: &str = "X-API-Key";

/// What is presented, and how.
fn carriers() -> Vec<Row> {
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

/// B-3 to B-10, E-6
fn passwords() -> Vec<Row> {
    let malformed = || refused(401, "invalid_credentials", &[BASIC]);
    let wrong = malformed;
    vec![
        row(
            "RFC 7617 example B-10",
            "basic",
            &[(AUTH, &"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")],
            Admitted("Aladdin"),
        ),
        row(
            "wrong password H-21",
            "basic",
            &[(AUTH, &basic("Aladdin:wrong"))],
            wrong(),
        ),
        row(
            "unknown user H-21",
            "basic",
            &[(AUTH, &basic("nobody:open sesame"))],
            wrong(),
        ),
        row(
            "user in other case",
            "basic",
            &[(AUTH, &basic("aladdin:open sesame"))],
            wrong(),
        ),
        row(
            "empty password B-6",
            "basic",
            &[(AUTH, &basic("Aladdin:"))],
            wrong(),
        ),
        row(
            "empty user B-6",
            "basic",
            &[(AUTH, &basic(":open sesame"))],
            wrong(),
        ),
        row(
            "more colons belong to the password B-4",
            "basic",
            &[(AUTH, &basic("Aladdin:open sesame:"))],
            wrong(),
        ),
        row(
            "no colon B-4",
            "basic",
            &[(AUTH, &basic("Aladdin"))],
            malformed(),
        ),
        row(
            "nothing behind B-8",
            "basic",
            &[(AUTH, &"Basic")],
            malformed(),
        ),
        row(
            "NUL and junk B-5",
            "basic",
            &[(AUTH, &basic("Aladdin:open sesame\0junk"))],
            malformed(),
        ),
        row(
            "line feed B-5 E-6",
            "basic",
            &[(
                AUTH,
                &"Basic d2VsbCBkb25lOnlvdSBmb3VuZCB0aGUgZWFzdGVyIGVnZwo=",
            )],
            malformed(),
        ),
        row(
            "DEL B-5",
            "basic",
            &[(AUTH, &basic("Aladdin:\u{7f}"))],
            malformed(),
        ),
        row(
            "invalid UTF-8 B-7",
            "basic",
            &[(AUTH, &basic(b"Aladdin:\xff"))],
            malformed(),
        ),
        row(
            "UTF-8 B-7",
            "basic",
            &[(AUTH, &"Basic dGVzdDoxMjPCow==")],
            wrong(),
        ),
        row(
            "unpadded B-9",
            "basic",
            &[(AUTH, &"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ")],
            malformed(),
        ),
        row(
            "base64url B-3",
            "basic",
            &[(AUTH, &"Basic QWxh_GRpbjpv-GVuIHNlc2FtZQ==")],
            malformed(),
        ),
        row(
            "white space B-3",
            "basic",
            &[(AUTH, &"Basic QWxh ZGRpbjpvcGVuIHNlc2FtZQ==")],
            malformed(),
        ),
        row(
            "trailing bits B-3",
            "basic",
            &[(AUTH, &"Basic QWxhZGRpbjpvcGVuIHNlc2FtZR==")],
            malformed(),
        ),
        row(
            "colon in the clear B-3",
            "basic",
            &[(AUTH, &"Basic Aladdin:open")],
            malformed(),
        ),
        row(
            "parameters B-3",
            "basic",
            &[(AUTH, &"Basic user=\"Aladdin\"")],
            malformed(),
        ),
    ]
}

/// A-2 to A-4, V19
fn keys() -> Vec<Row> {
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

/// J-1 to J-14, T-7 to T-10, V1 to V8
fn jwts() -> Vec<Row> {
    let header = tokens::header;
    let header_but = tokens::header_but;
    let claims_but = tokens::claims_but;
    let point = tokens::es256_point();
    let jwk = tokens::es256_jwk();
    let good = tokens::good();
    let claims = tokens::claims().to_string();
    let mut rows = vec![
        row(
            "good HS256",
            "bearer",
            &[(AUTH, &bearer(&good))],
            Admitted("ada"),
        ),
        row(
            "good ES256",
            "bearer",
            &[(
                AUTH,
                &bearer(tokens::es256(
                    r#"{"alg":"ES256","typ":"at+jwt","kid":"es"}"#,
                    &claims,
                )),
            )],
            Admitted("ada"),
        ),
        row(
            "media type as typ J-1",
            "bearer",
            &[(
                AUTH,
                &bearer(tokens::headed(&header_but(
                    "typ",
                    json!("Application/AT+JWT"),
                ))),
            )],
            Admitted("ada"),
        ),
        row(
            "expired J-4",
            "bearer",
            &[(AUTH, &bearer(tokens::of(&claims_but("exp", json!(PAST)))))],
            refused(
                401,
                "token_expired",
                &[
                    r#"Bearer realm="API", error="invalid_token", error_description="Token expired""#,
                ],
            ),
        ),
        row(
            "scope short T-10",
            "scoped",
            &[(AUTH, &bearer(&good))],
            refused(
                403,
                "insufficient_scope",
                &[
                    r#"Bearer realm="API", scope="orders:read orders:write", error="insufficient_scope""#,
                ],
            ),
        ),
        row(
            "scope met, unordered T-15",
            "scoped",
            &[(
                AUTH,
                &bearer(tokens::of(&claims_but(
                    "scope",
                    json!("x orders:write orders:read"),
                ))),
            )],
            Admitted("ada"),
        ),
        row(
            "scope in other case T-15",
            "scoped",
            &[(
                AUTH,
                &bearer(tokens::of(&claims_but(
                    "scope",
                    json!("orders:write ORDERS:READ"),
                ))),
            )],
            refused(
                403,
                "insufficient_scope",
                &[
                    r#"Bearer realm="API", scope="orders:read orders:write", error="insufficient_scope""#,
                ],
            ),
        ),
        row(
            "audience in an array J-3",
            "bearer",
            &[(
                AUTH,
                &bearer(tokens::of(&claims_but(
                    "aud",
                    json!(["x", tokens::AUDIENCE]),
                ))),
            )],
            Admitted("ada"),
        ),
        // P-12: the scheme that was used tells the error, the other stays plain.
        row(
            "invalid token on either",
            "either",
            &[(AUTH, &bearer("x"))],
            refused(
                401,
                "invalid_token",
                &[
                    r#"Bearer realm="API", error="invalid_token", error_description="Token invalid""#,
                    r#"Basic realm="Dev zone", charset="UTF-8""#,
                ],
            ),
        ),
        row(
            "wrong password on either",
            "either",
            &[(AUTH, &basic("Aladdin:x"))],
            refused(
                401,
                "invalid_credentials",
                &[BEARER, r#"Basic realm="Dev zone", charset="UTF-8""#],
            ),
        ),
        row(
            "token on either",
            "either",
            &[(AUTH, &bearer(&good))],
            Admitted("ada"),
        ),
        row(
            "password on either",
            "either",
            &[(AUTH, &basic("Aladdin:open sesame"))],
            Admitted("Aladdin"),
        ),
    ];
    let (head, rest) = good.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    let invalid: Vec<(&'static str, String)> = vec![
        ("not a JWT", "abc".into()),
        ("two segments J-12", format!("{head}.{body}")),
        ("four segments J-12", format!("{good}.x")),
        ("empty signature V2", format!("{head}.{body}.")),
        ("not yet valid J-4", tokens::of(&claims_but("nbf", json!(NOW + 3600)))),
        ("wrong key", tokens::hmac(b"another secret of 32 octets .....", &header().to_string(), &claims)),
        ("wrong issuer J-2", tokens::of(&claims_but("iss", json!("https://issuer.example/")))),
        ("issuer in an array V6", tokens::of(&claims_but("iss", json!([tokens::ISSUER])))),
        ("wrong audience J-3", tokens::of(&claims_but("aud", json!("https://api.example.evil")))),
        ("audience prefix J-3", tokens::of(&claims_but("aud", json!("https://api.exampl")))),
        ("empty audience J-3", tokens::of(&claims_but("aud", json!([])))),
        ("audience of numbers V6", tokens::of(&claims_but("aud", json!([1])))),
        ("exp as a string V6", tokens::of(&claims_but("exp", json!((NOW + 60).to_string())))),
        ("exp null V6", tokens::of(&claims_but("exp", Value::Null))),
        ("exp negative V6", tokens::of(&claims_but("exp", json!(-1)))),
        ("nbf as a string V6", tokens::of(&claims_but("nbf", json!("0")))),
        ("exp of 1e400 J-19", tokens::hs256(&header().to_string(), &claims.replace(&(NOW + 3600).to_string(), "1e400"))),
        ("duplicate claim J-11", tokens::hs256(&header().to_string(), &claims.replacen('{', r#"{"sub":"eve","#, 1))),
        ("duplicate header J-11", tokens::hs256(r#"{"alg":"HS256","alg":"HS256","typ":"at+jwt"}"#, &claims)),
        ("claims in an array J-19", tokens::hs256(&header().to_string(), &format!("[{claims}]"))),
        ("ID token V7", tokens::headed(&header_but("typ", json!("JWT")))),
        ("typ missing J-1", tokens::headed(&header_but("typ", Value::Null))),
        ("crit J-9 V8", tokens::headed(&header_but("crit", json!(["x"])))),
        ("empty crit J-9", tokens::headed(&header_but("crit", json!([])))),
        ("b64 false J-9", tokens::headed(&header_but("b64", json!(false)))),
        ("alg not allowed J-6", tokens::headed(&header_but("alg", json!("HS384")))),
        ("unknown kid J-7", tokens::headed(&header_but("kid", json!("../../etc/passwd")))),
        ("embedded key V3", tokens::es256(&json!({"alg": "HS256", "typ": "at+jwt", "jwk": serde_json::from_str::<Value>(&jwk).unwrap()}).to_string(), &claims)),
        ("key of the other algorithm", tokens::es256(r#"{"alg":"ES256","typ":"at+jwt","kid":"hs"}"#, &claims)),
        ("HMAC with the public point V1", tokens::hmac(point, r#"{"alg":"HS256","typ":"at+jwt","kid":"es"}"#, &claims)),
        ("HMAC with the public point, no kid V1", tokens::hmac(point, r#"{"alg":"HS256","typ":"at+jwt"}"#, &claims)),
        ("HMAC with the public JWK V1", tokens::hmac(jwk.as_bytes(), r#"{"alg":"HS256","typ":"at+jwt"}"#, &claims)),
        ("changed body", format!("{head}.{}.{signature}", tokens::encoded(claims.replace("ada", "eve")))),
    ];
    for (name, token) in invalid {
        rows.push(row(
            name,
            "bearer",
            &[(AUTH, &bearer(token))],
            invalid_token(),
        ));
    }
    for alg in ["none", "None", "nOnE", "NONE", ""] {
        let unsigned = format!(
            "{}.{body}.",
            tokens::encoded(json!({"alg": alg, "typ": "at+jwt"}).to_string())
        );
        rows.push(row(
            "alg none V2",
            "bearer",
            &[(AUTH, &bearer(&unsigned))],
            invalid_token(),
        ));
        rows.push(row(
            "alg none with a signature V2",
            "bearer",
            &[(AUTH, &bearer(format!("{unsigned}{signature}")))],
            invalid_token(),
        ));
    }
    // RFC 6750 §2.1: padding ends a b64token, so this is not one.
    rows.push(row(
        "padded segments J-10",
        "bearer",
        &[(AUTH, &bearer(format!("{head}=.{body}.{signature}")))],
        invalid_request(),
    ));
    // J-10: the last character of the signature carries bits that must be zero.
    let sloppy = format!("{head}.{body}.{}", with_trailing_bits(signature));
    rows.push(row(
        "non-canonical base64url J-10",
        "bearer",
        &[(AUTH, &bearer(sloppy))],
        invalid_token(),
    ));
    rows
}

/// The same octets, with a bit set that the decoder must refuse.
fn with_trailing_bits(segment: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (start, last) = segment.split_at(segment.len() - 1);
    let value = ALPHABET.find(last).unwrap();
    assert_eq!(value % 4, 0, "32 octets leave two bits");
    format!("{start}{}", &ALPHABET[value + 1..value + 2])
}

/// Optional policies, and what verifiers of the user can say.
fn policies() -> Vec<Row> {
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

/// Several credentials at once: what is missing is asked for, and nothing that held.
fn several() -> Vec<Row> {
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

/// Cookies, and what good credentials can lack: role, strength, age, transport, permission.
fn demands() -> Vec<Row> {
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

async fn run(rows: Vec<Row>) {
    assert!(!rows.is_empty());
    for pace in [Pace::AtOnce, Pace::Awaiting] {
        let app = App::new(pace);
        for server in servers::all(&app) {
            for row in &rows {
                let fields: Vec<(&str, &[u8])> = row
                    .fields
                    .iter()
                    .map(|(name, value)| (*name, value.as_slice()))
                    .collect();
                let (request, polled) =
                    post(&format!("/{}", row.handler), &fields, "{malformed json");
                let answer = server.answer(request).await;
                let place = format!("{} ({:?}) row «{}»", server.name, pace, row.name);
                check(&row.expected, answer, polled.get(), row, &place).await;
            }
        }
    }
}

async fn check(expected: &Expected, answer: Response<Body>, polled: bool, row: &Row, place: &str) {
    let (head, body) = answer.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let challenges: Vec<&str> = head
        .headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect();
    match expected {
        Admitted(name) => {
            assert_eq!(head.status, 200, "{place}: {body}");
            assert_eq!(
                body,
                format!("{}: {name}: {{malformed json", row.handler),
                "{place}"
            );
            assert!(polled, "{place}: the handler reads the body");
            assert!(challenges.is_empty(), "{place}");
        }
        Refused {
            status,
            error,
            challenges: wanted,
        } => {
            assert_eq!(head.status, *status, "{place}: {body}");
            assert_eq!(challenges, *wanted, "{place}");
            assert!(
                !head.headers.contains_key("x-handler"),
                "{place}: the handler ran"
            );
            // V13
            assert!(
                !polled,
                "{place}: the body was read before the guard had passed"
            );
            // H-16
            assert_eq!(head.headers[CACHE_CONTROL], "no-store", "{place}");
            assert_eq!(head.headers[CONTENT_TYPE], "application/json", "{place}");
            let json: Value =
                serde_json::from_str(&body).unwrap_or_else(|_| panic!("{place}: {body}"));
            assert_eq!(json["error"], *error, "{place}: {body}");
            assert!(
                json["message"].is_string() && json.as_object().unwrap().len() == 2,
                "{place}"
            );
            assert_eq!(
                head.headers.contains_key("retry-after"),
                matches!(status, 429 | 503),
                "{place}"
            );
            if let Some(after) = head.headers.get("retry-after") {
                // 1.5 s, rounded up
                assert_eq!(after, "2", "{place}");
            }
            // V25
            assert!(*status != 401 || !challenges.is_empty(), "{place}");
            // V28, T-16: nothing of the request comes back.
            for (_, value) in &row.fields {
                let value = String::from_utf8_lossy(value);
                for word in value.split([' ', ',']).filter(|word| word.len() > 12) {
                    assert!(!body.contains(word), "{place}: {body} repeats {word}");
                }
            }
            assert!(
                !body.contains("10.0.0.1") && !body.contains("key file"),
                "{place}: {body}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_presented_and_how() {
    run(carriers()).await;
}

#[tokio::test]
async fn passwords_b() {
    run(passwords()).await;
}

#[tokio::test]
async fn keys_a() {
    run(keys()).await;
}

#[tokio::test]
async fn jwts_j() {
    run(jwts()).await;
}

#[tokio::test]
async fn policies_and_causes() {
    run(policies()).await;
}

#[tokio::test]
async fn several_at_once() {
    run(several()).await;
}

#[tokio::test]
async fn demands_and_carriers() {
    run(demands()).await;
}
