//! Whose tokens are taken, and for what.

use auth_end_to_end::provider::{AUDIENCE, OPAQUE, Provider};
use auth_end_to_end::service::Service;
use auth_end_to_end::token::{part, with_wrong_signature};

const ALGORITHMS: [&str; 5] = ["RS256", "PS256", "ES256", "ES384", "EdDSA"];

/// J-1, J-2, J-3, J-6: with keys found by discovery, one fetch of them for all.
#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn j1_j6_tokens_of_every_algorithm() {
    let provider = Provider::fresh().await;
    let service = Service::of(&provider).await;
    for algorithm in ALGORITHMS {
        let resource = format!("{AUDIENCE}/{}", algorithm.to_lowercase());
        let token = provider.token(&resource).await;
        assert_eq!(part(&token, 0)["alg"], algorithm);
        service
            .orders(&with_wrong_signature(&token))
            .await
            .is_refused("invalid_token");
        let answer = service.orders(&token).await;
        answer.is_admitted();
        assert_eq!(answer.body, "the orders of orders-app");
    }
    assert_eq!(provider.asked("jwks").await, 1);
    assert_eq!(provider.asked("introspection").await, 0);
}

#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn j3_i3_a_token_for_a_neighbour_is_refused() {
    let provider = Provider::fresh().await;
    let service = Service::of(&provider).await;
    for (ours, theirs) in [
        (AUDIENCE, "https://invoices.example.com"),
        (OPAQUE, "https://invoices.example.com/opaque"),
    ] {
        let token = provider.token(theirs).await;
        service.orders(&token).await.is_refused("invalid_token");
        let token = provider.token(ours).await;
        service.orders(&token).await.is_admitted();
    }
}

/// By the claims of a JWT, and by what introspection says.
#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn s1_s2_step_up() {
    let provider = Provider::fresh().await;
    for resource in [AUDIENCE, OPAQUE] {
        let service = Service::of(&provider).await;
        // No login, a weak one, an old one.
        for application in ["orders-app", "password-app", "old-login-app"] {
            let token = provider.token_of(application, resource).await;
            service.orders(&token).await.is_admitted();
            let refused = service.refund(&token).await;
            refused.is_refused("insufficient_user_authentication");
            let told = refused
                .challenges
                .iter()
                .find(|line| line.contains("error="));
            let told = told.unwrap();
            assert!(told.contains(r#"acr_values="urn:example:mfa""#), "{told}");
            assert!(told.contains(r#"max_age="300""#), "{told}");
        }
        let token = provider.token_of("mfa-app", resource).await;
        let answer = service.refund(&token).await;
        answer.is_admitted();
        assert_eq!(answer.body, "a refund for mfa-app");
        // It grows old; the clock of the provider, which runs on, is ahead by now.
        service.after(400);
        service
            .refund(&token)
            .await
            .is_refused("insufficient_user_authentication");
        service.orders(&token).await.is_admitted();
    }
}
