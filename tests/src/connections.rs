//! H-15, H-17, H-18: what happens on a connection around a refusal, also to HEAD and to octets that no client library sends.

use crate::app::Pace;
use crate::drivers::Driver;
use crate::raw::{Connection, exchange};
use crate::tokens;

/// Fails unless requests are judged one by one, and what is left of a refused one is never taken for another.
pub async fn each_request_is_judged_by_itself(server: Driver) {
    after_a_refusal_the_connection_goes_on_or_is_closed(server).await;
    head_is_refused_with_the_fields_of_get_and_no_body(server).await;
    octets_that_no_client_sends_are_refused(server).await;
    pipelined_requests_are_judged_one_by_one(server).await;
}

fn good_get() -> String {
    format!(
        "GET /bearer HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
        tokens::good()
    )
}

/// H-18: the body of a refused request is drained or the connection is closed; it never becomes the
/// next request.
async fn after_a_refusal_the_connection_goes_on_or_is_closed(server: Driver) {
    for length in [0, 1, 1_000, 200_000] {
        let address = server.at(Pace::Awaiting);
        let mut connection = Connection::open(address).await;
        // The body looks like a request that would be admitted without credentials.
        let smuggled = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let body: String = smuggled.chars().cycle().take(length).collect();
        connection
            .send(format!(
                "POST /bearer HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{body}"
            ))
            .await;
        assert_eq!(
            connection.answer(false).await.unwrap().status(),
            401,
            "{server:?} {length}"
        );
        if connection.try_send(good_get()).await
            && let Some(next) = connection.answer(false).await
        {
            assert_eq!(next.status(), 200, "{server:?} {length}");
            assert!(
                next.body.starts_with("bearer: ada"),
                "{server:?} {length}: {}",
                next.body
            );
            assert!(connection.nothing_left());
        } else {
            assert!(length > 0, "{server:?}: nothing was left to drain");
        }
    }
}

/// H-17
async fn head_is_refused_with_the_fields_of_get_and_no_body(server: Driver) {
    let address = server.at(Pace::AtOnce);
    let request = |method: &str| format!("{method} /either HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let mut connection = Connection::open(address).await;
    connection.send(request("GET")).await;
    let get = connection.answer(false).await.unwrap();
    connection.send(request("HEAD")).await;
    let head = connection.answer(true).await.unwrap();
    for name in [
        "www-authenticate",
        "content-type",
        "cache-control",
        "content-length",
    ] {
        assert_eq!(head.field(name), get.field(name), "{server:?} {name}");
    }
    assert_eq!(head.status(), get.status());
    // Were there a body, it would stand before the next answer.
    connection.send(good_get()).await;
    assert_eq!(
        connection.answer(false).await.unwrap().status(),
        200,
        "{server:?}"
    );
}

/// What hyper itself refuses never reaches us; what it lets through must be refused by us.
async fn octets_that_no_client_sends_are_refused(server: Driver) {
    let cases: [(&str, &[u8]); 7] = [
        ("NUL in the field", b"Authorization: Bearer a\0b\r\n"),
        ("NUL in the scheme", b"Authorization: Bea\0rer abc\r\n"),
        ("bare CR", b"Authorization: Bearer a\rb\r\n"),
        ("obs-fold", b"Authorization: Bearer\r\n abc\r\n"),
        ("blank before the colon", b"Authorization : Bearer abc\r\n"),
        (
            "a second line in other case",
            b"Authorization: Bearer abc\r\nAUTHORIZATION: Bearer abc\r\n",
        ),
        ("octets above 7F", b"Authorization: Bearer \xff\xfe\r\n"),
    ];
    let address = server.at(Pace::AtOnce);
    for (name, field) in cases {
        let request = [
            b"GET /bearer HTTP/1.1\r\nHost: localhost\r\n",
            field,
            b"\r\n",
        ]
        .concat();
        if let Some(answer) = exchange(address, request).await {
            assert!(
                matches!(answer.status(), 400 | 401),
                "{server:?} {name}: {}",
                answer.head
            );
        }
    }
}

/// H-15: Transfer-Encoding and pipelining do not let a second request ride on the credentials of the first.
async fn pipelined_requests_are_judged_one_by_one(server: Driver) {
    let address = server.at(Pace::Awaiting);
    let mut connection = Connection::open(address).await;
    let without = "GET /bearer HTTP/1.1\r\nHost: localhost\r\n\r\n";
    connection
        .send([&good_get(), without, &good_get()].concat())
        .await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(connection.answer(false).await.unwrap().status());
    }
    assert_eq!(statuses, [200, 401, 200], "{server:?}");
}
