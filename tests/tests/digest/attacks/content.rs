//! Content that is not the one that was covered.

use auth_tests::digest::Client;

use super::{Attack, CONTENT, CREDENTIALS, TARGET, attack};
use crate::server::request;

// D-7
pub(super) fn contents() -> Vec<Attack> {
    let with = |sent: &'static [u8]| {
        move |client: &Client| {
            let covering = client.clone().covering("{\"amount\": 1}");
            request("GET", TARGET, &covering.params().field(), sent)
        }
    };
    vec![
        attack("content changed", CREDENTIALS, with(b"{\"amount\": 9}")),
        attack("content cut", CREDENTIALS, with(b"{\"amount\": 1")),
        attack("content gone", CREDENTIALS, with(b"")),
        attack("content longer", CREDENTIALS, with(b"{\"amount\": 1} ")),
        attack(
            "content longer than the limit",
            CONTENT,
            with(&[b' '; 1001]),
        ),
        attack(
            "content covered as empty, as curl does",
            CREDENTIALS,
            |client| {
                let covering = client.clone().covering("");
                request("GET", TARGET, &covering.params().field(), b"pears")
            },
        ),
        attack("qop=auth claimed", CREDENTIALS, |client| {
            let sent = client.clone().covering("pears").params();
            request("GET", TARGET, &sent.with("qop", "auth").field(), b"pears")
        }),
    ]
}
