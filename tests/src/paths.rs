//! V11: no spelling of a path is read in one way by the router and in another by the guard. Protection hangs on the
//! handler, so whatever a router makes of a path, a handler runs only for whom its policy admits.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use serde_json::json;

use crate::app::Pace;
use crate::drivers::Driver;
use crate::handlers::{CASE, new_case, ran};
use crate::raw::{Answer, Connection};
use crate::tokens;

/// Spellings of guarded paths, and ways that lead to them past public ones.
const TARGETS: &[&str] = &[
    "/bearer",
    "/a/bearer",
    "/a/items/1",
    "/a/b/clerks",
    // slashes
    "//bearer",
    "//a/bearer",
    "/a//bearer",
    "/a/b//clerks",
    "/a//b/clerks",
    "///a///b///clerks",
    "/a/bearer/",
    "/a/bearer//",
    "/a/b/clerks/",
    "/a/items/1/",
    "/a/items//",
    "/a\\bearer",
    "\\a\\bearer",
    "/a/b\\clerks",
    // parameters
    "/a/bearer;x",
    "/a/bearer;",
    "/a;x/bearer",
    "/;x/a/bearer",
    "/a/b;x=y/clerks;z",
    "/a/bearer;/",
    "/a/items/1;admin",
    "/bearer;jsessionid=1",
    // encoded
    "/%61/bearer",
    "/a/%62earer",
    "/a/b/%63lerks",
    "/a/b/%63%6c%65%72%6B%73",
    "/a/%2562earer",
    "/a%2Fbearer",
    "/a%2fb%2fclerks",
    "%2Fa%2Fbearer",
    "/a/bearer%2F",
    "/a/bearer%3B",
    "/a/b%3Bx/clerks",
    "/a/items/%2E%2E",
    "/a/items/..%2Fb%2Fclerks",
    "/a/items/%2e%2e%2fb%2fclerks",
    "/a/bearer%00",
    "/a/bearer%00.html",
    "/%00/a/bearer",
    "/a/bearer%0a",
    "/a/bearer%0A/x",
    "/%0a/a/bearer",
    "/a/items/1%0d%0ax:y",
    "/a/bearer%20",
    "/a/bearer%5C",
    "/a%5Cbearer",
    "/a/bearer%",
    "/a/bearer%zz",
    "/a/bearer%u002e",
    "/a/b%c0%afclerks",
    "/a/%ef%bd%82earer",
    // letter case
    "/A/bearer",
    "/a/BEARER",
    "/a/B/Clerks",
    "/Bearer",
    // dots
    "/./a/bearer",
    "/a/./bearer",
    "/a/bearer/.",
    "/a/bearer/..",
    "/../a/bearer",
    "/x/../a/bearer",
    "/health/../a/bearer",
    "/health/../bearer",
    "/health/..;/a/bearer",
    "/health/..%2Fa/bearer",
    "/health/%2e%2e/a/bearer",
    "/a/b/../bearer",
    "/a/items/../b/clerks",
    "/a/bearer/../../health",
    // suffixes
    "/a/bearer.json",
    "/a/bearer.",
    "/a/bearer?x",
    "/a/bearer?",
    "/health?/../a/bearer",
    "/a/bearer#x",
    "/health/a/bearer",
    // other forms of a target
    "http://localhost/a/bearer",
    "http://localhost//a/b/clerks",
    "http://localhost/health/../a/bearer",
    "http://evil.example/a/b/clerks",
    "HTTP://LOCALHOST/a/bearer",
    "http:///a/bearer",
    "localhost/a/bearer",
    "a/bearer",
    "*",
    "localhost:80",
];

const METHODS: &[&str] = &[
    "GET", "HEAD", "OPTIONS", "POST", "TRACE", "CONNECT", "PROPFIND", "get",
];

/// Handlers that anybody may reach.
const PUBLIC: &[&str] = &["health", "elsewhere"];

/// Who calls, and the handlers that admit him.
fn callers() -> [(Option<String>, &'static [&'static str]); 4] {
    let clerk = tokens::of(&tokens::claims_but("roles", json!(["clerk"])));
    [
        (None, &[]),
        (Some("x".to_owned()), &[]),
        (Some(tokens::good()), &["bearer"]),
        (Some(clerk), &["bearer", "clerks"]),
    ]
}

/// Fails if any spelling of a path leads to a handler whose policy is not met, or to what only such a handler says.
pub async fn no_spelling_leads_past_the_guard(driver: Driver) {
    let address = driver.at(Pace::Awaiting);
    let mut reached = BTreeSet::new();
    for (token, admitting) in callers() {
        for target in TARGETS {
            for method in METHODS {
                let place = format!("{driver:?}: {method} {target} with {token:?}");
                let (answer, ran) = ask(address, method, target, token.as_deref()).await;
                for handler in &ran {
                    let admitted = PUBLIC.contains(handler) || admitting.contains(handler);
                    assert!(admitted, "{place}: {handler} ran");
                    reached.insert((admitting.len(), *method, *target, *handler));
                }
                let Some(answer) = answer else {
                    assert!(ran.is_empty(), "{place}: closed, and {ran:?} ran");
                    continue;
                };
                // Whoever answers 2xx is the handler that ran, or the server, about the methods it knows.
                let told = answer.field("x-handler");
                assert_eq!(told, ran, "{place}: {answer:?}");
                let says_its_own = ran.iter().any(|handler| answer.body.starts_with(handler));
                assert!(
                    says_its_own || !answer.body.contains("ada"),
                    "{place}: {answer:?}"
                );
                // V25
                let challenged = !answer.field("www-authenticate").is_empty();
                assert!(answer.status() != 401 || challenged, "{place}: {answer:?}");
            }
        }
    }
    // What is refused above is admitted where it should be.
    for (tokens, path, handler) in [
        (0, "/a/bearer", None),
        (1, "/bearer", Some("bearer")),
        (1, "/a/bearer", Some("bearer")),
        (1, "/a/items/1", Some("bearer")),
        (1, "/a/b/clerks", None),
        (2, "/a/b/clerks", Some("clerks")),
        (0, "/health/a/bearer", Some("elsewhere")),
    ] {
        let found = reached.iter().find(|(admitting, method, target, _)| {
            (*admitting, *method, *target) == (tokens, "GET", path)
        });
        let found = found.map(|(.., handler)| *handler);
        assert_eq!(found, handler, "{driver:?}: GET {path} of {tokens}");
    }
}

async fn ask(
    server: SocketAddr,
    method: &str,
    target: &str,
    token: Option<&str>,
) -> (Option<Answer>, Vec<&'static str>) {
    let case = new_case();
    let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
    let authorization = authorization.unwrap_or_default();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{CASE}: {case}\r\n{authorization}\r\n"
    );
    let mut connection = Connection::open(server).await;
    connection.send(request).await;
    let answer = connection.answer(method == "HEAD").await;
    (answer, ran(&case))
}
