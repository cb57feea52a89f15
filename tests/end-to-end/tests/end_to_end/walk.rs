//! C-1, C-2: a client that knows one URL finds its way to a token.

use auth_end_to_end::answer::Answer;
use auth_end_to_end::provider::{APP, Provider};
use auth_end_to_end::service::{Plan, Service};
use auth_syntax::Challenges;
use serde_json::Value;

async fn document(http: &reqwest::Client, url: &str) -> Value {
    let answer = http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{url}");
    answer.json().await.unwrap()
}

#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn c1_c2_from_a_bare_401_to_a_token_to_200() {
    let provider = Provider::fresh().await;
    let service = Service::start(Plan {
        audience: None,
        ..Plan::of(&provider)
    })
    .await;
    let http = reqwest::Client::new();
    // All that the client knows.
    let url = format!("{}/orders", service.origin);

    let refused = Answer::to(http.get(&url)).await;
    assert_eq!(refused.status, 401);
    let line = refused.challenges[0].as_bytes();
    let challenge = Challenges::new(line).next().unwrap().unwrap();
    let told = |name| challenge.param(name).unwrap().as_str().unwrap();
    let resource = document(&http, told("resource_metadata")).await;
    let issuer = resource["authorization_servers"][0].as_str().unwrap();
    let well_known = format!("{issuer}/.well-known/oauth-authorization-server");
    let server = document(&http, &well_known).await;
    assert_eq!(server["issuer"], issuer);

    let form = [
        ("grant_type", "client_credentials"),
        ("resource", resource["resource"].as_str().unwrap()),
        ("scope", told("scope")),
    ];
    let request = http.post(server["token_endpoint"].as_str().unwrap());
    let request = request.basic_auth(APP, Some(format!("{APP}-secret")));
    let answer = request.form(&form).send().await.unwrap();
    let token: Value = answer.json().await.unwrap();
    let token = token["access_token"].as_str().unwrap();

    let answer = Answer::to(http.get(&url).bearer_auth(token)).await;
    answer.is_admitted();
    assert_eq!(answer.body, "the orders of orders-app");
}
