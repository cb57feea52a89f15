//! D-1, D-13, D-18: the whole body and the target reach the guard as they were sent, and the answer of the handler is
//! completed.

use super::*;
use crate::app::{DIGEST_PASSWORD, DIGEST_USER, digest_challenge};
use crate::digest::Client;

const CHALLENGE: &[&str] =
    &[r#"Digest realm="API", qop="auth, auth-int", algorithm=SHA-256, charset=UTF-8, nonce="…""#];

/// The nonce is new in each round, and its counts begin anew.
pub(super) fn rows() -> Vec<Row> {
    let challenge = digest_challenge(NOW);
    let client = |password, count| {
        let client = Client::of(&challenge, DIGEST_USER, password);
        client.asking("POST", "/digest").counting(count)
    };
    vec![
        row("digest, nothing", "digest", &[], missing(CHALLENGE)),
        row(
            "digest",
            "digest",
            &[(AUTH, &client(DIGEST_PASSWORD, 1).params().field())],
            Admitted(DIGEST_USER),
        ),
        row(
            "digest, wrong password",
            "digest",
            &[(AUTH, &client("Hakuna Matata", 2).params().field())],
            refused(401, "invalid_credentials", CHALLENGE),
        ),
        Row {
            content: "x",
            ..row(
                "digest, the content is protected",
                "digest",
                &[(
                    AUTH,
                    &client(DIGEST_PASSWORD, 3).covering("x").params().field(),
                )],
                Admitted(DIGEST_USER),
            )
        },
    ]
}
