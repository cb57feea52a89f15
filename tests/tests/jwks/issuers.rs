//! Several issuers side by side: `iss` chooses, and nobody else is asked.

use auth_core::jwt::{Algorithm, Audience, Issuer, JwtError, JwtIssuers, JwtVerifier, Key};
use auth_core::{
    AuthState, Authenticated, Cause, Clock, Refusal, RequestView, Revocation, Settings,
};
use auth_tests::provider::{Provider, Signer, claims};
use auth_tests::tokens::{AUDIENCE, NOW};
use http::Request;
use serde_json::json;

use super::{Api, Claims, of};

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: JwtIssuers<Claims>,
    #[auth(settings)]
    settings: Settings,
}

impl App {
    fn of(verifiers: impl IntoIterator<Item = JwtVerifier<Claims>>) -> Self {
        Self {
            tokens: JwtIssuers::new(verifiers).unwrap(),
            settings: Settings::new().with_clock(Clock::manual(NOW).0),
        }
    }

    async fn ask(&self, token: &str) -> Result<String, Refusal> {
        let request = Request::builder().header("authorization", format!("Bearer {token}"));
        let request = request.body(()).unwrap();
        auth_core::http::check::<Api, Authenticated<Claims>, _>(self, RequestView::of(&request))
            .await
            .map(|claims| claims.sub.clone())
    }

    async fn refuses(&self, token: &str, why: &'static str) {
        let refusal = self.ask(token).await.unwrap_err();
        assert_eq!(refusal.cause(), &Cause::invalid_token(why));
        assert_eq!(refusal.status(), 401);
    }

    fn hits_and_misses(&self) -> Vec<(u64, u64)> {
        let stats = self
            .tokens
            .verifiers()
            .iter()
            .map(|verifier| verifier.cache_stats().unwrap());
        stats.map(|stats| (stats.hits, stats.misses)).collect()
    }
}

async fn verifier(provider: &Provider) -> JwtVerifier<Claims> {
    let keys = of(provider).0.start().await.unwrap();
    trusting(keys)
}

fn trusting(keys: auth_core::jwt::RemoteKeys) -> JwtVerifier<Claims> {
    let audience = Audience::new(AUDIENCE);
    JwtVerifier::with_remote_keys(keys, audience, Revocation::None).unwrap()
}

#[tokio::test]
async fn j2_v9_the_issuer_of_a_token_chooses_its_keys_and_no_others() {
    // The same name for both keys, so that only the issuer tells them apart.
    let [ours, theirs, nobodys] = ["k"; 3].map(|kid| Signer::new("ES256", kid));
    let (first, second) = (
        Provider::with(&[&ours]).await,
        Provider::with(&[&theirs]).await,
    );
    let app = App::of([verifier(&first).await, verifier(&second).await]);
    let asked = || (first.count_all(), second.count_all());
    let at_start = asked();

    for (signer, provider) in [(&ours, &first), (&theirs, &second)] {
        let token = signer.token(&provider.issuer());
        assert_eq!(app.ask(&token).await.unwrap(), "ada");
    }
    for (signer, provider) in [(&theirs, &first), (&ours, &second), (&nobodys, &second)] {
        let token = signer.token(&provider.issuer());
        app.refuses(&token, "wrong signature").await;
    }
    let (iss, slash) = (first.issuer(), format!("{}/", first.issuer()));
    for (issuer, why) in [
        (json!("https://evil.example"), "unknown issuer"),
        (json!(slash), "unknown issuer"),
        (json!(iss.to_uppercase()), "unknown issuer"),
        (json!([iss, second.issuer()]), "unknown issuer"),
        (json!({"iss": iss}), "unknown issuer"),
        (json!(null), "unknown issuer"),
        (json!(""), "unknown issuer"),
    ] {
        let mut claims = claims(&iss);
        claims["iss"] = issuer;
        // With a key id that nobody has, too: it must not make anybody ask.
        for header in [ours.header(), ours.header_but("kid", json!("new"))] {
            app.refuses(&ours.sign(&header, &claims), why).await;
        }
    }
    assert_eq!(
        asked(),
        at_start,
        "an unknown issuer, or a wrong key, causes no fetch"
    );

    let unknown = ours.sign(&ours.header_but("kid", json!("new")), &claims(&iss));
    app.refuses(&unknown, "unknown key").await;
    assert_eq!(
        asked(),
        (at_start.0 + 1, at_start.1),
        "only its own issuer is asked"
    );
}

#[tokio::test]
async fn v9_an_issuer_that_is_down_takes_only_its_own_tokens_along() {
    let (ours, theirs) = (Signer::new("ES256", "ours"), Signer::new("ES256", "theirs"));
    let (up, down) = (
        Provider::with(&[&ours]).await,
        Provider::with(&[&theirs]).await,
    );
    down.stop().await;
    let without = of(&down).0.start_without_keys().unwrap();
    // In both orders: the one that is down is looked at first, or last.
    for down_first in [true, false] {
        let mut verifiers = vec![trusting(without.clone()), verifier(&up).await];
        if !down_first {
            verifiers.reverse();
        }
        let app = App::of(verifiers);
        for _ in 0..2 {
            assert_eq!(app.ask(&ours.token(&up.issuer())).await.unwrap(), "ada");
            let refusal = app.ask(&theirs.token(&down.issuer())).await.unwrap_err();
            assert_eq!(refusal.status(), 503);
            app.refuses(&theirs.token("https://evil.example"), "unknown issuer")
                .await;
        }
    }
}

#[tokio::test]
async fn v21_each_issuer_remembers_its_own_tokens() {
    let (ours, theirs) = (Signer::new("ES256", "ours"), Signer::new("EdDSA", "theirs"));
    let (first, second) = (
        Provider::with(&[&ours]).await,
        Provider::with(&[&theirs]).await,
    );
    let app = App::of([verifier(&first).await, verifier(&second).await]);
    let (a, b) = (ours.token(&first.issuer()), theirs.token(&second.issuer()));
    for token in [&a, &b, &a, &b, &b] {
        assert!(app.ask(token).await.is_ok());
    }
    assert_eq!(app.hits_and_misses(), [(1, 1), (2, 1)]);
}

#[test]
fn one_verifier_for_each_issuer() {
    let new = |issuer: &str| {
        let (issuer, audience) = (Issuer::new(issuer), Audience::new(AUDIENCE));
        let key = Key::hs256([7; 32]).unwrap();
        JwtVerifier::<Claims>::new(
            issuer,
            audience,
            [Algorithm::HS256],
            [key],
            Revocation::None,
        )
        .unwrap()
    };
    let error = |verifiers: Vec<_>| JwtIssuers::new(verifiers).unwrap_err();
    assert_eq!(error(vec![]), JwtError::NoVerifiers);
    assert_eq!(
        error(vec![new("a"), new("b"), new("a")]),
        JwtError::IssuerTwice
    );
    let both = JwtIssuers::new([new("a"), new("a/")]).unwrap();
    assert_eq!(both.verifiers()[1].issuer().as_str(), "a/");
    assert!(!format!("{both:?}").contains("07"), "no key is printed");
}
