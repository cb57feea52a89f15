//! The bodies of refusals: whatever they say, the challenge stays (V25).

use auth_core::{
    Settings,
    refusal::{Body as RefusalBody, BodyFormat},
};
use http::HeaderValue;

use crate::attacks::asks_anew;
use crate::server::{SECRET, Told, all, app_with, honest};

fn formats() -> [(&'static str, Settings); 3] {
    let custom = BodyFormat::custom(|refusal| {
        let text = format!("{} {}", refusal.status().as_u16(), refusal.cause().reason());
        RefusalBody {
            content_type: HeaderValue::from_static("text/plain"),
            content: text.into(),
        }
    });
    [
        ("json", Settings::new()),
        (
            "problem",
            Settings::new().with_body_format(BodyFormat::Problem),
        ),
        ("custom", Settings::new().with_body_format(custom)),
    ]
}

fn says(format: &str, told: &Told, error: &str) {
    let (status, reason) = told.outcome();
    match format {
        "custom" => assert_eq!(told.content, format!("{status} {reason}")),
        "json" => assert_eq!(told.error(), error),
        _ => {
            assert_eq!(told.error(), error);
            assert!(
                told.content.contains(&format!("\"status\": {status}")),
                "{told:?}"
            );
        }
    }
}

#[tokio::test]
async fn v25_every_401_asks_whatever_its_body_says() {
    for (format, settings) in formats() {
        let (app, hand) = app_with(SECRET, settings);
        for server in all(&app) {
            let client = server.client("/a").await;
            let mut wrong = client.clone();
            wrong.password.push('!');
            let mut forged = client.clone();
            forged.nonce.make_ascii_lowercase();
            let mut md5 = client.clone();
            "MD5".clone_into(&mut md5.algorithm);
            let mut count = client.clone();
            "0".clone_into(&mut count.nc);
            for (attack, status, reason, error) in [
                (&wrong, 401, "invalid_credentials", "invalid_credentials"),
                (&forged, 401, "unknown_nonce", "authentication_required"),
                (
                    &md5,
                    401,
                    "algorithm_not_offered",
                    "authentication_required",
                ),
                (&count, 400, "digest_parameter", "invalid_request"),
            ] {
                let told = server.told(honest(attack)).await;
                assert_eq!(told.outcome(), (status, reason), "{format} {}", server.name);
                says(format, &told, error);
                asks_anew(&told, &client.nonce, format);
            }
            assert_eq!(server.told(honest(&client)).await.outcome().0, 200);
            hand.advance(crate::server::LIFETIME);
            let told = server.told(honest(&client)).await;
            assert_eq!(told.outcome(), (401, "stale_nonce"));
            says(format, &told, "authentication_required");
            assert!(told.challenges[0].ends_with("\", stale=true"));
        }
    }
}
