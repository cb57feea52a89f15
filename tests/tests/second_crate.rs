//! Policies of another crate, used and narrowed by handlers of this one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use auth_core::axum::{GuardedRouter, get};
use auth_core::{
    ApiKey, ApiKeyCredentials, AuthState, Authenticated, Bearer, BearerToken, Cause, FnVerifier,
    Grants, Verified, requires_auth,
};
use axum::body::Body;
use http::{Request, StatusCode};
use tower::ServiceExt as _;

#[derive(Clone, AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
    #[auth(Bearer, tag = auth_policies::Partner)]
    partner_tokens: FnVerifier<Bearer, String>,
    #[auth(ApiKey)]
    keys: FnVerifier<ApiKey, String>,
}

#[requires_auth(auth_policies::Api)]
async fn read(user: Authenticated<String>) -> String {
    user.into_inner()
}

#[requires_auth(auth_policies::Api, scope = any("orders:write", "orders:admin"), role = "clerk")]
async fn write(user: Authenticated<String>) -> String {
    user.into_inner()
}

#[requires_auth(auth_policies::Writers, scope = "orders:audit", permit = !user.is_empty())]
async fn audit(user: Authenticated<String>) -> String {
    user.into_inner()
}

#[requires_auth(auth_policies::Visitors)]
async fn visit(user: Option<Authenticated<String>>) -> String {
    user.map_or("nobody".to_owned(), Authenticated::into_inner)
}

#[requires_auth(auth_policies::Partners)]
async fn partners(user: Authenticated<String>) -> String {
    user.into_inner()
}

fn app() -> axum::Router {
    // The token says what it grants: scopes, then roles.
    let grants = |text: &str| {
        let (scopes, roles) = text.split_once('/').ok_or(Cause::InvalidCredentials)?;
        let words = |text: &str| {
            let words = text.split('+').filter(|word| !word.is_empty());
            // A token holds no colon (RFC 6750 §2.1).
            words.map(|word| word.replace('.', ":")).collect::<Vec<_>>()
        };
        let grants = Grants::none()
            .with_scopes(words(scopes))
            .with_roles(words(roles));
        Ok(Verified::new("ada".to_owned()).with_grants(grants))
    };
    let state = App {
        tokens: FnVerifier::new(move |token: BearerToken<'_>| grants(token.expose())),
        partner_tokens: FnVerifier::new(|token: BearerToken<'_>| match token.expose() {
            "partner" => Ok(Verified::new("acme".to_owned())),
            _ => Err(Cause::InvalidCredentials),
        }),
        keys: FnVerifier::new(move |key: ApiKeyCredentials<'_>| grants(key.expose())),
    };
    GuardedRouter::new()
        .route("/read", get(read))
        .route("/write", get(write))
        .route("/audit", get(audit))
        .route("/visit", get(visit))
        .route("/partners", get(partners))
        .with_state(state)
        .into()
}

async fn call(path: &str, token: &str) -> (StatusCode, Vec<String>) {
    let mut request = Request::get(path);
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let answer = app()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let challenges = answer.headers().get_all("www-authenticate").iter();
    let challenges = challenges.map(|value| value.to_str().unwrap().to_owned());
    (answer.status(), challenges.collect())
}

#[tokio::test]
async fn policies_of_another_crate_are_used_as_they_are() {
    assert_eq!(
        call("/read", "").await,
        (
            StatusCode::UNAUTHORIZED,
            vec![
                r#"Bearer realm="say \"hi\"", scope="orders:read""#.to_owned(),
                r#"ApiKey realm="say \"hi\"", in="header", name="X-Partner-Key""#.to_owned(),
            ]
        )
    );
    assert_eq!(call("/read", "orders.read/").await.0, StatusCode::OK);
    assert_eq!(call("/visit", "").await.0, StatusCode::OK);
    assert_eq!(call("/visit", "x").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(call("/partners", "partner").await.0, StatusCode::OK);
    assert_eq!(
        call("/partners", "orders.read/").await.0,
        StatusCode::UNAUTHORIZED
    );
}

// DD3: the challenge is assembled while this crate is compiled, and says both.
#[tokio::test]
async fn narrowing_adds_and_never_drops() {
    let told = |scope| format!(r#"Bearer realm="say \"hi\"", scope="{scope}""#);
    let (_, challenges) = call("/write", "").await;
    assert_eq!(challenges[0], told("orders:read orders:write"));
    let (_, challenges) = call("/audit", "").await;
    assert_eq!(challenges[0], told("orders:read orders:write orders:audit"));
    for (path, token, status) in [
        ("/write", "orders.read+orders.write/clerk", 200),
        ("/write", "orders.read+orders.admin/clerk", 200),
        ("/write", "orders.admin/clerk", 403),
        ("/write", "orders.read/clerk", 403),
        ("/write", "orders.read+orders.write/", 403),
        ("/audit", "orders.read+orders.write+orders.audit/", 200),
        ("/audit", "orders.write+orders.audit/", 403),
        ("/audit", "orders.read+orders.audit/", 403),
        ("/audit", "orders.read+orders.write/", 403),
    ] {
        assert_eq!(call(path, token).await.0.as_u16(), status, "{path} {token}");
    }
}
