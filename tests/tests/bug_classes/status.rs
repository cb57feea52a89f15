//! V26: the status, the code and the challenge of every fault, for every scheme and carrier.

use auth_core::axum::{GuardedRouter, any};
use auth_core::{Settings, requires_auth};
use axum::Router;
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Request, Response};

use crate::body;
use crate::surface::{App, answer};

async fn ran() -> Response<Body> {
    let answer = Response::builder().header("x-handler", "ran");
    answer.body(Body::empty()).unwrap()
}

#[requires_auth(
    scheme = "Bearer",
    realm = "API",
    secure,
    scope = "read",
    role = "clerk",
    acr = "mfa",
    max_age = 300
)]
async fn bearer() -> Response<Body> {
    ran().await
}

#[requires_auth(
    scheme = "Bearer",
    realm = "API",
    secure,
    cookie = "id",
    scope = "read",
    role = "clerk",
    acr = "mfa",
    max_age = 300
)]
async fn session() -> Response<Body> {
    ran().await
}

#[requires_auth(
    scheme = "Basic",
    realm = "API",
    secure,
    scope = "read",
    role = "clerk"
)]
async fn basic() -> Response<Body> {
    ran().await
}

#[requires_auth(
    scheme = "ApiKey",
    realm = "API",
    header = "X-Key",
    secure,
    scope = "read",
    role = "clerk"
)]
async fn key() -> Response<Body> {
    ran().await
}

#[requires_auth(
    scheme = "ApiKey",
    realm = "API",
    cookie = "id",
    secure,
    scope = "read",
    role = "clerk"
)]
async fn key_cookie() -> Response<Body> {
    ran().await
}

#[requires_auth(
    realm = "API",
    secure,
    scope = "read",
    role = "clerk",
    all(Bearer(acr = "mfa", max_age = 300), ApiKey(header = "X-Key"))
)]
async fn both() -> Response<Body> {
    ran().await
}

const BEARER: &str = r#"Bearer realm="API", scope="read""#;
const BASIC: &str = r#"Basic realm="API", charset="UTF-8""#;
const KEY: &str = r#"ApiKey realm="API", in="header", name="X-Key""#;
const COOKIE: &str = r#"ApiKey realm="API", in="cookie", name="id""#;

/// How the credentials of a scheme are sent, and what its refusals look like.
struct Scheme {
    path: &'static str,
    send: Send,
    malformed: &'static str,
    challenge: &'static str,
    /// What is missing if nothing is sent.
    missing: Lines,
    tells_errors: bool,
}

fn token(word: &str) -> Vec<(&'static str, String)> {
    vec![("authorization", format!("Bearer {word}"))]
}

fn password(word: &str) -> Vec<(&'static str, String)> {
    let pair = match word {
        "not base64" => word.to_owned(),
        word => STANDARD.encode(format!("{word}:")),
    };
    vec![("authorization", format!("Basic {pair}"))]
}

fn header(word: &str) -> Vec<(&'static str, String)> {
    vec![("x-key", word.to_owned())]
}

fn cookie(word: &str) -> Vec<(&'static str, String)> {
    vec![("cookie", format!("a=b; id={word}"))]
}

fn token_and_good_key(word: &str) -> Vec<(&'static str, String)> {
    [token(word), header("good")].concat()
}

fn good_token_and_key(word: &str) -> Vec<(&'static str, String)> {
    [token("good"), header(word)].concat()
}

type Send = fn(&str) -> Vec<(&'static str, String)>;
type Lines = &'static [&'static str];

fn schemes() -> [Scheme; 7] {
    let keyed = |path, send: Send, challenge, missing: Lines| Scheme {
        path,
        send,
        malformed: "a b",
        challenge,
        missing,
        tells_errors: false,
    };
    let bearer = |path, send: Send, missing: Lines| Scheme {
        tells_errors: true,
        ..keyed(path, send, BEARER, missing)
    };
    [
        bearer("/bearer", token, &[BEARER]),
        bearer("/session", cookie, &[BEARER]),
        Scheme {
            malformed: "not base64",
            ..keyed("/basic", password, BASIC, &[BASIC])
        },
        keyed("/key", header, KEY, &[KEY]),
        keyed("/key-cookie", cookie, COOKIE, &[COOKIE]),
        // Of several at once, the challenge is of the one that failed.
        bearer("/both", token_and_good_key, &[BEARER, KEY]),
        keyed("/both", good_token_and_key, KEY, &[BEARER, KEY]),
    ]
}

/// Status, code in the body, challenges.
type Row = (u16, &'static str, Vec<String>);

impl Scheme {
    /// What DD11 says of each fault.
    fn expected(&self, fault: &str) -> Row {
        let plain = || vec![self.challenge.to_owned()];
        let error = |error: &str| {
            let told = self
                .tells_errors
                .then(|| format!("{}, {error}", self.challenge));
            told.into_iter().collect()
        };
        let (status, code, challenges) = match (fault, self.tells_errors) {
            ("nothing" | "empty" | "foreign", _) => {
                let missing = self.missing.iter().map(ToString::to_string);
                return (401, "authentication_required", missing.collect());
            }
            ("malformed", true) => (400, "invalid_request", error("error=\"invalid_request\"")),
            ("malformed" | "invalid" | "ended", false) => (401, "invalid_credentials", plain()),
            ("invalid", true) => {
                let why = r#"error="invalid_token", error_description="Token invalid""#;
                (401, "invalid_token", error(why))
            }
            ("ended", true) => {
                let why = r#"error="invalid_token", error_description="Token expired""#;
                (401, "token_expired", error(why))
            }
            ("low-scope", _) => {
                let why = r#"error="insufficient_scope""#;
                (403, "insufficient_scope", error(why))
            }
            ("low-role", _) => (403, "forbidden", Vec::new()),
            ("low-acr" | "old", true) => {
                let code = "insufficient_user_authentication";
                let why = format!(r#"error="{code}", acr_values="mfa", max_age="300""#);
                (401, code, error(&why))
            }
            ("insecure", _) => (403, "secure_transport_required", Vec::new()),
            ("many", _) => (429, "too_many_requests", Vec::new()),
            ("down", _) => (503, "temporarily_unavailable", Vec::new()),
            ("unconfigured", _) => (500, "server_error", Vec::new()),
            other => panic!("{other:?}"),
        };
        (status, code, challenges)
    }

    fn request(&self, fault: &str) -> Request<Body> {
        let fields = match fault {
            "nothing" => Vec::new(),
            "empty" => vec![
                ("authorization", String::new()),
                ("x-key", String::new()),
                ("cookie", "id=".to_owned()),
            ],
            "foreign" => vec![("authorization", "Negotiate abc".to_owned())],
            "malformed" => (self.send)(self.malformed),
            "insecure" => (self.send)("good"),
            word => (self.send)(word),
        };
        let transport = match fault {
            "insecure" => "http",
            _ => "https",
        };
        let mut request = Request::get(self.path).header("x-forwarded-proto", transport);
        for (name, value) in fields {
            request = request.header(name, value);
        }
        request.body(Body::empty()).unwrap()
    }
}

fn router() -> Router {
    GuardedRouter::new()
        .route("/bearer", any(bearer))
        .route("/session", any(session))
        .route("/basic", any(basic))
        .route("/key", any(key))
        .route("/key-cookie", any(key_cookie))
        .route("/both", any(both))
        .with_state(App::new(Settings::new()))
        .into_router()
}

async fn found(answer: Response<Body>) -> (u16, String, Vec<String>) {
    let lines = answer.headers().get_all("www-authenticate").iter();
    let challenges = lines
        .map(|line| line.to_str().unwrap().to_owned())
        .collect();
    let retry = answer.headers().contains_key("retry-after");
    let status = answer.status().as_u16();
    assert_eq!(retry, matches!(status, 429 | 503), "{status}");
    assert!(!answer.headers().contains_key("x-handler"), "{status}");
    let body: serde_json::Value = serde_json::from_str(&body(answer).await).unwrap();
    (
        status,
        body["error"].as_str().unwrap().to_owned(),
        challenges,
    )
}

#[tokio::test]
async fn v26_every_fault_has_its_status_code_and_challenge() {
    let router = router();
    let faults = [
        "nothing",
        "empty",
        "foreign",
        "malformed",
        "invalid",
        "ended",
        "low-scope",
        "low-role",
        "low-acr",
        "old",
        "insecure",
        "many",
        "down",
        "unconfigured",
    ];
    for scheme in schemes() {
        for fault in faults {
            // Only Bearer can tell how the user was authenticated.
            if matches!(fault, "low-acr" | "old") && !scheme.tells_errors {
                continue;
            }
            let (status, code, challenges) = scheme.expected(fault);
            let answer = answer(&router, scheme.request(fault)).await;
            let expected = (status, code.to_owned(), challenges);
            assert_eq!(found(answer).await, expected, "{} {fault}", scheme.path);
        }
        let admitted = answer(&router, scheme.request("good")).await;
        assert_eq!(admitted.status(), 200, "{}", scheme.path);
        assert_eq!(admitted.headers()["x-handler"], "ran");
    }
}

// What travels in `Authorization` is nothing to those who look elsewhere, and the other way round.
#[tokio::test]
async fn v26_good_credentials_in_the_wrong_place_are_missing() {
    let router = router();
    for scheme in schemes() {
        for send in [token, password, header, cookie] as [Send; 4] {
            let sent = send("good");
            let takes = (scheme.send)("good");
            if sent.iter().all(|field| takes.contains(field)) {
                continue;
            }
            let mut request = Request::get(scheme.path).header("x-forwarded-proto", "https");
            for (name, value) in sent {
                request = request.header(name, value);
            }
            let answer = answer(&router, request.body(Body::empty()).unwrap()).await;
            let (status, code, challenges) = found(answer).await;
            let place = scheme.path;
            assert_eq!(
                (status, &*code),
                (401, "authentication_required"),
                "{place}"
            );
            assert_eq!(challenges, scheme.missing, "{place}");
        }
    }
}
