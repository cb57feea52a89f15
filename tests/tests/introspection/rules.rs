//! What an answer must say (RFC 7662 §2.2).

use auth_core::Cause;
use auth_core::introspection::Profile;
use auth_core::jwt::Issuer;
use auth_tests::introspector::{active, active_but, active_without};
use auth_tests::tokens::{AUDIENCE, ISSUER, NOW};
use serde_json::{Value, json};

use super::{Service, TOKEN};

/// The status, and why, for the log.
pub(super) async fn judged(service: &Service, answer: &Value) -> (u16, String) {
    judged_text(service, answer.to_string()).await
}

async fn judged_text(service: &Service, answer: String) -> (u16, String) {
    service.endpoint.says_text(200, answer);
    let told = service.get("/plain", TOKEN).await;
    let detail = told.detail();
    if told.status == 401 {
        assert!(
            told.challenge.contains("error=\"invalid_token\""),
            "{told:?}"
        );
    } else {
        assert_eq!(told.challenge, "", "{told:?}");
    }
    (told.status, detail)
}

pub(super) fn forgetful() -> Service {
    Service::with(auth_core::introspection::IntrospectionBuilder::without_cache)
}

/// By an endpoint that keeps out what is no access token for us.
fn vouching() -> Service {
    Service::with(|it| it.without_cache().with_profile(Profile::AsVouched))
}

fn refused(why: &str) -> (u16, String) {
    (401, format!("token invalid: {why}"))
}

pub(super) fn admitted() -> (u16, String) {
    (200, String::new())
}

#[tokio::test]
async fn i1_the_token_is_asked_about_by_post_with_a_form() {
    let service = Service::with(|it| it.with_token_type_hint("access_token"));
    let token = "a.b-c_d~e+f/g==";
    let told = service.get("/plain", token).await;
    assert_eq!((told.status, told.body.as_str()), (200, "ada"));
    let asked = service.endpoint.last();
    assert_eq!(asked.method, "POST");
    assert_eq!(asked.uri, super::ENDPOINT);
    assert_eq!(
        asked.field("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(asked.field("accept"), Some("application/json"));
    assert_eq!(asked.names(), ["token", "token_type_hint"]);
    assert_eq!(asked.form["token"], token);
    assert_eq!(asked.form["token_type_hint"], "access_token");
    // We say who asks, and nobody who prints the request does.
    assert!(asked.fields["authorization"].is_sensitive());

    let service = Service::new();
    service.status(TOKEN).await;
    assert_eq!(service.endpoint.last().names(), ["token"]);
}

#[tokio::test]
async fn i2_only_the_json_boolean_true_admits() {
    let service = forgetful();
    assert_eq!(judged(&service, &active()).await, admitted());
    for other in [
        json!(false),
        json!("true"),
        json!("TRUE"),
        json!(1),
        json!(1.0),
        json!(null),
        json!([true]),
        json!({"active": true}),
        json!("yes"),
    ] {
        let answer = active_but("active", other);
        assert_eq!(
            judged(&service, &answer).await,
            refused("not active"),
            "{answer}"
        );
    }
    for answer in [
        active_without(&["active"]),
        json!({}),
        json!({"Active": true}),
    ] {
        assert_eq!(
            judged(&service, &answer).await,
            refused("not active"),
            "{answer}"
        );
    }
    assert_eq!(
        judged(&service, &json!({"active": false})).await,
        refused("not active")
    );
    // RFC 7662 §2.2: the one required member. `Claims` asks for `sub`.
    let least = json!({"active": true, "sub": "ada"});
    assert_eq!(judged(&vouching(), &least).await, admitted());
}

#[tokio::test]
async fn i3_the_audience_is_ours() {
    for service in [forgetful(), vouching()] {
        the_audience_is_ours(&service).await;
    }
    let silent = active_without(&["aud"]);
    assert_eq!(judged(&forgetful(), &silent).await, refused("no audience"));
    assert_eq!(judged(&vouching(), &silent).await, admitted());
}

async fn the_audience_is_ours(service: &Service) {
    for good in [json!(AUDIENCE), json!([AUDIENCE]), json!(["x", AUDIENCE])] {
        let answer = active_but("aud", good);
        assert_eq!(judged(service, &answer).await, admitted(), "{answer}");
    }
    for bad in [
        json!("https://api.example.com"),
        json!("https://api.exampl"),
        json!(""),
        json!([]),
        json!(["x"]),
    ] {
        let answer = active_but("aud", bad);
        assert_eq!(
            judged(service, &answer).await,
            refused("wrong audience"),
            "{answer}"
        );
    }
}

/// What oidc-provider says of a refresh token, and of one for nobody in particular.
#[tokio::test]
async fn i3_no_refresh_token_passes_for_an_access_token() {
    let refresh = json!({
        "active": true, "iss": ISSUER, "sub": "ada", "client_id": "web", "iat": NOW - 10, "exp": NOW + 3600,
        "scope": "orders:read offline_access",
    });
    let service = forgetful();
    assert_eq!(judged(&service, &refresh).await, refused("no audience"));
    let mut named = refresh.clone();
    named["aud"] = json!(AUDIENCE);
    assert_eq!(judged(&service, &named).await, refused("no token_type"));
    // Who says that the endpoint keeps them out is taken at their word.
    assert_eq!(judged(&vouching(), &refresh).await, admitted());
}

#[tokio::test]
async fn i3_the_issuer_is_the_one_that_is_expected() {
    let other = active_but("iss", json!("https://other.example"));
    let service = forgetful();
    assert_eq!(
        judged(&service, &other).await,
        admitted(),
        "nobody is expected"
    );
    let service = Service::with(|it| it.without_cache().with_issuer(Issuer::new(ISSUER)));
    assert_eq!(judged(&service, &active()).await, admitted());
    assert_eq!(judged(&service, &other).await, refused("wrong issuer"));
    let slash = active_but("iss", json!(format!("{ISSUER}/")));
    assert_eq!(judged(&service, &slash).await, refused("wrong issuer"));
    let silent = active_without(&["iss"]);
    assert_eq!(judged(&service, &silent).await, admitted());
}

#[tokio::test]
async fn i3_the_complete_profile_wants_all_that_is_checked() {
    let service = Service::with(|it| it.without_cache().with_profile(Profile::Complete));
    assert_eq!(judged(&service, &active()).await, admitted());
    for (name, why) in [
        ("iss", "no issuer"),
        ("aud", "no audience"),
        ("exp", "no expiry"),
        ("token_type", "no token_type"),
    ] {
        let answer = active_without(&[name]);
        assert_eq!(judged(&service, &answer).await, refused(why));
        let by_default = match name {
            "aud" | "token_type" => refused(why),
            _ => admitted(),
        };
        assert_eq!(judged(&forgetful(), &answer).await, by_default);
        assert_eq!(judged(&vouching(), &answer).await, admitted(), "{name}");
    }
}

#[tokio::test]
async fn i3_dates_hold_to_the_second_with_and_without_leeway() {
    let expired = (401, "token expired".to_owned());
    for (leeway, end, begin) in [(0, 0, 0), (30, 30, 30)] {
        let leeway = std::time::Duration::from_secs(leeway);
        let service = Service::with(|it| it.without_cache().with_leeway(leeway));
        let last = active_but("exp", json!(NOW - end + 1));
        assert_eq!(judged(&service, &last).await, admitted());
        let over = active_but("exp", json!(NOW - end));
        assert_eq!(judged(&service, &over).await, expired);
        let first = active_but("nbf", json!(NOW + begin));
        assert_eq!(judged(&service, &first).await, admitted());
        let early = active_but("nbf", json!(NOW + begin + 1));
        assert_eq!(judged(&service, &early).await, refused("not yet valid"));
    }
    let service = forgetful();
    let told = {
        service.endpoint.says(&active_but("exp", json!(NOW - 1)));
        service.get("/plain", TOKEN).await
    };
    assert_eq!(told.cause, Some(Cause::TokenExpired { at: None }));
    assert!(told.body.contains("token_expired"), "{told:?}");
}

#[tokio::test]
async fn i3_a_bearer_token_and_no_other_kind() {
    let service = forgetful();
    for kind in ["Bearer", "bearer", "BEARER"] {
        let answer = active_but("token_type", json!(kind));
        assert_eq!(judged(&service, &answer).await, admitted(), "{kind}");
    }
    for kind in ["DPoP", "N_A", "mac", "", "Bearer ", "access_token"] {
        let answer = active_but("token_type", json!(kind));
        assert_eq!(
            judged(&service, &answer).await,
            refused("token_type is not Bearer"),
            "{kind}"
        );
    }
    for (name, good, bad, why) in [
        (
            "token_use",
            "access_token",
            "refresh_token",
            "token_use is not access_token",
        ),
        ("typ", "Bearer", "Refresh", "not an access token"),
        ("typ", "at+jwt", "Offline", "not an access token"),
        ("typ", "JWT", "ID", "not an access token"),
    ] {
        let answer = active_but(name, json!(good));
        assert_eq!(judged(&service, &answer).await, admitted(), "{good}");
        let answer = active_but(name, json!(bad));
        assert_eq!(judged(&service, &answer).await, refused(why), "{bad}");
    }
}

#[tokio::test]
async fn i3_v6_a_wrong_type_is_never_an_absent_member() {
    let service = forgetful();
    let strings = [
        json!(null),
        json!(1),
        json!(true),
        json!([]),
        json!(["x"]),
        json!({}),
    ];
    for name in [
        "iss",
        "sub",
        "client_id",
        "jti",
        "scope",
        "acr",
        "token_type",
        "token_use",
        "typ",
    ] {
        for value in &strings {
            let answer = active_but(name, value.clone());
            let why = format!("{name} is not a string");
            assert_eq!(judged(&service, &answer).await, refused(&why), "{answer}");
        }
    }
    let dates = [
        json!(null),
        json!("1759400000"),
        json!(-1),
        json!(true),
        json!([NOW]),
        json!(NOW * 1000),
    ];
    for name in ["exp", "nbf", "iat", "auth_time"] {
        for value in &dates {
            let answer = active_but(name, value.clone());
            let why = format!("{name} is not a date");
            assert_eq!(judged(&service, &answer).await, refused(&why), "{answer}");
        }
    }
    for value in [
        json!(null),
        json!(1),
        json!({}),
        json!([1]),
        json!([AUDIENCE, null]),
    ] {
        let answer = active_but("aud", value);
        let why = "aud is not a string or an array of strings";
        assert_eq!(judged(&service, &answer).await, refused(why), "{answer}");
    }
    let roles = active_but("roles", json!("clerk"));
    let why = "roles are not an array of strings, or of objects with a value";
    assert_eq!(judged(&service, &roles).await, refused(why));
}

#[tokio::test]
async fn i2_i3_doubled_names_and_numbers_out_of_range_are_refused() {
    let service = forgetful();
    for answer in [
        r#"{"active":true,"sub":"ada","active":true}"#,
        r#"{"active":false,"sub":"ada","active":true}"#,
        r#"{"active":true,"sub":"ada","\u0061ctive":true}"#,
        r#"{"active":true,"sub":"ada","x":{"y":1,"y":2}}"#,
        r#"{"active":true,"sub":"ada","x":1e400}"#,
    ] {
        let told = judged_text(&service, answer.to_owned()).await;
        assert_eq!(told, refused("malformed: answer"), "{answer}");
    }
    // It is the token that is odd, and not the endpoint that is down.
    assert_eq!(service.health().failures, 0);
}

#[tokio::test]
async fn i6_m3_p6_a_bound_token_is_no_bearer_token() {
    let service = forgetful();
    for cnf in [
        json!({"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}),
        json!({"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}),
        json!({"unknown": 1}),
        json!({}),
        json!(null),
        json!("x"),
        json!(false),
    ] {
        let answer = active_but("cnf", cnf);
        let why = "sender-constrained token without its proof";
        assert_eq!(judged(&service, &answer).await, refused(why), "{answer}");
    }
}

#[tokio::test]
async fn v24_a_token_too_long_is_refused_without_asking() {
    let service = Service::with(|it| it.with_max_token_len(100));
    assert_eq!(service.status(&"a".repeat(100)).await, 200);
    let told = service.get("/plain", &"a".repeat(101)).await;
    assert_eq!(
        (told.status, told.detail()),
        refused("too long to ask about")
    );
    assert_eq!(service.endpoint.calls(), 1);
}
