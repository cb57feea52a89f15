//! What clients that others wrote compute is what is computed here (D-5, D-6, D-7, D-19).
#![allow(clippy::unwrap_used)]

use auth_syntax::{DigestAlgorithm, DigestQop};
use proptest::prelude::*;

use super::{Covered, DigestHash, content_hash, response, session_hash, user_hash};
use crate::scheme::{Digest, DigestUser, Scheme as _};
use crate::verify::text;

/// One request, and what its client knows.
#[derive(Clone, Debug)]
struct Asked {
    algorithm: DigestAlgorithm,
    userhash: bool,
    auth_int: bool,
    user: String,
    password: String,
    realm: String,
    nonce: String,
    method: String,
    uri: String,
    body: Option<Vec<u8>>,
    /// How many requests go before with the same nonce.
    before: u32,
}

impl Asked {
    fn challenge(&self) -> String {
        let qop = if self.auth_int {
            "auth, auth-int"
        } else {
            "auth"
        };
        let realm = self.realm.replace('\\', r"\\").replace('"', "\\\"");
        format!(
            "Digest realm=\"{realm}\", qop=\"{qop}\", algorithm={}, charset=UTF-8, userhash={}, nonce=\"{}\"",
            self.algorithm, self.userhash, self.nonce
        )
    }

    /// Reads the `Authorization` field, and whether its digest is the one that is computed here.
    fn verify(&self, authorization: &str) {
        let rest = authorization.strip_prefix("Digest ").unwrap();
        let sent = Digest::extract(rest.as_bytes()).unwrap();
        assert_eq!(sent.algorithm(), Some(self.algorithm));
        assert_eq!(
            (sent.realm(), sent.nonce(), sent.uri(), sent.count()),
            (&*self.realm, &*self.nonce, &*self.uri, self.before + 1),
        );
        let name = user_hash(self.algorithm, &self.user, &self.realm).unwrap();
        assert!(
            sent.user()
                == if self.userhash {
                    DigestUser::Hashed(&name)
                } else {
                    DigestUser::Plain(&self.user)
                }
        );
        let auth_int = sent.qop() == DigestQop::AuthInt;
        assert_eq!(auth_int, self.auth_int && self.body.is_some());

        let mut user =
            DigestHash::new(self.algorithm, &self.user, &self.realm, &self.password).unwrap();
        if self.algorithm.is_session() {
            user = session_hash(&user, sent.nonce(), sent.cnonce());
        }
        let body = content_hash(self.algorithm, self.body.as_deref().unwrap_or_default());
        let covered = Covered {
            nonce: sent.nonce(),
            nc: sent.count_text(),
            cnonce: sent.cnonce(),
            uri: sent.uri(),
            content: auth_int.then_some(&body),
        };
        let right = |method| bool::from(response(&user, method, &covered).matches(sent.response()));
        assert!(right(&self.method));
        assert!(!right("OTHER"));
    }
}

prop_compose! {
    fn asked()(
        algorithm in prop::sample::select(DigestAlgorithm::ALL.to_vec()),
        userhash: bool,
        auth_int: bool,
        // Also beyond ASCII, quotes and backslashes; brought into form C, as clients should (§4).
        user in "[^:\\pC]{1,40}",
        password in "\\PC{1,40}",
        realm in "[ -~]{1,60}",
        nonce in "[!#-\\[\\]-~]{1,90}",
        method in "(GET|HEAD|POST|PROPFIND|X)",
        uri in "/[!#-\\[\\]-~]{0,200}",
        body in prop::option::of(prop::collection::vec(any::<u8>(), 0..300)),
        before in 0..20_u32,
    ) -> Asked {
        let normal = |text: &str| text::normal(text).unwrap().to_string();
        Asked {
            algorithm, userhash, auth_int, realm, nonce, method, uri, body, before,
            user: normal(&user),
            password: normal(&password),
        }
    }
}

proptest! {
    // Without auth-int: http-auth 0.1.10 hashes the content itself into A2 where §3.4.3 has H(entity-body).
    #[test]
    fn http_auth_is_understood(asked in asked()) {
        let asked = Asked { auth_int: false, ..asked };
        let text = asked.challenge();
        let challenges = http_auth::parse_challenges(&text).unwrap();
        let mut client = http_auth::DigestClient::try_from(&challenges[0]).unwrap();
        let params = http_auth::PasswordParams {
            username: &asked.user,
            password: &asked.password,
            uri: &asked.uri,
            method: &asked.method,
            body: asked.body.as_deref(),
        };
        for _ in 0..asked.before {
            client.respond(&params).unwrap();
        }
        asked.verify(&client.respond(&params).unwrap());
    }

    #[test]
    fn digest_auth_is_understood(asked in asked()) {
        let mut client = digest_auth::parse(&asked.challenge()).unwrap();
        let context = digest_auth::AuthContext::new_with_method(
            asked.user.as_str(),
            asked.password.as_str(),
            asked.uri.as_str(),
            asked.body.as_deref(),
            digest_auth::HttpMethod::from(asked.method.as_str()),
        );
        for _ in 0..asked.before {
            client.respond(&context).unwrap();
        }
        asked.verify(&client.respond(&context).unwrap().to_string());
    }
}
