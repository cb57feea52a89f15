//! The `-sess` algorithms (D-6): A1 holds the nonce and cnonce of the session's first request.

use auth_core::auth_policy;
use auth_tests::digest::{Client, hash};

use crate::server::{PASSWORD, REALM, Server, USER, app, honest, under};

#[auth_policy(
    scheme = "Digest",
    realm = REALM,
    algorithm = "SHA-256-sess, SHA-512-256-sess, MD5-sess",
    qop = "auth, auth-int"
)]
struct Sessions;

const ADMITTED: (u16, &str) = (200, "admitted");
const WRONG: (u16, &str) = (401, "invalid_credentials");

async fn clients(server: &Server) -> Vec<Client> {
    let challenges = server.challenges("/").await;
    assert_eq!(challenges.len(), 3);
    let clients = challenges.iter();
    clients
        .map(|challenge| Client::of(challenge, USER, PASSWORD))
        .collect()
}

/// The client's request of this count, with a cnonce of its own.
fn later(client: &Client, nc: u32) -> Client {
    let mut later = client.clone().counting(nc);
    later.cnonce = format!("cnonce-{nc}");
    later
}

// As real clients do: the cnonce of each request.
#[tokio::test]
async fn d6_each_request_with_its_own_cnonce() {
    let server = under::<Sessions>(&app().0);
    for client in clients(&server).await {
        for nc in 1..5 {
            let told = server.told(honest(&later(&client, nc))).await;
            assert_eq!(told.outcome(), ADMITTED, "{} {nc}", client.algorithm);
        }
    }
}

// As the RFC says: the cnonce of the first one, whatever the later ones send.
#[tokio::test]
async fn d6_the_cnonce_of_the_first_request() {
    let server = under::<Sessions>(&app().0);
    for client in clients(&server).await {
        let first = later(&client, 1).covering("x");
        assert_eq!(server.told(honest(&first)).await.outcome(), ADMITTED);
        for nc in 2..5 {
            let mut strict = later(&client, nc);
            strict.session_cnonce = Some(first.cnonce.clone());
            // Of no other request.
            for cnonce in ["cnonce-9", "", "cnonce-3"] {
                let mut wrong = strict.clone();
                wrong.session_cnonce = Some(cnonce.to_owned());
                if nc != 3 || cnonce != "cnonce-3" {
                    let told = server.told(honest(&wrong)).await;
                    assert_eq!(told.outcome(), WRONG, "{} {nc}", client.algorithm);
                }
            }
            let mut wrong = strict.clone();
            wrong.password.push('!');
            assert_eq!(server.told(honest(&wrong)).await.outcome(), WRONG);
            let told = server.told(honest(&strict)).await;
            assert_eq!(told.outcome(), ADMITTED, "{} {nc}", client.algorithm);
            let told = server.told(honest(&strict)).await;
            assert_eq!(told.outcome(), (401, "stale_nonce"));
        }
    }
}

// The first request has no session behind it; and nobody else's session is one.
#[tokio::test]
async fn d6_a_session_begins_with_its_own_cnonce() {
    let server = under::<Sessions>(&app().0);
    let others = clients(&server).await;
    for (client, other) in clients(&server).await.into_iter().zip(others) {
        let told = server.told(honest(&later(&other, 1))).await;
        assert_eq!(told.outcome(), ADMITTED);
        let mut borrowed = later(&client, 2);
        borrowed.session_cnonce = Some("cnonce-1".to_owned());
        let told = server.told(honest(&borrowed)).await;
        assert_eq!(told.outcome(), WRONG, "{}", client.algorithm);
        // Not even by H(user:realm:password) alone, which is no session.
        let mut plain = client.clone();
        plain.algorithm = client.algorithm.replace("-sess", "");
        let params = plain.params().with("algorithm", &client.algorithm);
        let request = crate::server::request("GET", "/", &params.field(), b"");
        assert_eq!(server.told(request).await.outcome(), WRONG);
        let told = server.told(honest(&client)).await;
        assert_eq!(told.outcome(), ADMITTED, "{}", client.algorithm);
    }
}

// V17: a response of the plain algorithm is the hash of the same key and nonce, with another end. Whoever has a client
// answer a nonce of ours under that one would hold the key of a session, and could sign any request.
#[tokio::test]
async fn v17_what_a_client_answers_elsewhere_is_no_key_of_a_session() {
    let server = under::<Sessions>(&app().0);
    for client in clients(&server).await {
        let mut plain = client.clone().asking("GET", "/harmless");
        plain.algorithm = client.algorithm.replace("-sess", "");
        let a2 = hash(&plain.algorithm, b"GET:/harmless");
        let captured = [
            (plain.old_response(), a2.clone()),
            (plain.old_response(), a2.to_uppercase()),
            (
                plain.response(),
                format!("{}:{}:auth:{a2}", plain.nc, plain.cnonce),
            ),
        ];
        for (key, cnonce) in captured {
            let mut forged = client.clone().asking("POST", "/pay");
            forged.cnonce = cnonce;
            let wanted = hash(&forged.algorithm, b"POST:/pay");
            let Client {
                nonce, nc, cnonce, ..
            } = &forged;
            let response = format!("{key}:{nonce}:{nc}:{cnonce}:auth:{wanted}");
            let response = hash(&forged.algorithm, response.as_bytes());
            let params = forged.params().with("response", format!("\"{response}\""));
            let request = crate::server::request("POST", "/pay", &params.field(), b"");
            let told = server.told(request).await;
            assert_eq!(told.outcome(), (400, "digest_parameter"), "{cnonce}");
        }
        // What ends like neither is a cnonce.
        let mut odd = client.clone();
        odd.cnonce = "a".repeat(hash(&client.algorithm, b"").len() - 1);
        assert_eq!(server.told(honest(&odd)).await.outcome(), ADMITTED);
    }
}
