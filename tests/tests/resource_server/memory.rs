//! What is remembered of tokens belongs to one token, one verifier, and the time until it is taken back (V21).

use auth_tests::tokens::AUDIENCE;
use serde_json::json;

use crate::harness::{ELSEWHERE, Refused, Sent, Service, Serving, admits, good, refuses};

#[tokio::test]
async fn v21_a_token_in_memory_is_refused_once_it_is_revoked() {
    for serving in [Serving::Axum, Serving::Http] {
        let service = Service::start(serving).await;
        let [taken_back, other] =
            ["taken back", "other"].map(|jti| Sent::from(good().claim("jti", jti)));
        for sent in [&taken_back, &other, &taken_back, &other] {
            admits(&service, sent, "before").await;
        }
        service.revoke("taken back");
        for _ in 0..2 {
            refuses(&service, &taken_back, Refused::Revoked, "revoked").await;
            admits(&service, &other, "another").await;
        }
    }
}

#[tokio::test]
async fn v21_j3_what_one_verifier_remembers_is_nothing_to_another() {
    let service = Service::start(Serving::Axum).await;
    let ours = good();
    let both = good().claim("aud", json!([ELSEWHERE, AUDIENCE]));
    let wrong = Refused::Invalid("wrong audience");
    for _ in 0..3 {
        admits(&service, &ours.clone().into(), "ours").await;
        refuses(
            &service,
            &ours.clone().to("/elsewhere"),
            wrong,
            "ours, elsewhere",
        )
        .await;
        admits(&service, &both.clone().into(), "both").await;
        admits(&service, &both.clone().to("/elsewhere"), "both, elsewhere").await;
    }
}

/// J-1: nor is what a lenient verifier has admitted.
#[tokio::test]
async fn v21_j1_a_token_that_the_relaxed_profile_took_is_no_access_token() {
    let service = Service::start(Serving::Axum).await;
    let sent = Sent::from(good().header("typ", "JWT"));
    for _ in 0..3 {
        admits(&service, &sent.clone().to("/relaxed"), "relaxed").await;
        refuses(&service, &sent, Refused::Invalid("wrong typ"), "strict").await;
    }
}
