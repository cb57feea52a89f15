//! How refusals look: a setting of the application (X-1 to X-4, V25).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use auth_core::{Body, BodyFormat, Cause, Settings};
use auth_tests::app::{App, Pace};
use auth_tests::request::post;
use auth_tests::servers;
use auth_tests::tokens;
use bytes::Bytes;
use http::{HeaderValue, Response};
use serde_json::{Value, json};

/// The answers of all servers with this format.
async fn answers(
    format: BodyFormat,
    handler: &str,
    fields: &[(&str, &[u8])],
) -> Vec<(Response<()>, String)> {
    let app = App::with_settings(Pace::AtOnce, Settings::new().with_body_format(format));
    let mut answers = Vec::new();
    for server in servers::all(&app) {
        let (request, _) = post(&format!("/{handler}"), fields, "");
        let (head, body) = server.answer(request).await.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        answers.push((
            Response::from_parts(head, ()),
            String::from_utf8(body.to_vec()).unwrap(),
        ));
    }
    answers
}

//
#[tokio::test]
async fn problem_json_x1_x2_x3() {
    for (token, status, title, error, detail) in [
        (
            "",
            401,
            "Unauthorized",
            "authentication_required",
            "Authorization header missing",
        ),
        (
            "Bearer revoked",
            401,
            "Unauthorized",
            "token_revoked",
            "Token revoked",
        ),
        (
            "Bearer forbidden",
            403,
            "Forbidden",
            "forbidden",
            "Not allowed",
        ),
        (
            "Bearer a b",
            400,
            "Bad Request",
            "invalid_request",
            "Bearer must be followed by exactly one token",
        ),
        (
            "Bearer many",
            429,
            "Too Many Requests",
            "too_many_requests",
            "Too many attempts, try again later",
        ),
        (
            "Bearer unconfigured",
            500,
            "Internal Server Error",
            "server_error",
            "Internal server error",
        ),
    ] {
        for (answer, body) in answers(
            BodyFormat::Problem,
            "failing",
            &[("authorization", token.as_bytes())],
        )
        .await
        {
            assert_eq!(answer.status(), status);
            assert_eq!(answer.headers()["content-type"], "application/problem+json");
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(
                body,
                json!({"title": title, "status": status, "detail": detail, "error": error})
            );
        }
    }
}

#[tokio::test]
async fn problem_json_tells_the_expiry_and_nothing_else_t16() {
    let token = tokens::of(&tokens::claims_but("exp", json!(tokens::PAST)));
    let field = format!("Bearer {token}");
    for (_, body) in answers(
        BodyFormat::Problem,
        "bearer",
        &[("authorization", field.as_bytes())],
    )
    .await
    {
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["detail"], "JWT expired at 2025-10-01T10:00:00Z");
    }
}

// V25: a body of the application's own cannot lose the challenge.
#[tokio::test]
async fn a_custom_body_keeps_status_and_challenges_v25() {
    let format = BodyFormat::custom(|refusal| Body {
        content_type: HeaderValue::from_static("text/plain"),
        content: Bytes::from(format!(
            "{} {} {:?}",
            refusal.status().as_u16(),
            refusal.error(),
            refusal.scheme()
        )),
    });
    for (answer, body) in answers(format.clone(), "either", &[]).await {
        assert_eq!(answer.status(), 401);
        assert_eq!(
            answer.headers().get_all("www-authenticate").iter().count(),
            2
        );
        assert_eq!(answer.headers()["content-type"], "text/plain");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(body, "401 authentication_required None");
    }
    for (_, body) in answers(format, "either", &[("authorization", b"bearer x")]).await {
        assert_eq!(body, "401 invalid_token Some(\"Bearer\")");
    }
}

// Who was refused, and why, for logging layers outside.
#[tokio::test]
async fn the_cause_rides_in_the_extensions() {
    for (answer, body) in answers(
        BodyFormat::Json,
        "failing",
        &[("authorization", b"Bearer down")],
    )
    .await
    {
        let cause = answer.extensions().get::<Cause>().unwrap();
        assert!(matches!(cause, Cause::Unavailable { .. }));
        // The detail is there for the log, and nowhere for the client.
        assert!(cause.to_string().contains("10.0.0.1"));
        assert!(!body.contains("10.0.0.1"));
    }
}

#[tokio::test]
async fn credentials_longer_than_the_setting_are_refused() {
    let app = App::with_settings(Pace::AtOnce, Settings::new().with_max_credentials_len(100));
    for server in servers::all(&app) {
        for (length, status) in [(93, 401), (94, 400)] {
            let field = format!("Bearer {}", "a".repeat(length));
            let (request, _) = post("/bearer", &[("authorization", field.as_bytes())], "");
            assert_eq!(
                server.answer(request).await.status(),
                status,
                "{} {length}",
                server.name
            );
        }
    }
}

// H-17: also where no HTTP server stands behind that would cut the body off.
#[tokio::test]
async fn head_has_the_length_of_get_and_no_content_h17() {
    for server in servers::all(&App::new(Pace::AtOnce)) {
        let (mut request, _) = post("/either", &[], "");
        let length = {
            let (request, _) = post("/either", &[], "");
            let body = server.answer(request).await.into_body();
            axum::body::to_bytes(body, 1 << 20).await.unwrap().len()
        };
        *request.method_mut() = http::Method::HEAD;
        let answer = server.answer(request).await;
        assert_eq!(answer.status(), 401, "{}", server.name);
        assert_eq!(
            answer.headers()["content-length"],
            length.to_string().as_str(),
            "{}",
            server.name
        );
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await;
        assert!(body.unwrap().is_empty(), "{}", server.name);
    }
}
