//! Nonces of others, and those whose time has passed.

use std::collections::BTreeSet;
use std::time::Duration;

use auth_core::{Settings, auth_policy};
use auth_tests::digest::{Client, param};
use http::Method;

use crate::attacks::asks_anew;
use crate::server::{
    LIFETIME, NOW, OTHER_REALM, PASSWORD, REALM, SECRET, Told, USER, all, app, app_with, honest,
    under,
};

#[auth_policy(
    scheme = "Digest",
    realm = REALM,
    algorithm = "SHA-256, SHA-256-sess, SHA-512-256, SHA-512-256-sess, MD5, MD5-sess"
)]
struct Many;

#[auth_policy(scheme = "Digest", realm = OTHER_REALM)]
struct Elsewhere;

const ADMITTED: (u16, &str) = (200, "admitted");
const UNKNOWN: (u16, &str) = (401, "unknown_nonce");
const STALE: (u16, &str) = (401, "stale_nonce");
const WRONG: (u16, &str) = (401, "invalid_credentials");

fn clients(challenges: &[String]) -> Vec<Client> {
    let clients = challenges.iter();
    clients
        .map(|challenge| Client::of(challenge, USER, PASSWORD))
        .collect()
}

/// Whether the answer says `stale=true`: all of its challenges, or none (D-14, D-2: not quoted).
fn stale(told: &Told) -> bool {
    let all = told.challenges.iter();
    let stale = all.filter(|line| line.ends_with("\", stale=true")).count();
    assert!(stale == 0 || stale == told.challenges.len(), "{told:?}");
    assert!(stale > 0 || !told.challenges.concat().contains("stale"));
    stale > 0
}

// D-12, D-15: a nonce is good for the algorithm of its challenge, `-sess` apart.
#[tokio::test]
async fn d12_a_nonce_belongs_to_one_algorithm() {
    let server = under::<Many>(&app().0);
    let challenges = server.challenges("/").await;
    assert_eq!(challenges.len(), 6);
    let clients = clients(&challenges);
    for client in &clients {
        for other in &clients {
            if other.algorithm != client.algorithm {
                let mut mixed = client.clone();
                mixed.nonce.clone_from(&other.nonce);
                let told = server.told(honest(&mixed)).await;
                assert_eq!(told.outcome(), UNKNOWN, "{}", client.algorithm);
                assert!(!stale(&told));
                assert_eq!(told.challenges.len(), 6);
            }
        }
    }
    for client in &clients {
        let told = server.told(honest(client)).await;
        assert_eq!(told.outcome(), ADMITTED, "{}", client.algorithm);
    }
}

// D-15
#[tokio::test]
async fn d15_a_nonce_belongs_to_one_realm() {
    let (app, _) = app();
    let (here, there) = (all(&app), under::<Elsewhere>(&app));
    for server in here {
        let client = server.client("/a").await;
        let foreign = clients(&there.challenges("/a").await).remove(0);
        // Under the name of this realm, and as it is.
        let mut posing = client.clone();
        posing.nonce.clone_from(&foreign.nonce);
        let unknown_here = (401, "other_realm");
        for (refused, outcome) in [
            (posing, UNKNOWN),
            (foreign.clone().asking("GET", "/a"), unknown_here),
        ] {
            let told = server.told(honest(&refused)).await;
            assert_eq!(told.outcome(), outcome, "{}", server.name);
            asks_anew(&told, &foreign.nonce, server.name);
        }
        assert_eq!(server.told(honest(&client)).await.outcome(), ADMITTED);
        let told = there.told(honest(&foreign.asking("GET", "/a"))).await;
        assert_eq!(told.outcome(), ADMITTED);
    }
}

// D-15, V17 (cluster secret)
#[tokio::test]
async fn d15_a_nonce_belongs_to_one_secret() {
    let (app, _) = app();
    let (twin, _) = app_with(SECRET, Settings::new());
    let (foreign, _) = app_with([8; 32], Settings::new());
    let (twins, foreigners) = (all(&twin), all(&foreign));
    for (at, server) in all(&app).into_iter().enumerate() {
        let client = server.client("/a").await;
        let told = foreigners[at].told(honest(&client)).await;
        assert_eq!(told.outcome(), UNKNOWN, "{}", server.name);
        asks_anew(&told, &client.nonce, server.name);
        // An instance that has the secret knows it.
        let told = twins[at].told(honest(&client)).await;
        assert_eq!(told.outcome(), ADMITTED, "{}", server.name);
    }
}

// D-14: only with a right digest; and with the nonce of the answer the client goes on.
#[tokio::test]
async fn d14_an_expired_nonce_is_stale_for_those_who_know_the_password() {
    for name in 0..5 {
        let (app, hand) = app();
        let server = &all(&app)[name];
        let client = server.client("/a").await;
        let mut wrong = client.clone();
        wrong.password.push('!');
        let mut unknown = client.clone();
        "Scar".clone_into(&mut unknown.user);

        hand.set(NOW + LIFETIME.as_secs() - 1);
        assert_eq!(server.told(honest(&client)).await.outcome(), ADMITTED);
        hand.advance(Duration::from_secs(1));
        for late in [0, 1, 3600, 1_000_000] {
            hand.set(NOW + LIFETIME.as_secs() + late);
            for refused in [&wrong, &unknown] {
                let told = server.told(honest(refused)).await;
                assert_eq!(told.outcome(), WRONG, "{}", server.name);
                asks_anew(&told, &client.nonce, server.name);
            }
            // Also one whose count was not used.
            for nc in [1, 2] {
                let told = server.told(honest(&client.clone().counting(nc))).await;
                assert_eq!(told.outcome(), STALE, "{}", server.name);
                assert_eq!(told.error(), "authentication_required");
                assert!(stale(&told) && told.info.is_none());
                let again = Client::of(&told.challenges[0], USER, PASSWORD);
                let told = server.told(honest(&again.asking("GET", "/a"))).await;
                assert_eq!(told.outcome(), ADMITTED, "{}", server.name);
            }
        }
    }
}

// D-14: the other attacks stay what they are, whatever the nonce.
#[tokio::test]
async fn d14_an_expired_nonce_tells_nothing_else() {
    let (app, hand) = app();
    let server = &all(&app)[0];
    let client = server.client("/a").await;
    hand.advance(LIFETIME);
    let mut forged = client.clone();
    forged.nonce.replace_range(30..31, "~");
    let told = server.told(honest(&forged)).await;
    assert_eq!((told.outcome(), stale(&told)), (UNKNOWN, false));
    let mut method = honest(&client);
    *method.method_mut() = Method::DELETE;
    let told = server.told(method).await;
    assert_eq!((told.outcome(), stale(&told)), (WRONG, false));
    let told = server.told(honest(&client.clone().covering("x"))).await;
    assert_eq!((told.outcome(), stale(&told)), (STALE, true));
}

// D-14, D-18: of all algorithms, since the client may choose another one now.
#[tokio::test]
async fn d14_each_challenge_says_stale() {
    let (app, hand) = app();
    let server = under::<Many>(&app);
    let clients = clients(&server.challenges("/").await);
    hand.advance(LIFETIME);
    for client in clients {
        let told = server.told(honest(&client)).await;
        assert_eq!((told.outcome(), stale(&told)), (STALE, true));
        assert_eq!(told.challenges.len(), 6);
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_asks_for_a_new_nonce() {
    let (app, hand) = app();
    let server = &all(&app)[0];
    let client = server.client("/a").await;
    hand.set(NOW - 6);
    let told = server.told(honest(&client)).await;
    assert_eq!((told.outcome(), stale(&told)), (STALE, true));
    // Clocks of several instances differ a little.
    hand.set(NOW - 5);
    let told = server.told(honest(&client)).await;
    assert_eq!(told.outcome(), ADMITTED);
}

// D-15: also in one instant, and in one answer.
#[tokio::test]
async fn d15_no_two_nonces_are_alike() {
    let server = under::<Many>(&app().0);
    let mut nonces = BTreeSet::new();
    for _ in 0..200 {
        let challenges = server.challenges("/").await;
        nonces.extend(challenges.iter().map(|line| param(line, "nonce").unwrap()));
    }
    assert_eq!(nonces.len(), 1200);
}
