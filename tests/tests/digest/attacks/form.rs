//! Parameters that are missing, malformed or there twice.

use super::{ALGORITHM, Attack, CREDENTIALS, NAMES, PARAMETER, TARGET, attack, belief, params};
use crate::server::request;

// D-4, D-8, D-9, D-12, D-16
pub(super) fn missing_parameters() -> Vec<Attack> {
    let mut attacks: Vec<_> = NAMES
        .iter()
        .map(|name| match *name {
            "algorithm" => params("algorithm absent", ALGORITHM, |sent| {
                sent.without("algorithm").with("response", "a".repeat(32))
            }),
            name => params(format!("{name} absent"), PARAMETER, |sent| {
                sent.without(name)
            }),
        })
        .collect();
    attacks.push(attack("the form of RFC 2069", PARAMETER, |client| {
        let sent = client.params().with("response", client.old_response());
        let sent = sent.without("qop").without("nc").without("cnonce");
        request("GET", TARGET, &sent.field(), b"")
    }));
    attacks.push(attack("the form of RFC 2069 in MD5", PARAMETER, |client| {
        let mut client = client.clone();
        "MD5".clone_into(&mut client.algorithm);
        let sent = client.params().with("response", client.old_response());
        let sent = sent.without("qop").without("nc").without("cnonce");
        request("GET", TARGET, &sent.without("algorithm").field(), b"")
    }));
    attacks.push(attack(
        "algorithm absent, and MD5 meant",
        ALGORITHM,
        |client| {
            let mut client = client.clone();
            "MD5".clone_into(&mut client.algorithm);
            let field = client.params().without("algorithm").field();
            request("GET", TARGET, &field, b"")
        },
    ));
    attacks.extend(
        [
            "username",
            "realm",
            "uri",
            "nonce",
            "cnonce",
            "qop",
            "nc",
            "response",
            "algorithm",
        ]
        .map(|name| {
            params(format!("{name} empty"), PARAMETER, move |sent| {
                sent.with(name, "\"\"")
            })
        }),
    );
    attacks
}

// D-9, D-10
pub(super) fn counts() -> Vec<Attack> {
    let malformed = [
        "1",
        "zzzzzzzz",
        "0000001",
        "000000001",
        "+0000001",
        "0x000001",
        "00000000",
        "\"00000000\"",
        "\"0000001 \"",
        "\"\u{ff11}\u{ff11}\"",
    ];
    let computed = malformed.map(|nc| {
        belief(format!("nc={nc}"), PARAMETER, move |client| {
            nc.clone_into(&mut client.nc);
        })
    });
    let others = ["00000002", "ffffffff"].map(|nc| {
        params(
            format!("another nc than was computed: {nc}"),
            CREDENTIALS,
            move |sent| sent.with("nc", nc),
        )
    });
    computed.into_iter().chain(others).collect()
}

// D-17, D-25: twice the same as well, and in letters of either case.
pub(super) fn duplicates() -> Vec<Attack> {
    let mut attacks = Vec::new();
    for name in NAMES {
        attacks.push(attack(format!("{name} twice"), PARAMETER, move |client| {
            let sent = client.params();
            let value = sent.get(name).to_vec();
            request("GET", TARGET, &sent.and(name, value).field(), b"")
        }));
        attacks.push(params(
            format!("{name} twice, differently"),
            PARAMETER,
            move |sent| sent.and(&name.to_uppercase(), "\"00000002\""),
        ));
    }
    for name in ["opaque", "userhash", "username*", "extension"] {
        attacks.push(params(format!("{name} twice"), PARAMETER, move |sent| {
            sent.and(name, "false").and(name, "false")
        }));
    }
    attacks.push(params("username with username*", PARAMETER, |sent| {
        sent.and("username*", "UTF-8''Mufasa")
    }));
    attacks
}
