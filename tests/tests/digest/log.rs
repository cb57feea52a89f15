//! What the log is told once, since it is a riddle otherwise.

use std::sync::Arc;

use auth_core::digest::{DigestUserList, Htdigest, htdigest_line};
use auth_core::http::GuardedBody;
use auth_core::{
    Accepts, Authenticated, Clock, Digest, DigestAlgorithm, Policy, RequestView, Settings,
    Verifier, auth_policy,
};
use auth_tests::digest::Client;
use auth_tests::observed::{Seen, logged};
use axum::body::Body;
use http::{Request, Response};
use tracing::Level;

use crate::server::{NOW, PASSWORD, REALM, SECRET, Server, USER, all, app, honest, signed, users};
use crate::stores::{Any, built};

/// What auth-core said, beside the event that each refusal has.
async fn told(run: impl Future<Output = ()>) -> Vec<Seen> {
    let ((), mut seen) = logged(run).await;
    seen.retain(|seen| seen.target == "auth_core" && !seen.span && seen.name != "refused");
    seen
}

#[auth_policy(scheme = "Digest", realm = REALM, algorithm = "SHA-256, MD5")]
struct Both;

#[auth_policy(scheme = "Digest", realm = "elsewhere", algorithm = "SHA-256")]
struct Elsewhere;

fn app_of<V>(users: V) -> Arc<Any<V>> {
    let settings = Settings::new().with_clock(Clock::manual(NOW).0);
    Arc::new(Any { users, settings })
}

fn under<P, V>(app: &Arc<Any<V>>) -> Server
where
    V: Verifier<Scheme = Digest, Identity = String> + 'static,
    P: Policy<Accepts: Accepts<Any<V>, Authenticated<String>>>,
{
    let app = Arc::clone(app);
    Server::of("check", move |request: Request<Body>| {
        let app = Arc::clone(&app);
        async move {
            let request = GuardedBody::received(request);
            let view = RequestView::of(&request);
            match auth_core::http::check::<P, Authenticated<String>, _>(&*app, view).await {
                Ok(user) => Response::new(Body::from(user.to_string())),
                Err(refusal) => refusal.into_response(),
            }
        }
    })
}

/// A wrong password for each challenge, of somebody who may be there and of nobody.
async fn try_all(server: &Server) {
    for challenge in server.challenges("/a").await {
        for user in [USER, "nobody"] {
            let client = Client::of(&challenge, user, "wrong").asking("GET", "/a");
            let outcome = server.told(honest(&client)).await.outcome();
            assert_eq!(outcome, (401, "invalid_credentials"));
        }
    }
}

fn said(seen: &Seen) -> (&str, &str) {
    assert_eq!(seen.level, Level::WARN);
    assert!(seen.name.contains("has no users for"), "{}", seen.name);
    (&seen.fields["realm"], &seen.fields["algorithm"])
}

#[tokio::test]
async fn each_realm_and_algorithm_without_users_is_told_once() {
    let list = DigestUserList::builder([("http-auth@Example.org", DigestAlgorithm::Sha256)])
        .user(USER, PASSWORD, USER.to_owned())
        .unwrap()
        .user_with_hash(
            USER,
            REALM,
            auth_core::digest::DigestHash::new(DigestAlgorithm::Sha256, USER, REALM, PASSWORD)
                .unwrap(),
            USER.to_owned(),
        )
        .unwrap();
    let app = app_of(built(list.build().unwrap()));
    let (both, elsewhere) = (under::<Both, _>(&app), under::<Elsewhere, _>(&app));
    let seen = told(async {
        for _ in 0..3 {
            try_all(&both).await;
            try_all(&elsewhere).await;
        }
    })
    .await;
    let pairs: Vec<_> = seen.iter().map(said).collect();
    assert_eq!(pairs, [(REALM, "MD5"), ("elsewhere", "SHA-256")]);
    for seen in &seen {
        let there = "; the store has realm \"http-auth@Example.org\" SHA-256, realm \"http-auth@example.org\" SHA-256";
        assert!(seen.name.ends_with(there), "{}", seen.name);
    }
}

// Also where the file is shared; and a file that cannot be read changes nothing.
#[tokio::test]
async fn it_is_told_anew_once_the_users_were_read_again() {
    let directory = std::env::temp_dir().join(format!("auth-tests-digest-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("users");
    let line = |algorithm| htdigest_line(algorithm, USER, REALM, PASSWORD).unwrap();
    std::fs::write(&path, line(DigestAlgorithm::Sha256)).unwrap();
    let open = || Htdigest::open(&path, |name: &str, _: &str| name.to_owned()).unwrap();
    let own = built(open());
    let shared = built(Arc::new(open()));
    let apps = (app_of(own.clone()), app_of(shared.clone()));
    let servers = [under::<Both, _>(&apps.0), under::<Both, _>(&apps.1)];
    let reload = || (own.reload(), shared.reload());
    for (algorithms, expected) in [
        (&[DigestAlgorithm::Sha256][..], &["MD5"][..]),
        (&[], &[]),
        (&[DigestAlgorithm::Md5], &["SHA-256"]),
        (&[DigestAlgorithm::Sha256, DigestAlgorithm::Md5], &[]),
    ] {
        let lines: Vec<_> = algorithms.iter().copied().map(line).collect();
        std::fs::write(&path, lines.join("\n")).unwrap();
        let (own, shared) = reload();
        for reloaded in [own, shared] {
            assert_eq!(reloaded.ok(), (!lines.is_empty()).then_some(lines.len()));
        }
        for server in &servers {
            let seen = told(async {
                try_all(server).await;
                try_all(server).await;
            });
            let seen = seen.await;
            let algorithms: Vec<_> = seen.iter().map(|seen| said(seen).1).collect();
            assert_eq!(algorithms, expected);
        }
    }
    std::fs::remove_dir_all(&directory).unwrap();
}

// Few clients take auth-int: it is told to those who look at the log, and not when the first of them comes.
#[tokio::test]
async fn auth_int_where_nothing_shows_the_content_is_told_with_the_first_challenge() {
    let blind = |app: &Arc<_>| {
        let router = axum::Router::new().route("/{*path}", axum::routing::any(signed));
        Server::router("axum", router.with_state(Arc::clone(app)))
    };
    let (one, _) = app();
    // Every server that shows it, and the policy that offers none of it where none is shown.
    let seen = told(async {
        for server in all(&one) {
            server.challenges("/a").await;
        }
        let plain = crate::stores::serve(users(SECRET));
        plain.challenges("/a").await;
    });
    assert!(seen.await.is_empty());
    let seen = told(async {
        for _ in 0..3 {
            assert_eq!(blind(&one).challenges("/a").await.len(), 1);
        }
    });
    let [seen] = &seen.await[..] else {
        panic!("told once");
    };
    assert_eq!((seen.level, &*seen.fields["realm"]), (Level::ERROR, REALM));
    assert!(seen.name.contains("DigestLayer"), "{}", seen.name);
    // Once for each verifier.
    let (other, _) = app();
    let seen = told(async {
        blind(&other).challenges("/a").await;
    });
    assert_eq!(seen.await.len(), 1);
}
