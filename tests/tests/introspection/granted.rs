//! What an admitted token grants, and to whom: claims, scopes, roles, step-up (S-2), and the facts that revocation sees.

use std::sync::{Arc, Mutex};

use auth_core::introspection::{ClientAuth, Introspection, IntrospectionBuilder};
use auth_core::jwt::{Audience, Issuer};
use auth_core::{Cause, Revocation, Secret};
use auth_tests::introspector::{Introspector, active, active_but, active_without};
use auth_tests::tokens::{AUDIENCE, ISSUER, NOW};
use serde_json::{Value, json};

use super::rules::{admitted, forgetful, judged};
use super::{Claims, ENDPOINT, Service, TOKEN};

#[tokio::test]
async fn claims_are_what_the_application_wants() {
    let service = forgetful();
    let answer = active_without(&["sub"]);
    let (status, detail) = judged(&service, &answer).await;
    assert_eq!(status, 401);
    assert!(
        detail.contains("cannot be read as") && detail.contains("Claims"),
        "{detail}"
    );
}

#[tokio::test]
async fn i3_scopes_and_roles_are_those_of_the_answer() {
    let service = Service::with(|it| {
        it.without_cache()
            .with_roles_claim(["realm_access", "roles"])
    });
    let status = async |path, answer: &Value| {
        service.endpoint.says(answer);
        service.get(path, TOKEN).await.status
    };
    assert_eq!(status("/scoped", &active()).await, 200);
    for scope in ["", "orders", "orders:reader", "ORDERS:READ", "orders:write"] {
        assert_eq!(
            status("/scoped", &active_but("scope", json!(scope))).await,
            403
        );
    }
    assert_eq!(status("/scoped", &active_without(&["scope"])).await, 403);
    assert_eq!(status("/clerks", &active()).await, 403);
    let clerk = active_but("realm_access", json!({"roles": ["clerk"]}));
    assert_eq!(status("/clerks", &clerk).await, 200);
    let elsewhere = active_but("roles", json!(["clerk"]));
    assert_eq!(status("/clerks", &elsewhere).await, 403);
    let told = service.get("/scoped", TOKEN).await;
    assert_eq!((told.status, told.challenge.as_str()), (200, ""));
}

#[tokio::test]
async fn s2_step_up_is_decided_from_the_answer() {
    let service = forgetful();
    let strong = active_but("acr", json!("urn:example:mfa"));
    let weak = active_but("acr", json!("urn:example:pwd"));
    for (path, answer, status) in [
        ("/strong", strong, 200),
        ("/strong", weak, 401),
        ("/strong", active(), 401),
        ("/recent", active_but("auth_time", json!(NOW - 300)), 200),
        ("/recent", active_but("auth_time", json!(NOW - 301)), 401),
        ("/recent", active(), 401),
    ] {
        service.endpoint.says(&answer);
        let told = service.get(path, TOKEN).await;
        assert_eq!(told.status, status, "{path} {answer}");
        if status == 401 {
            assert_eq!(told.cause, Some(Cause::InsufficientAuthentication));
            assert!(
                told.challenge
                    .contains("error=\"insufficient_user_authentication\""),
                "{told:?}"
            );
        }
    }
}

/// What a rule was asked: issuer, subject, client, `jti`, `iat`, `exp`.
type Seen = Arc<Mutex<Vec<(String, String, String, String, Option<u64>, Option<u64>)>>>;

/// A rule that has revoked what Eve has.
fn eve_is_out(
    change: impl FnOnce(IntrospectionBuilder<Claims>) -> IntrospectionBuilder<Claims>,
) -> (Service, Seen) {
    let seen = Seen::default();
    let (clone, endpoint) = (Arc::clone(&seen), Introspector::default());
    let revocation = Revocation::when(move |token| {
        let text = |value: Option<&str>| value.unwrap_or("-").to_owned();
        clone.lock().unwrap().push((
            token.issuer().to_owned(),
            text(token.subject()),
            text(token.client_id()),
            text(token.jti()),
            token.issued_at(),
            token.expires_at(),
        ));
        token.subject() == Some("eve")
    });
    let builder = Introspection::builder(
        ENDPOINT,
        ClientAuth::basic("a", Secret::new("b".to_owned())),
        Audience::new(AUDIENCE),
        revocation,
    );
    let builder = builder.without_cache().with_client(endpoint.clone());
    (Service::of(endpoint, change(builder)), seen)
}

#[tokio::test]
async fn revocation_sees_the_facts_of_the_answer() {
    let (service, seen) = eve_is_out(|it| it);
    assert_eq!(judged(&service, &active()).await, admitted());
    let eve = active_but("sub", json!("eve"));
    assert_eq!(
        judged(&service, &eve).await,
        (401, "token revoked".to_owned())
    );
    let text = str::to_owned;
    assert_eq!(
        seen.lock().unwrap()[0],
        (
            text(ISSUER),
            text("ada"),
            text("web"),
            text("t-1"),
            Some(NOW - 10),
            Some(NOW + 3600)
        )
    );
}

/// Entries are found by the name of the issuer: none is made up, such as the address of the endpoint.
#[tokio::test]
async fn a_token_whose_issuer_nobody_names_cannot_be_revoked_and_is_refused() {
    let silent = active_without(&["iss"]);
    let (service, seen) = eve_is_out(|it| it);
    let (status, detail) = judged(&service, &silent).await;
    assert_eq!(status, 401);
    assert!(detail.contains("with_issuer"), "{detail}");
    assert!(seen.lock().unwrap().is_empty());

    let (service, seen) = eve_is_out(|it| it.with_issuer(Issuer::new(ISSUER)));
    assert_eq!(judged(&service, &silent).await, admitted());
    assert_eq!(seen.lock().unwrap()[0].0, ISSUER);

    // Nothing is revoked here: what is not known does no harm, and nobody is told anything else.
    let service = forgetful();
    for (answer, issuer) in [(&active(), ISSUER), (&silent, "nobody")] {
        service.endpoint.says(answer);
        let told = service.get("/issuer", TOKEN).await;
        assert_eq!((told.status, told.body.as_str()), (200, issuer));
    }
}
