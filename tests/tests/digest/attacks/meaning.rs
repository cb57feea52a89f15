//! Well-formed credentials that are no answer to the challenge, or a wrong one.

use super::{
    ALGORITHM, Attack, CREDENTIALS, NONCE, OTHER_REALM, PARAMETER, TARGET, TARGET_DIFFERS, attack,
    belief, params,
};
use crate::server::request;

// D-4, D-8, D-12
pub(super) fn downgrades() -> Vec<Attack> {
    let algorithms = [
        "MD5",
        "MD5-sess",
        "SHA-256-sess",
        "SHA-512-256",
        "SHA-512-256-sess",
    ];
    let mut attacks: Vec<_> = algorithms
        .map(|algorithm| {
            belief(format!("algorithm={algorithm}"), ALGORITHM, move |client| {
                algorithm.clone_into(&mut client.algorithm);
            })
        })
        .into();
    attacks.extend(["SHA-1", "SHA256", "none", "\"\u{e4}\""].map(|name| {
        params(format!("algorithm={name}"), ALGORITHM, move |sent| {
            sent.with("algorithm", name)
        })
    }));
    attacks.extend(
        ["auth-conf", "\"auth,auth-int\"", "\"auth, auth\"", "none"].map(|qop| {
            params(format!("qop={qop}"), PARAMETER, move |sent| {
                sent.with("qop", qop)
            })
        }),
    );
    attacks.push(params("auth-int claimed", CREDENTIALS, |sent| {
        sent.with("qop", "auth-int")
    }));
    attacks.push(params(
        "userhash where it is not offered",
        PARAMETER,
        |sent| sent.and("userhash", "true"),
    ));
    attacks.push(attack(
        "a hashed name where it is not offered",
        PARAMETER,
        |client| {
            let name = format!("\"{}\"", client.user_hash());
            let sent = client.params().with("username", name);
            request("GET", TARGET, &sent.and("userhash", "true").field(), b"")
        },
    ));
    attacks.push(params("userhash=maybe", PARAMETER, |sent| {
        sent.and("userhash", "maybe")
    }));
    attacks
}

// D-13: the digest is right for the target that it names.
pub(super) fn targets() -> Vec<Attack> {
    [
        "/dir/other.html?q=%22a%22+b",
        "/dir/index.html",
        "/dir/index.html?",
        "/dir/index.html?q=%22a%22+b&admin=1",
        "/dir/index.html?q=%22a%22%20b",
        "/dir/index.html?q=%22A%22+b",
        "/dir/./index.html?q=%22a%22+b",
        "/dir/%69ndex.html?q=%22a%22+b",
        "//dir/index.html?q=%22a%22+b",
        "/dir/index.html?q=%22a%22+b#f",
        "http://localhost/dir/index.html?q=%22a%22+b",
        "*",
    ]
    .map(|uri| {
        belief(format!("uri={uri}"), TARGET_DIFFERS, move |client| {
            uri.clone_into(&mut client.uri);
        })
    })
    .into()
}

// D-14, D-15
pub(super) fn nonces() -> Vec<Attack> {
    let changed = |what: &'static str, change: fn(&str) -> String| {
        belief(format!("nonce {what}"), NONCE, move |client| {
            client.nonce = change(&client.nonce);
        })
    };
    vec![
        changed("made up", |_| {
            "dcd98b7102dd2f0e8b11d0f600bfb0c093".to_owned()
        }),
        changed("of zeros", |nonce| "A".repeat(nonce.len())),
        changed("truncated", |nonce| nonce[..nonce.len() - 1].to_owned()),
        changed("longer", |nonce| format!("{nonce}A")),
        changed("padded", |nonce| format!("{nonce}==")),
        changed("overlong", |nonce| nonce.repeat(100)),
        changed("of another time", |nonce| {
            let first = if nonce.starts_with('B') { "C" } else { "B" };
            format!("{first}{}", &nonce[1..])
        }),
        changed("with another code", |nonce| {
            let last = if nonce.ends_with('A') { "Q" } else { "A" };
            format!("{}{last}", &nonce[..nonce.len() - 1])
        }),
        changed("in another alphabet", |nonce| {
            format!("{}+/", &nonce[..nonce.len() - 2])
        }),
        changed("beyond ASCII", |nonce| "\u{e4}".repeat(nonce.len() / 2)),
        belief("other realm", OTHER_REALM, |client| {
            "other@example.org".clone_into(&mut client.realm);
        }),
        belief("realm of another case", OTHER_REALM, |client| {
            client.realm = client.realm.to_uppercase();
        }),
    ]
}

// D-5
pub(super) fn digests() -> Vec<Attack> {
    vec![
        belief("wrong password", CREDENTIALS, |client| {
            client.password.push('!');
        }),
        belief("unknown user", CREDENTIALS, |client| {
            "Scar".clone_into(&mut client.user);
        }),
        belief("another user's name", CREDENTIALS, |client| {
            client.user = client.user.to_uppercase();
        }),
        belief("method changed", CREDENTIALS, |client| {
            "DELETE".clone_into(&mut client.method);
        }),
        belief("method of another case", CREDENTIALS, |client| {
            "get".clone_into(&mut client.method);
        }),
        params("cnonce changed", CREDENTIALS, |sent| {
            sent.with("cnonce", "\"0a4f113c\"")
        }),
        params("response of zeros", CREDENTIALS, |sent| {
            sent.with("response", format!("\"{}\"", "0".repeat(64)))
        }),
        params("response cut", PARAMETER, |sent| {
            let response = String::from_utf8(sent.get("response").to_vec()).unwrap();
            sent.with("response", format!("{}\"", &response[..63]))
        }),
        params("response too long", PARAMETER, |sent| {
            sent.with("response", format!("\"{}\"", "0".repeat(66)))
        }),
        params("response as long as that of MD5", PARAMETER, |sent| {
            sent.with("response", format!("\"{}\"", "0".repeat(32)))
        }),
        params("response not in digits", PARAMETER, |sent| {
            sent.with("response", format!("\"{}\"", "g".repeat(64)))
        }),
    ]
}
