//! Digest beside other schemes, and what else a policy demands.

use auth_core::{Authenticated, auth_policy, requires_auth};
use auth_tests::digest::{Client, param};
use axum::body::Body;
use http::{HeaderValue, Request, Response, header};

use crate::server::{PASSWORD, REALM, Server, Told, USER, app, honest, request, tell, under};

const CHALLENGE: &str = r#"Digest realm="http-auth@example.org", qop="auth", algorithm=SHA-256, charset=UTF-8, nonce="…""#;

/// The challenges, without their nonces.
fn asks(told: &Told) -> Vec<String> {
    let lines = told.challenges.iter();
    lines
        .map(|line| match param(line, "nonce") {
            Some(nonce) => line.replace(&nonce, "…"),
            None => line.clone(),
        })
        .collect()
}

fn with(field: &str) -> Request<Body> {
    request("GET", "/", field.as_bytes(), b"")
}

fn with_key(mut request: Request<Body>) -> Request<Body> {
    let key = HeaderValue::from_static("key");
    request.headers_mut().insert("x-api-key", key);
    request
}

fn nothing() -> Request<Body> {
    let mut request = with("");
    request.headers_mut().remove(header::AUTHORIZATION);
    request
}

/// Mufasa, by the challenge at this place.
async fn mufasa(server: &Server, at: usize) -> Client {
    let challenges = server.told(nothing()).await.challenges;
    Client::of(&challenges[at], USER, PASSWORD)
}

#[auth_policy(realm = REALM, any(Digest, Bearer))]
struct DigestOrBearer;

#[auth_policy(realm = REALM, any(Bearer, Digest(algorithm = "SHA-256, MD5")))]
struct BearerOrDigest;

#[allow(deprecated)]
#[auth_policy(realm = REALM, any(Digest, Basic))]
struct DigestOrBasic;

#[auth_policy(realm = REALM, all(Digest, ApiKey(header = "X-API-Key")))]
struct DigestAndKey;

const BEARER: &str = r#"Bearer realm="http-auth@example.org""#;
const BASIC: &str = r#"Basic realm="http-auth@example.org", charset="UTF-8""#;
const API_KEY: &str = r#"ApiKey realm="http-auth@example.org", in="header", name="X-API-Key""#;

// H-12, D-18: one field line each, in the order of the policy.
#[tokio::test]
async fn either_scheme_does() {
    let (app, _) = app();
    let md5 = CHALLENGE.replace("SHA-256", "MD5");
    for (server, at, lines) in [
        (under::<DigestOrBearer>(&app), 0, vec![CHALLENGE, BEARER]),
        (
            under::<BearerOrDigest>(&app),
            1,
            vec![BEARER, CHALLENGE, &md5],
        ),
    ] {
        let told = server.told(nothing()).await;
        assert_eq!(
            (told.outcome(), asks(&told)),
            (
                (401, "missing"),
                lines.iter().map(ToString::to_string).collect()
            )
        );
        let client = mufasa(&server, at).await;
        let mut wrong = client.clone();
        wrong.password.push('!');
        let told = server.told(honest(&wrong)).await;
        assert_eq!(told.outcome(), (401, "invalid_credentials"));
        assert_eq!(asks(&told), lines);
        let told = server.told(honest(&client)).await;
        assert_eq!(told.content, "Mufasa / ");
        // stale=true on Digest alone
        let told = server.told(honest(&client)).await;
        assert_eq!(told.outcome(), (401, "stale_nonce"));
        let stale: Vec<_> = lines
            .iter()
            .map(|line| {
                if line.starts_with("Digest") {
                    format!("{line}, stale=true")
                } else {
                    (*line).to_owned()
                }
            })
            .collect();
        assert_eq!(asks(&told), stale);

        let told = server.told(with("Bearer good")).await;
        assert_eq!(told.content, "bearer / ");
        let told = server.told(with("Bearer wrong")).await;
        assert_eq!(told.outcome(), (401, "invalid_credentials"));
        let invalid = r#"Bearer realm="http-auth@example.org", error="invalid_token""#;
        assert!(
            asks(&told).iter().any(|line| line.starts_with(invalid)),
            "{told:?}"
        );
        assert_eq!(told.challenges.len(), lines.len());
        assert!(!told.challenges.concat().contains("stale"));
    }
}

// D-26
#[tokio::test]
async fn d26_beside_basic() {
    let (app, _) = app();
    let server = under::<DigestOrBasic>(&app);
    let told = server.told(nothing()).await;
    assert_eq!(asks(&told), [CHALLENGE, BASIC]);
    let client = mufasa(&server, 0).await;
    assert_eq!(server.told(honest(&client)).await.content, "Mufasa / ");
    let told = server
        .told(with("Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl"))
        .await;
    assert_eq!(told.outcome(), (401, "invalid_credentials"));
    assert_eq!(asks(&told), [CHALLENGE, BASIC]);
}

#[requires_auth(DigestAndKey)]
async fn both(callers: Authenticated<(String, String)>, request: Request<Body>) -> Response<Body> {
    tell(&callers.0, request).await
}

// What was presented and held is not asked for again; in no case is there half an admission.
#[tokio::test]
async fn both_schemes_are_needed() {
    let (app, _) = app();
    let guarded = auth_core::http::Guarded::new(app, both);
    let server = Server::of("http", move |request| guarded.call(request));
    let told = server.told(nothing()).await;
    assert_eq!(asks(&told), [CHALLENGE, API_KEY]);
    let client = mufasa(&server, 0).await;

    let told = server.told(honest(&client)).await;
    assert_eq!(
        (told.outcome(), asks(&told)),
        ((401, "missing"), vec![API_KEY.to_owned()])
    );
    let told = server.told(with_key(nothing())).await;
    assert_eq!(
        (told.outcome(), asks(&told)),
        ((401, "missing"), vec![CHALLENGE.to_owned()])
    );

    let mut wrong = client.clone().counting(2);
    wrong.password.push('!');
    let told = server.told(with_key(honest(&wrong))).await;
    assert_eq!(told.outcome(), (401, "invalid_credentials"));
    assert_eq!(asks(&told), [CHALLENGE]);
    let told = server.told(with_key(honest(&client.counting(2)))).await;
    assert_eq!(told.content, "Mufasa / ");
}

#[requires_auth(scheme = "Digest", realm = REALM, optional)]
async fn optional(user: Option<Authenticated<String>>, request: Request<Body>) -> Response<Body> {
    let name = user.map_or_else(|| "nobody".to_owned(), |user| user.to_string());
    tell(&name, request).await
}

// Nobody may come; who is wrong is refused.
#[tokio::test]
async fn an_optional_policy_refuses_what_is_wrong() {
    let (app, _) = app();
    let guarded = auth_core::http::Guarded::new(app.clone(), optional);
    let server = Server::of("http", move |request| guarded.call(request));
    let told = server.told(nothing()).await;
    assert_eq!((&*told.content, &told.info), ("nobody / ", &None));

    // A challenge to begin with comes with the first refusal.
    let told = server.told(with("Digest username=\"Mufasa\"")).await;
    assert_eq!(
        (told.outcome(), asks(&told)),
        ((400, "digest_parameter"), vec![CHALLENGE.to_owned()])
    );
    let client = Client::of(&told.challenges[0], USER, PASSWORD);
    let mut wrong = client.clone();
    wrong.password.push('!');
    let told = server.told(honest(&wrong)).await;
    assert_eq!(
        (told.outcome(), asks(&told)),
        ((401, "invalid_credentials"), vec![CHALLENGE.to_owned()])
    );
    let told = server.told(with("Bearer good")).await;
    assert_eq!(told.outcome(), (401, "scheme_not_accepted"));
    let told = server.told(honest(&client)).await;
    assert_eq!(told.content, "Mufasa / ");
    assert_eq!(told.info, Some(client.info("")));
}

#[auth_policy(scheme = "Digest", realm = REALM, scope = "orders:read")]
struct Readers;

#[auth_policy(scheme = "Digest", realm = REALM, scope = "orders:write")]
struct Writers;

#[auth_policy(scheme = "Digest", realm = REALM, role = "clerk")]
struct Clerks;

#[auth_policy(scheme = "Digest", realm = REALM, role = "admin")]
struct Admins;

// Digest has no words for it, and a challenge would make browsers ask for another password.
#[tokio::test]
async fn who_lacks_a_scope_or_role_gets_403_without_a_challenge() {
    let (app, _) = app();
    for (server, outcome) in [
        (under::<Readers>(&app), (200, "admitted")),
        (under::<Clerks>(&app), (200, "admitted")),
        (under::<Writers>(&app), (403, "insufficient_scope")),
        (under::<Admins>(&app), (403, "forbidden")),
    ] {
        let client = mufasa(&server, 0).await;
        // Whoever is not known hears nothing of scopes.
        let mut wrong = client.clone();
        wrong.password.push('!');
        let told = server.told(honest(&wrong)).await;
        assert_eq!(told.outcome(), (401, "invalid_credentials"));
        let told = server.told(honest(&client)).await;
        assert_eq!(
            (told.outcome(), told.challenges.len(), told.info),
            (outcome, 0, None)
        );
    }
}

#[auth_policy(
    scheme = "Digest",
    realm = REALM,
    algorithm = "SHA-512-256, MD5",
    domain = "/a /b",
    opaque = "5ccc069c403ebaf9",
    userhash
)]
struct Old;

// D-3, D-4, D-18, D-19, D-24
#[tokio::test]
async fn d4_where_md5_is_offered_it_is_meant_by_who_names_none() {
    let (app, _) = app();
    let server = under::<Old>(&app);
    let challenge = |algorithm| {
        format!(
            r#"Digest realm="http-auth@example.org", domain="/a /b", qop="auth", algorithm={algorithm}, opaque="5ccc069c403ebaf9", charset=UTF-8, userhash=true, nonce="…""#
        )
    };
    let told = server.told(nothing()).await;
    assert_eq!(asks(&told), [challenge("SHA-512-256"), challenge("MD5")]);

    let (strong, md5) = (mufasa(&server, 0).await, mufasa(&server, 1).await);
    // A nonce of the stronger one is no good for MD5, named or not (D-12).
    let mut downgraded = strong.clone();
    "MD5".clone_into(&mut downgraded.algorithm);
    for sent in [
        downgraded.params(),
        downgraded.params().without("algorithm"),
    ] {
        let told = server.told(request("GET", "/", &sent.field(), b"")).await;
        assert_eq!(told.outcome(), (401, "unknown_nonce"));
        assert_eq!(told.challenges.len(), 2);
    }
    let named = |client: &Client| {
        let name = format!("\"{}\"", client.user_hash());
        client
            .params()
            .with("username", name)
            .and("userhash", "true")
    };
    for (client, other) in [(&strong, &md5), (&md5, &strong)] {
        // The hash of the name in another algorithm, or of nobody.
        for hash in [other.user_hash(), "0".repeat(32), "0".repeat(64)] {
            let sent = client.params().with("username", format!("\"{hash}\""));
            let field = sent.and("userhash", "true").field();
            let told = server.told(request("GET", "/", &field, b"")).await;
            assert_eq!(told.outcome(), (401, "invalid_credentials"));
        }
        for (nc, opaque, outcome) in [
            (1, Some("\"5ccc069c403ebaf0\""), (400, "digest_parameter")),
            (1, Some("\"5ccc069c403ebaf9\""), (200, "admitted")),
            (2, None, (200, "admitted")),
        ] {
            let sent = named(&client.clone().counting(nc));
            let sent = match opaque {
                Some(opaque) => sent.with("opaque", opaque),
                None => sent,
            };
            let told = server.told(request("GET", "/", &sent.field(), b"")).await;
            assert_eq!(told.outcome(), outcome, "{} {nc}", client.algorithm);
        }
        let told = server.told(honest(&client.clone().counting(3))).await;
        assert_eq!(told.outcome(), (200, "admitted"));
        let hashed_twice = client
            .params()
            .with("username*", "UTF-8''Mufasa")
            .without("username");
        let field = hashed_twice.and("userhash", "true").field();
        let told = server.told(request("GET", "/", &field, b"")).await;
        assert_eq!(told.outcome(), (400, "digest_parameter"));
    }
    let unnamed = md5
        .clone()
        .counting(4)
        .params()
        .without("algorithm")
        .field();
    let told = server.told(request("GET", "/", &unnamed, b"")).await;
    assert_eq!(told.outcome(), (200, "admitted"));
}

#[auth_policy(scheme = "Digest", realm = REALM)]
struct Plain;

// D-8
#[tokio::test]
async fn d8_auth_int_where_only_auth_is_offered() {
    let (app, _) = app();
    let server = under::<Plain>(&app);
    let client = mufasa(&server, 0).await;
    let told = server.told(honest(&client.clone().covering("x"))).await;
    assert_eq!(
        (told.outcome(), asks(&told)),
        ((400, "digest_parameter"), vec![CHALLENGE.to_owned()])
    );
    assert_eq!(
        server.told(honest(&client)).await.outcome(),
        (200, "admitted")
    );
}

// D-20: a name beyond ASCII, in both forms of Unicode, as it is and by RFC 8187; and as curl 8.21 writes it.
#[tokio::test]
async fn d20_names_beyond_ascii() {
    let (app, _) = app();
    let server = under::<Plain>(&app);
    for (name, sent, value) in [
        ("J\u{e4}s\u{f8}n Doe", "username", "\"J\u{e4}s\u{f8}n Doe\""),
        (
            "J\u{e4}s\u{f8}n Doe",
            "username*",
            "UTF-8''J%C3%A4s%C3%B8n%20Doe",
        ),
        (
            "J\u{e4}s\u{f8}n Doe",
            "username*",
            "utf-8'en'J%c3%a4s%c3%b8n%20Doe",
        ),
        ("J\u{e4}s\u{f8}n Doe", "username", "\"J%C3%A4s%C3%B8n Doe\""),
        (
            "J\u{e4}s\u{f8}n Doe",
            "username",
            "\"Ja\u{308}s\u{f8}n Doe\"",
        ),
    ] {
        let mut client = mufasa(&server, 0).await;
        name.clone_into(&mut client.user);
        let params = client.params().without("username");
        let field = params.and(sent, value).field();
        let told = server.told(request("GET", "/", &field, b"")).await;
        assert_eq!(told.content, "Jason / ", "{sent} {value}");
    }
}
