//! Whether an answer is what its row says.

use serde_json::Value;

use super::difference::without_nonce;
use super::request::Asked;
use super::rows::{Expected, Row};

pub(super) fn check(row: &Row, asked: &Asked, place: &str) {
    let answer = asked.answer.as_ref();
    let answer = answer.unwrap_or_else(|| panic!("{place}: the connection was closed"));
    let (status, body) = (answer.status(), &answer.body);
    let challenges = answer.field("www-authenticate").into_iter();
    let challenges: Vec<_> = challenges.map(without_nonce).collect();
    // V13
    assert!(!asked.waited, "{place}: the answer waited for the body");
    match row.expected {
        Expected::Admitted(name) => {
            assert_eq!(status, 200, "{place}: {body}");
            let wanted = format!("{}: {name}: {}", row.handler, row.content);
            assert!(*body == wanted, "{place}: {body:.100}");
            assert_eq!(asked.ran, [row.handler], "{place}");
            assert!(challenges.is_empty(), "{place}");
        }
        Expected::Refused {
            status: wanted,
            error,
            challenges: wanted_challenges,
        } => {
            assert_eq!(status, wanted, "{place}: {body}");
            assert_eq!(challenges, wanted_challenges, "{place}");
            assert_eq!(asked.ran, [""; 0], "{place}");
            // V13: hyper sends it when the body is polled.
            assert!(!asked.continued, "{place}: the body was polled");
            // H-16
            assert_eq!(answer.field("cache-control"), ["no-store"], "{place}");
            assert_eq!(
                answer.field("content-type"),
                ["application/json"],
                "{place}"
            );
            let json: Value =
                serde_json::from_str(body).unwrap_or_else(|_| panic!("{place}: {body}"));
            assert_eq!(json["error"], *error, "{place}: {body}");
            assert!(
                json["message"].is_string() && json.as_object().unwrap().len() == 2,
                "{place}"
            );
            // 1.5 s, rounded up
            let after: &[&str] = if matches!(status, 429 | 503) {
                &["2"]
            } else {
                &[]
            };
            assert_eq!(answer.field("retry-after"), after, "{place}");
            // V25
            assert!(status != 401 || !challenges.is_empty(), "{place}");
            repeats_nothing(row, body, place);
        }
    }
}

/// V28, T-16: nothing of the request comes back.
fn repeats_nothing(row: &Row, body: &str, place: &str) {
    for (_, value) in &row.fields {
        let value = String::from_utf8_lossy(value);
        for word in value.split([' ', ',']).filter(|word| word.len() > 12) {
            assert!(!body.contains(word), "{place}: {body} repeats {word}");
        }
    }
    assert!(
        !body.contains("10.0.0.1") && !body.contains("key file"),
        "{place}: {body}"
    );
}
