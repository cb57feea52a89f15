//! How the attacks are answered.

use auth_core::{Authenticated, Fields, RequestView};
use auth_tests::digest::Params;
use axum::body::Body;

use super::{CONTENT, CREDENTIALS, PARAMETER, TARGET, asks_anew};
use crate::attacks;
use crate::server::{App, Signed, Told, all, app, honest, request};

// V17, V25: of every attack the status, the reason, the body and the challenges; and behind all of them the same nonce
// and count are still good.
#[tokio::test]
async fn every_attack_is_refused_and_uses_nothing_up() {
    let (app, _) = app();
    for server in all(&app) {
        let client = server.client(TARGET).await;
        for attack in attacks::all() {
            let place = format!("{}: {}", server.name, attack.what);
            let told = server.told((attack.made)(&client)).await;
            assert_eq!(told.outcome(), attack.outcome, "{place}");
            assert_eq!(told.info, None, "{place}");
            let error = match attack.outcome {
                (400, _) => "invalid_request",
                CREDENTIALS => "invalid_credentials",
                (401, _) => "authentication_required",
                _ => "content_too_large",
            };
            assert_eq!(told.error(), error, "{place}");
            if attack.outcome == CONTENT {
                assert!(told.challenges.is_empty(), "{place}");
            } else {
                asks_anew(&told, &client.nonce, &place);
            }
        }
        let told = server.told(honest(&client)).await;
        assert_eq!(told.outcome(), (200, "admitted"), "{}", server.name);
        assert_eq!(told.content, format!("Mufasa {TARGET} "));
    }
}

type Change = fn(Params) -> Params;

// The neighbour of each attack: the same client, before anything else, with what may differ.
#[tokio::test]
async fn d25_what_real_clients_send_is_admitted() {
    let (app, _) = app();
    let changes: [(&str, Change); 12] = [
        ("as it is", |sent| sent),
        ("quoted algorithm, qop and nc", |sent| {
            sent.with("algorithm", "\"SHA-256\"")
                .with("qop", "\"auth\"")
                .with("nc", "\"00000001\"")
        }),
        ("tokens where they can be", |sent| {
            sent.with("username", "Mufasa").with("cnonce", "0a4f113b")
        }),
        ("lower case", |sent| sent.with("algorithm", "sha-256")),
        ("opaque, though none was sent", |sent| {
            sent.and("opaque", "\"5ccc\"")
        }),
        ("userhash=false", |sent| sent.and("userhash", "false")),
        ("username*", |sent| {
            sent.without("username").and("username*", "UTF-8''Mufas%61")
        }),
        ("escapes", |sent| sent.with("username", "\"Muf\\asa\"")),
        ("parameters that nobody knows", |sent| {
            sent.and("auth-param", "\"\\\"\"").and("charset", "UTF-8")
        }),
        ("response in capitals", |sent| {
            let response = String::from_utf8(sent.get("response").to_vec()).unwrap();
            sent.with("response", response.to_uppercase())
        }),
        ("response as a token", |sent| {
            let response = String::from_utf8(sent.get("response").to_vec()).unwrap();
            sent.with("response", response.trim_matches('"'))
        }),
        ("15 KiB of something else", |sent| {
            sent.and("x", "a".repeat(15 * 1024))
        }),
    ];
    for server in all(&app) {
        for (what, change) in changes {
            let client = server.client(TARGET).await;
            let field = change(client.params()).field();
            let told = server.told(request("GET", TARGET, &field, b"")).await;
            assert_eq!(told.outcome(), (200, "admitted"), "{}: {what}", server.name);
        }
    }
}

/// A request of a server that lets everything through.
struct Raw(Vec<u8>);

impl Fields for Raw {
    fn each<'f>(&'f self, name: &str, see: &mut dyn FnMut(&'f [u8])) {
        if name.eq_ignore_ascii_case("authorization") {
            see(&self.0);
        }
    }
}

async fn raw(app: &App, field: Vec<u8>) -> Told {
    let field = Raw(field);
    let view = RequestView::new("GET", TARGET, &field);
    match auth_core::http::check::<Signed, Authenticated<String>, _>(app, view).await {
        Ok(user) => Told::of(http::Response::new(Body::from(user.to_string()))).await,
        Err(refusal) => Told::of(refusal.into_response()).await,
    }
}

// NUL and the other controls, which no `HeaderValue` holds.
#[tokio::test]
async fn controls_are_refused_wherever_they_stand() {
    let (app, _) = app();
    let client = all(&app)[0].client(TARGET).await;
    for control in (0..32).chain([127]) {
        for name in ["username", "realm", "uri", "nonce", "cnonce", "opaque"] {
            for value in [
                [b"\"Mufasa", &[control][..], b"\""].concat(),
                [b"\"Mufasa\\", &[control][..], b"\""].concat(),
            ] {
                let field = client.params().without(name).and(name, value).field();
                let told = raw(&app, field).await;
                let place = format!("{control} in {name}");
                assert_eq!(told.outcome(), PARAMETER, "{place}");
                asks_anew(&told, &client.nonce, &place);
            }
        }
    }
    let told = raw(&app, client.params().field()).await;
    assert_eq!(told.outcome(), (200, "admitted"));
}

// V19: no credentials that name nobody reach a verifier.
#[tokio::test]
async fn v19_nothing_presented_is_a_plain_question() {
    let (app, _) = app();
    for server in all(&app) {
        for (field, reason) in [
            (&b""[..], "missing"),
            (b"Digest", "digest_parameter"),
            (b"Digest ", "digest_parameter"),
            (b"Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl", "scheme_not_accepted"),
        ] {
            let told = server.told(request("GET", TARGET, field, b"")).await;
            assert_eq!(told.reason, Some(reason), "{}", server.name);
            asks_anew(&told, "", server.name);
        }
    }
}
