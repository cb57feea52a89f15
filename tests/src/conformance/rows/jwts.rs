//! J-1 to J-14, T-7 to T-10, V1 to V8.

use super::*;

pub(super) fn rows() -> Vec<Row> {
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
