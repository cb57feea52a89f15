//! Requests with what is to be seen of them: every cause, and every kind of admission.

use std::collections::BTreeMap;

use auth_tests::app::{API_KEY, DIGEST_PASSWORD, DIGEST_USER, NONCE_LIFETIME, digest_challenge};
use auth_tests::digest::{Client, Params};
use auth_tests::tokens;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A request, and what is to be seen of it.
pub(crate) struct Case {
    pub(crate) handler: &'static str,
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) outcome: &'static str,
    pub(crate) scheme: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) status: u16,
    pub(crate) challenges: &'static [&'static str],
    /// What the event says besides.
    pub(crate) needed: Option<&'static str>,
    pub(crate) cause: &'static str,
}

pub(crate) fn case(handler: &'static str, fields: &[(&'static str, &str)]) -> Case {
    let fields = fields.iter();
    Case {
        handler,
        fields: fields
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect(),
        outcome: "admitted",
        scheme: "none",
        reason: "none",
        status: 200,
        challenges: &[],
        needed: None,
        cause: "",
    }
}

impl Case {
    pub(crate) fn admitted(self, scheme: &'static str) -> Self {
        Self { scheme, ..self }
    }

    pub(crate) fn anonymous(self) -> Self {
        Self {
            outcome: "anonymous",
            ..self
        }
    }

    pub(crate) fn refused(self, scheme: &'static str, status: u16, reason: &'static str) -> Self {
        Self {
            outcome: if status < 500 { "refused" } else { "error" },
            scheme,
            status,
            reason,
            ..self
        }
    }

    pub(crate) fn with_challenges(self, challenges: &'static [&'static str]) -> Self {
        Self { challenges, ..self }
    }

    pub(crate) fn told(self, cause: &'static str) -> Self {
        Self { cause, ..self }
    }

    /// The metrics of one such request, but for the duration.
    pub(crate) fn counts(&self) -> BTreeMap<String, Vec<f64>> {
        let (scheme, outcome, reason) = (self.scheme, self.outcome, self.reason);
        let mut counts = BTreeMap::new();
        let mut count = |metric: String| *counts.entry(metric).or_insert(0.0) += 1.0;
        count(format!(
            "auth_authentications_total{{scheme={scheme:?},outcome={outcome:?},reason={reason:?}}}"
        ));
        if self.status != 200 {
            let status = self.status.to_string();
            count(format!(
                "auth_refusals_total{{status={status:?},reason={reason:?}}}"
            ));
        }
        for scheme in self.challenges {
            count(format!("auth_challenges_total{{scheme={scheme:?}}}"));
        }
        counts
            .into_iter()
            .map(|(name, n)| (name, vec![n]))
            .collect()
    }
}

pub(crate) const AUTHORIZATION: &str = "authorization";

/// A user of Digest, with a new nonce of this time.
fn client(unix_seconds: u64) -> Client {
    let challenge = digest_challenge(unix_seconds);
    Client::of(&challenge, DIGEST_USER, DIGEST_PASSWORD).asking("POST", "/digest")
}

fn digest(sent: &Params) -> Case {
    let field = String::from_utf8(sent.field()).unwrap();
    case("digest", &[(AUTHORIZATION, &field)])
}

pub(crate) fn admissions() -> Vec<Case> {
    let digested = client(tokens::NOW).params();
    let good = format!("Bearer {}", tokens::good());
    let pair = format!("Basic {}", STANDARD.encode("Aladdin:open sesame"));
    vec![
        case("bearer", &[(AUTHORIZATION, &good)]).admitted("Bearer"),
        case("basic", &[(AUTHORIZATION, &pair)]).admitted("Basic"),
        digest(&digested).admitted("Digest"),
        case("api_key", &[("x-api-key", API_KEY)]).admitted("ApiKey"),
        // By the name that its challenge says.
        case("named_key", &[("x-api-key", API_KEY)]).admitted("X-API-Key"),
        case("either", &[(AUTHORIZATION, &pair)]).admitted("Basic"),
        // Of several the first.
        case("both", &[(AUTHORIZATION, &good), ("x-api-key", API_KEY)]).admitted("Bearer"),
        case("optional", &[]).anonymous(),
    ]
}

const BEARER: &[&str] = &["Bearer"];
const DIGEST: &[&str] = &["Digest"];

#[rustfmt::skip]
pub(crate) fn refusals() -> Vec<Case> {
    let client = client(tokens::NOW);
    let old = self::client(tokens::NOW - NONCE_LIFETIME);
    let sent = client.params();
    let good = format!("Bearer {}", tokens::good());
    let expired = format!("Bearer {}", tokens::of(&tokens::claims_but("exp", tokens::PAST.into())));
    let long = format!("Bearer {}", "a".repeat(20_000));
    let failing = |token: &str| case("failing", &[(AUTHORIZATION, &format!("Bearer {token}"))]);
    vec![
        case("bearer", &[]).refused("none", 401, "missing").with_challenges(BEARER)
            .told("no credentials"),
        case("either", &[]).refused("none", 401, "missing").with_challenges(&["Bearer", "Basic"])
            .told("no credentials"),
        case("named_key", &[]).refused("none", 401, "missing").with_challenges(&["X-API-Key"])
            .told("no credentials"),
        case("bearer", &[(AUTHORIZATION, "Digest x")]).refused("none", 401, "scheme_not_accepted").with_challenges(BEARER)
            .told("authentication scheme not accepted"),
        case("basic", &[(AUTHORIZATION, "Basic !")]).refused("Basic", 401, "malformed").with_challenges(&["Basic"])
            .told("credentials not well formed"),
        case("bearer", &[(AUTHORIZATION, &good), (AUTHORIZATION, &good)]).refused("none", 400, "carrier_twice").with_challenges(BEARER)
            .told("credentials sent twice"),
        case("bearer", &[(AUTHORIZATION, &long)]).refused("none", 400, "too_long").with_challenges(BEARER)
            .told("credentials too long"),
        case("bearer", &[(AUTHORIZATION, "Bearer a b")]).refused("Bearer", 400, "not_one_token").with_challenges(BEARER)
            .told("not exactly one bearer token"),
        case("api_key", &[("x-api-key", "unknown")]).refused("ApiKey", 401, "invalid_credentials").with_challenges(&["ApiKey"])
            .told("credentials rejected"),
        case("bearer", &[(AUTHORIZATION, &expired)]).refused("Bearer", 401, "token_expired").with_challenges(BEARER)
            .told("token expired at 2025-10-01T10:00:00Z"),
        case("bearer", &[(AUTHORIZATION, "Bearer x.y.z")]).refused("Bearer", 401, "invalid_token").with_challenges(BEARER)
            .told("token invalid: malformed: not base64url"),
        Case {
            needed: Some("acr hwk mfa, max_age 300"),
            ..case("stepped_up", &[(AUTHORIZATION, &good)]).refused("Bearer", 401, "insufficient_authentication").with_challenges(BEARER)
                .told("user authenticated too weakly or too long ago")
        },
        Case {
            needed: Some("orders:read orders:write"),
            ..case("scoped", &[(AUTHORIZATION, &good)]).refused("Bearer", 403, "insufficient_scope").with_challenges(BEARER)
                .told("scope missing")
        },
        Case {
            needed: Some("role any(clerk, admin)"),
            ..case("clerks", &[(AUTHORIZATION, &good)]).refused("Bearer", 403, "forbidden").told("permission missing")
        },
        case("secure", &[(AUTHORIZATION, &good), ("x-forwarded-proto", "http")]).refused("none", 403, "insecure_transport")
            .told("transport not secure"),
        case("digest", &[]).refused("none", 401, "missing").with_challenges(DIGEST)
            .told("no credentials"),
        digest(&sent.clone().without("nc")).refused("Digest", 400, "digest_parameter").with_challenges(DIGEST)
            .told("nc is missing in the Digest credentials"),
        digest(&client.clone().asking("POST", "/other").params()).refused("Digest", 400, "digest_uri_mismatch").with_challenges(DIGEST)
            .told("uri is not the target of the request: it is another one"),
        digest(&sent.clone().with("algorithm", "SHA-512-256")).refused("Digest", 401, "algorithm_not_offered").with_challenges(DIGEST)
            .told("digest algorithm not offered"),
        digest(&sent.clone().with("nonce", "\"made-up\"")).refused("Digest", 401, "unknown_nonce").with_challenges(DIGEST)
            .told("nonce not issued here"),
        digest(&sent.clone().with("realm", "\"other\"")).refused("Digest", 401, "other_realm").with_challenges(DIGEST)
            .told("realm not that of the challenge"),
        digest(&sent.with("cnonce", "\"another\"")).refused("Digest", 401, "invalid_credentials").with_challenges(DIGEST)
            .told("credentials rejected"),
        digest(&old.params()).refused("Digest", 401, "stale_nonce").with_challenges(DIGEST)
            .told("nonce expired or used before"),
        digest(&client.covering("{}").params()).refused("Digest", 413, "content_too_large")
            .told("content too long to be checked"),
        failing("unreadable").refused("Bearer", 400, "content_unreadable").with_challenges(BEARER)
            .told("content not readable"),
        failing("revoked").refused("Bearer", 401, "token_revoked").with_challenges(BEARER)
            .told("token revoked"),
        failing("many").refused("Bearer", 429, "too_many_requests")
            .told("too many attempts"),
        failing("down").refused("Bearer", 503, "unavailable")
            .told("cannot verify now: the store at 10.0.0.1 is down"),
        failing("unconfigured").refused("Bearer", 500, "not_configured")
            .told("not configured: no key file"),
    ]
}
