//! V15: the URL is configured. No field of a request changes it.

use auth_core::BodyFormat;
use auth_tests::app::Pace;
use auth_tests::drivers;
use auth_tests::raw::exchange;

use super::{URL, resource, settings};

#[tokio::test]
async fn no_field_of_a_request_changes_the_url_v15() {
    for server in drivers::ALL {
        let settings = settings(BodyFormat::Json).with_protected_resource(resource());
        let address = server.start(Pace::AtOnce, settings);
        for (target, fields) in [
            ("/bearer", "Host: evil.example\r\n"),
            ("http://evil.example/bearer", "Host: evil.example\r\n"),
            (
                "/bearer",
                "Host: localhost\r\nX-Forwarded-Host: evil.example\r\n",
            ),
            (
                "/bearer",
                "Host: localhost\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Port: 81\r\n",
            ),
            (
                "/bearer",
                "Host: localhost\r\nX-Forwarded-Prefix: /evil.example\r\nX-Original-URL: /evil.example\r\n",
            ),
            (
                "/bearer",
                "Host: localhost\r\nForwarded: host=evil.example;proto=http\r\n",
            ),
            (
                "/bearer?resource=https://evil.example",
                "Host: evil.example:99999\r\n",
            ),
            ("/bearer", "Host: \"evil.example\r\n"),
        ] {
            let request = format!("GET {target} HTTP/1.1\r\n{fields}\r\n");
            let answer = exchange(address, request).await.unwrap();
            assert_eq!(answer.status(), 401, "{server:?} {fields}");
            assert_eq!(
                answer.field("www-authenticate"),
                [format!(r#"Bearer realm="API", resource_metadata="{URL}""#)],
                "{server:?} {fields}"
            );
            assert!(!answer.head.contains("evil") && !answer.body.contains("evil"));
        }
    }
}
