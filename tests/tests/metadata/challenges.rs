//! Every refusal of every server, with and without a resource.

use auth_core::{BodyFormat, Settings};
use auth_syntax::Challenges;
use auth_tests::app::{API_KEY, App, NARROW_KEY, Pace};
use auth_tests::request::post;
use auth_tests::servers::Server;
use auth_tests::{servers, tokens};
use http::{HeaderMap, StatusCode};
use serde_json::json;

use super::{URL, resource, settings};

struct Answer {
    status: StatusCode,
    challenges: Vec<String>,
    others: HeaderMap,
    body: String,
}

async fn answer(server: &Server, handler: &str, fields: &[(&str, String)]) -> Answer {
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_bytes()))
        .collect();
    let (request, _) = post(&format!("/{handler}"), &fields, "");
    let (mut head, body) = server.answer(request).await.into_parts();
    let challenges = head.headers.get_all("www-authenticate").iter();
    let challenges = challenges
        .map(|line| line.to_str().unwrap().to_owned())
        .collect();
    head.headers.remove("www-authenticate");
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    Answer {
        status: head.status,
        challenges,
        others: head.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

/// Names and values of fields.
type Sent = Vec<(&'static str, String)>;

/// A handler, what is sent, the status, and how many of its challenges name the metadata.
fn refused() -> Vec<(&'static str, Sent, u16, usize)> {
    let sent = |value: &str| vec![("authorization", value.to_owned())];
    let bearer = |token: String| vec![("authorization", format!("Bearer {token}"))];
    let key = |key: &str| vec![("x-api-key", key.to_owned())];
    let past = tokens::of(&tokens::claims_but("exp", json!(tokens::PAST)));
    let plain = vec![("x-forwarded-proto", "http".to_owned())];
    let keyed = [bearer(tokens::good()), key("unknown")].concat();
    vec![
        ("bearer", vec![], 401, 1),
        ("scoped", vec![], 401, 1),
        ("promised", vec![], 401, 1),
        ("session", vec![], 401, 1),
        ("permitted", vec![], 401, 1),
        ("stepped_up", vec![], 401, 1),
        // Basic and API keys tell no errors, and keep their challenges.
        ("either", vec![], 401, 1),
        ("carriers", vec![], 401, 1),
        ("both", vec![], 401, 1),
        ("basic", vec![], 401, 0),
        ("api_key", vec![], 401, 0),
        ("either", sent("Basic !!"), 401, 1),
        // One challenge for two verifiers of the same text.
        ("two_issuers", vec![], 401, 1),
        ("bearer", sent("Digest x=y"), 401, 1),
        ("bearer", sent("Bearer a b"), 400, 1),
        ("bearer", sent("Bearer a, Bearer b"), 400, 1),
        ("either", sent("Bearer a b"), 400, 1),
        ("bearer", bearer(past), 401, 1),
        ("bearer", bearer("nonsense".to_owned()), 401, 1),
        ("either", bearer("nonsense".to_owned()), 401, 1),
        ("failing", sent("Bearer revoked"), 401, 1),
        ("stepped_up", bearer(tokens::good()), 401, 1),
        // The token held, and is not asked for again.
        ("both", keyed, 401, 0),
        // C-5
        (
            "scoped",
            bearer(tokens::of(&tokens::claims_but("scope", json!("profile")))),
            403,
            1,
        ),
        ("scoped_key", key(NARROW_KEY), 403, 0),
        ("failing", sent("Bearer forbidden"), 403, 0),
        (
            "permitted",
            bearer(tokens::of(&tokens::claims_but("sub", json!("eve")))),
            403,
            0,
        ),
        ("secure", plain, 403, 0),
        ("failing", sent("Bearer many"), 429, 0),
        ("failing", sent("Bearer down"), 503, 0),
        ("failing", sent("Bearer unconfigured"), 500, 0),
    ]
}

// R-1, C-5, DD11: the URL is in all challenges of Bearer, and nothing else of any answer is another one.
#[tokio::test]
async fn bearer_challenges_name_the_metadata_and_nothing_else_changes_r1_c5() {
    for format in [BodyFormat::Json, BodyFormat::Problem] {
        let unset = settings(format);
        let set = unset.clone().with_protected_resource(resource());
        let [without, with] = [unset, set]
            .map(|settings: Settings| servers::all(&App::with_settings(Pace::AtOnce, settings)));
        for (without, with) in without.iter().zip(&with) {
            for (handler, fields, status, named) in refused() {
                let case = format!("{}: {handler} {status}", with.name);
                let before = answer(without, handler, &fields).await;
                let after = answer(with, handler, &fields).await;
                assert_eq!(after.status.as_u16(), status, "{case}");
                assert_eq!(after.status, before.status, "{case}");
                assert_eq!(after.body, before.body, "{case}");
                assert_eq!(after.others, before.others, "{case}");

                let parameter = format!(r#", resource_metadata="{URL}""#);
                let naming = after
                    .challenges
                    .iter()
                    .filter(|text| text.contains(&parameter));
                assert_eq!(naming.count(), named, "{case}: {:?}", after.challenges);
                let removed: Vec<_> = after
                    .challenges
                    .iter()
                    .map(|text| text.replace(&parameter, ""))
                    .collect();
                assert_eq!(removed, before.challenges, "{case}");
                for text in &after.challenges {
                    in_order(text);
                }
            }
        }
    }
}

/// DD11, N-3: what clients search for stands before the description, and only Bearer has it.
fn in_order(text: &str) {
    let challenge = Challenges::new(text.as_bytes()).next().unwrap().unwrap();
    let names: Vec<_> = challenge.params().map(|param| param.name).collect();
    let order = [
        "realm",
        "scope",
        "error",
        "resource_metadata",
        "acr_values",
        "max_age",
        "error_description",
    ];
    if challenge.is("Bearer") {
        let places: Vec<_> = names
            .iter()
            .map(|name| order.iter().position(|known| known == name).unwrap())
            .collect();
        assert!(places.is_sorted(), "{text}");
        assert!(names.contains(&"resource_metadata"), "{text}");
    } else {
        assert!(!names.contains(&"resource_metadata"), "{text}");
    }
}

// The admitted are answered as before, also by a handler whose refusals would name the metadata.
#[tokio::test]
async fn who_is_admitted_sees_nothing_of_it() {
    for server in servers::all(&super::app()) {
        let token = vec![("authorization", format!("Bearer {}", tokens::good()))];
        let key = vec![("x-api-key", API_KEY.to_owned())];
        for (handler, fields) in [
            ("bearer", token.clone()),
            ("permitted", token),
            ("carriers", key),
        ] {
            let answer = answer(&server, handler, &fields).await;
            assert_eq!(answer.status, 200, "{}: {handler}", server.name);
            assert!(answer.challenges.is_empty());
        }
    }
}
