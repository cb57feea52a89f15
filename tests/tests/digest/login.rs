//! `auth_core::testing::DigestLogin` logs in to every server.

use auth_core::auth_policy;
use auth_core::testing::{DigestLogin, DigestLoginError};
use http::{HeaderValue, Method};

use crate::server::{PASSWORD, REALM, Server, USER, all, app, request, under};

#[auth_policy(
    scheme = "Digest",
    realm = REALM,
    algorithm = "SHA-256-sess, SHA-512-256, MD5",
    qop = "auth, auth-int",
    opaque = "5ccc069c403ebaf9",
    userhash
)]
struct Hashed;

async fn challenges(server: &Server) -> Vec<HeaderValue> {
    let challenges = server.challenges("/a?b").await.into_iter();
    challenges.map(|line| line.try_into().unwrap()).collect()
}

#[tokio::test]
async fn it_logs_in_with_rising_counts() {
    let (app, _) = app();
    let mut servers = all(&app);
    servers.push(under::<Hashed>(&app));
    for server in servers {
        for challenge in challenges(&server).await {
            for (user, name) in [(USER, USER), ("Ja\u{308}s\u{f8}n Doe", "Jason")] {
                let challenge = challenges(&server)
                    .await
                    .into_iter()
                    .find(|other| other.len() == challenge.len());
                let (challenge, mut login) = (challenge.unwrap(), DigestLogin::new(user, PASSWORD));
                for n in 1..=3 {
                    let target = format!("/a?{n}");
                    let field = login.answer(&challenge, &Method::GET, &target).unwrap();
                    let told = server
                        .told(request("GET", &target, field.as_bytes(), b""))
                        .await;
                    assert_eq!(told.content, format!("{name} {target} "), "{}", server.name);
                    let field = login.answer_with_content(&challenge, &Method::PUT, &target, b"2");
                    let field = field.unwrap();
                    let told = server
                        .told(request("PUT", &target, field.as_bytes(), b"2"))
                        .await;
                    assert_eq!(
                        told.content,
                        format!("{name} {target} 2"),
                        "{}",
                        server.name
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn it_is_no_way_around() {
    let (app, _) = app();
    for server in all(&app) {
        let [challenge] = &challenges(&server).await[..] else {
            panic!("one")
        };
        for (user, password) in [(USER, "open sesame"), ("Scar", PASSWORD)] {
            let mut login = DigestLogin::new(user, password);
            let field = login.answer(challenge, &Method::GET, "/a").unwrap();
            let told = server
                .told(request("GET", "/a", field.as_bytes(), b""))
                .await;
            assert_eq!(told.outcome(), (401, "invalid_credentials"));
        }
    }
}

#[test]
fn what_cannot_be_answered_is_told() {
    const GOOD: &str = r#"Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256"#;
    let answer = |challenge: &str, user: &str, target: &str| {
        let challenge = HeaderValue::from_str(challenge).unwrap();
        let answer = DigestLogin::new(user, "p").answer(&challenge, &Method::GET, target);
        answer.map(drop)
    };
    assert_eq!(answer(GOOD, "u", "/"), Ok(()));
    let basic = format!(r#"Basic realm="r", {GOOD}"#);
    assert_eq!(answer(&basic, "u", "/"), Ok(()));
    for (challenge, error) in [
        (r#"Basic realm="r""#, DigestLoginError::NoChallenge),
        (
            r#"Digest realm="r", qop="auth""#,
            DigestLoginError::NoChallenge,
        ),
        (
            r#"Digest realm="r", nonce="n""#,
            DigestLoginError::NoChallenge,
        ),
        ("Digest realm", DigestLoginError::NoChallenge),
        (
            r#"Digest realm="r", nonce="n", qop="auth", algorithm=SHA-1"#,
            DigestLoginError::UnknownAlgorithm,
        ),
        (
            r#"Digest realm="r", nonce="n", qop="auth-conf""#,
            DigestLoginError::QopNotOffered,
        ),
    ] {
        assert_eq!(answer(challenge, "u", "/"), Err(error), "{challenge}");
    }
    assert_eq!(answer(GOOD, "u:v", "/"), Err(DigestLoginError::Unusable));
    assert_eq!(answer(GOOD, "u", "/\r\n"), Err(DigestLoginError::Unusable));
    let challenge = HeaderValue::from_static(GOOD);
    let with_content =
        DigestLogin::new("u", "p").answer_with_content(&challenge, &Method::GET, "/", b"");
    let error = with_content.unwrap_err();
    assert_eq!(error, DigestLoginError::QopNotOffered);
    assert!(error.to_string().contains("auth-int"));
    let login = DigestLogin::new("u", "open sesame");
    assert!(!format!("{login:?}").contains("open"));
}
