//! What the attribute can say beyond one scheme: several at once, permissions, step-up, cookies, narrowing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    missing_debug_implementations
)]

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use auth_core::{
    Accepts, ApiKey, AuthState, Authenticated, Basic, BasicCredentials, Bearer, BearerToken, Cause,
    Clock, FnVerifier, Grants, InvalidRequest, Policy, Refusal, RequestView, Scheme,
    ScopeHierarchy, Settings, Transport, Verified, auth_policy,
};
use http::Request;

const NOW: u64 = 1_000_000;

/// Tells the second verifier from the first.
pub enum Partner {}

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
    #[auth(Bearer, tag = Partner)]
    partner_tokens: FnVerifier<Bearer, String>,
    #[auth(Basic)]
    users: FnVerifier<Basic, u32>,
    #[auth(ApiKey)]
    keys: FnVerifier<ApiKey, char>,
    #[auth(settings)]
    settings: Settings,
}

/// `name`, with the grants that follow: `ada;scope=a b;role=clerk;acr=mfa;age=10`.
fn granted(words: &str) -> Verified<String> {
    let mut words = words.split(';');
    let name = words.next().unwrap();
    let mut grants = Grants::none();
    for word in words {
        let (key, value) = word.split_once('=').unwrap();
        grants = match key {
            "scope" => grants.with_scopes(value.split(' ')),
            "role" => grants.with_roles(value.split(' ')),
            "acr" => grants.with_acr(value),
            "age" => grants.with_auth_time(NOW - value.parse::<u64>().unwrap()),
            "ahead" => grants.with_auth_time(NOW + value.parse::<u64>().unwrap()),
            other => panic!("{other}"),
        };
    }
    Verified::new(name.to_owned()).with_grants(grants)
}

/// Tokens are names of grants: what a request can carry is a b64token.
fn app_with(settings: Settings, grants: &'static str) -> App {
    App {
        tokens: FnVerifier::new(move |token: BearerToken<'_>| match token.expose() {
            "good" => Ok(granted(grants)),
            "expired" => Err(Cause::TokenExpired { at: Some(7) }),
            _ => Err(Cause::InvalidCredentials),
        }),
        partner_tokens: FnVerifier::new(|token: BearerToken<'_>| match token.expose() {
            "partner" => Ok(granted("partner")),
            "down" => Err(Cause::unavailable(
                core::time::Duration::from_secs(1),
                "down",
            )),
            _ => Err(Cause::InvalidCredentials),
        }),
        users: FnVerifier::new(|user: BasicCredentials<'_>| match user.user_id() {
            "ada" => Ok(Verified::new(7)),
            _ => Err(Cause::InvalidCredentials),
        }),
        keys: FnVerifier::new(|key: auth_core::ApiKeyCredentials<'_>| match key.expose() {
            "key" => Ok(Verified::new('k')),
            _ => Err(Cause::InvalidCredentials),
        }),
        settings: settings.with_clock(Clock::manual(NOW).0),
    }
}

fn app(grants: &'static str) -> App {
    app_with(Settings::new(), grants)
}

fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("these verifiers answer at once"),
    }
}

fn ask<P, T>(app: &App, fields: &[(&str, &str)]) -> Result<T, Refusal>
where
    P: Policy,
    P::Accepts: Accepts<App, T>,
    T: auth_core::Wanted,
{
    let mut request = Request::builder();
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let request = request.body(()).unwrap();
    now(auth_core::http::check::<P, T, App>(
        app,
        RequestView::of(&request),
    ))
}

/// Status, and what stands in `WWW-Authenticate`.
fn refused<P>(app: &App, fields: &[(&str, &str)]) -> (u16, Vec<String>)
where
    P: Policy,
    P::Accepts: Accepts<App, auth_core::Unseen>,
{
    match ask::<P, auth_core::Unseen>(app, fields) {
        Ok(_) => (200, Vec::new()),
        Err(refusal) => (
            refusal.status().as_u16(),
            refusal
                .challenges()
                .map(|challenge| challenge.to_str().unwrap().to_owned())
                .collect(),
        ),
    }
}

const GOOD: (&str, &str) = ("authorization", "Bearer good");
const BAD: (&str, &str) = ("authorization", "Bearer bad");
const ADA: (&str, &str) = ("authorization", "Basic YWRhOng=");
const KEY: (&str, &str) = ("x-key", "key");
const BAD_KEY: (&str, &str) = ("x-key", "none");

const BEARER: &str = r#"Bearer realm="API""#;
const BASIC: &str = r#"Basic realm="API", charset="UTF-8""#;
const APIKEY: &str = r#"ApiKey realm="API", in="header", name="X-Key""#;
const INVALID: &str =
    r#"Bearer realm="API", error="invalid_token", error_description="Token invalid""#;

#[auth_policy(realm = "API", all(Bearer, ApiKey(header = "X-Key")))]
struct Both;

#[auth_policy(realm = "API", all(any(Bearer, Basic), ApiKey(header = "X-Key")))]
struct EitherAndKey;

#[auth_policy(realm = "API", any(all(Bearer, ApiKey(header = "X-Key")), Basic))]
struct BothOrBasic;

#[test]
fn all_names_what_is_missing_and_only_that() {
    let app = app("ada");
    assert_eq!(
        refused::<Both>(&app, &[]),
        (401, vec![BEARER.into(), APIKEY.into()])
    );
    assert_eq!(refused::<Both>(&app, &[GOOD]), (401, vec![APIKEY.into()]));
    assert_eq!(refused::<Both>(&app, &[KEY]), (401, vec![BEARER.into()]));
    assert_eq!(
        refused::<Both>(&app, &[BAD, KEY]),
        (401, vec![INVALID.into()])
    );
    assert_eq!(
        refused::<Both>(&app, &[BAD]),
        (401, vec![INVALID.into(), APIKEY.into()])
    );
    assert_eq!(
        refused::<Both>(&app, &[GOOD, BAD_KEY]),
        (401, vec![APIKEY.into()])
    );
    assert_eq!(refused::<Both>(&app, &[GOOD, KEY]).0, 200);
    // The body names the one place that is missing.
    let refusal = ask::<Both, auth_core::Unseen>(&app, &[GOOD]).unwrap_err();
    assert_eq!(refusal.message(), "X-Key header missing");
    let refusal = ask::<Both, auth_core::Unseen>(&app, &[ADA, KEY]).unwrap_err();
    assert_eq!(refusal.cause(), &Cause::SchemeNotAccepted);
}

#[test]
fn nested_groups_are_asked_for_part_by_part() {
    let app = app("ada");
    assert_eq!(
        refused::<EitherAndKey>(&app, &[KEY]),
        (401, vec![BEARER.into(), BASIC.into()])
    );
    assert_eq!(
        refused::<EitherAndKey>(&app, &[ADA]),
        (401, vec![APIKEY.into()])
    );
    assert_eq!(refused::<EitherAndKey>(&app, &[ADA, KEY]).0, 200);
    assert_eq!(
        refused::<BothOrBasic>(&app, &[KEY]),
        (401, vec![BEARER.into(), BASIC.into()])
    );
    assert_eq!(refused::<BothOrBasic>(&app, &[ADA]).0, 200);
    // Everything presented is checked: an alternative that is not needed has to hold as well.
    assert_eq!(refused::<BothOrBasic>(&app, &[ADA, BAD_KEY]).0, 401);
}

/// Whom this application knows.
#[derive(Debug, PartialEq)]
enum User {
    ByToken(String, char),
    ByPassword(u32, Option<char>),
}
impl From<(String, char)> for User {
    fn from((name, key): (String, char)) -> Self {
        Self::ByToken(name, key)
    }
}
impl From<(u32, char)> for User {
    fn from((id, key): (u32, char)) -> Self {
        Self::ByPassword(id, Some(key))
    }
}
impl From<u32> for User {
    fn from(id: u32) -> Self {
        Self::ByPassword(id, None)
    }
}

// DD6
#[test]
fn identities_of_all_are_a_tuple() {
    let app = app("ada");
    let both: Authenticated<(String, char)> = ask::<Both, _>(&app, &[GOOD, KEY]).unwrap();
    assert_eq!(*both, ("ada".to_owned(), 'k'));

    let user = |fields: &[_]| ask::<EitherAndKey, Authenticated<User>>(&app, fields).unwrap();
    assert_eq!(*user(&[GOOD, KEY]), User::ByToken("ada".into(), 'k'));
    assert_eq!(*user(&[ADA, KEY]), User::ByPassword(7, Some('k')));
    let user = |fields: &[_]| ask::<BothOrBasic, Authenticated<User>>(&app, fields).unwrap();
    assert_eq!(*user(&[ADA]), User::ByPassword(7, None));
    assert_eq!(*user(&[GOOD, KEY]), User::ByToken("ada".into(), 'k'));
}

#[auth_policy(scheme = "Bearer", realm = "API", scope = any("orders:read", "orders:write orders:list"))]
struct AnyScope;

#[auth_policy(
    scheme = "Bearer",
    realm = "API",
    scope = all("profile", any("orders:read", "orders:admin")),
    role = any("clerk", all("admin", "oncall"))
)]
struct Combined;

#[test]
fn scopes_and_roles_with_alternatives() {
    for (grants, status) in [
        ("ada;scope=orders:read", 200),
        ("ada;scope=orders:write orders:list", 200),
        ("ada;scope=orders:write", 403),
        ("ada", 403),
    ] {
        assert_eq!(
            refused::<AnyScope>(&app(grants), &[GOOD]).0,
            status,
            "{grants}"
        );
    }
    // Of alternatives the first is told: the least that will do.
    let (_, challenges) = refused::<AnyScope>(&app("ada"), &[GOOD]);
    assert_eq!(
        challenges,
        [r#"Bearer realm="API", scope="orders:read", error="insufficient_scope""#]
    );
    for (grants, cause) in [
        ("ada;scope=profile orders:admin;role=clerk", None),
        ("ada;scope=profile orders:read;role=admin oncall", None),
        (
            "ada;scope=profile;role=clerk",
            Some(Cause::InsufficientScope),
        ),
        (
            "ada;scope=orders:read;role=clerk",
            Some(Cause::InsufficientScope),
        ),
        (
            "ada;scope=profile orders:read;role=admin",
            Some(Cause::Forbidden),
        ),
        (
            "ada;scope=profile orders:read;role=Clerk",
            Some(Cause::Forbidden),
        ),
        (
            "ada;scope=profile orders:read clerk",
            Some(Cause::Forbidden),
        ),
    ] {
        let answer = ask::<Combined, auth_core::Unseen>(&app(grants), &[GOOD]);
        let found = answer.err().map(|refusal| refusal.cause().clone());
        assert_eq!(found, cause, "{grants}");
    }
    // A role is nobody's business but ours: no challenge.
    let forbidden = app("ada;scope=profile orders:read");
    assert_eq!(refused::<Combined>(&forbidden, &[GOOD]), (403, Vec::new()));
}

// C-6
#[test]
fn a_scope_hierarchy_is_accounted_for_c6() {
    let settings = || {
        Settings::new()
            .with_scope_hierarchy(ScopeHierarchy::new().implies("orders:write", ["orders:read"]))
    };
    let writer = app_with(settings(), "ada;scope=orders:write");
    assert_eq!(refused::<AnyScope>(&writer, &[GOOD]).0, 200);
    assert_eq!(
        refused::<AnyScope>(&app("ada;scope=orders:write"), &[GOOD]).0,
        403
    );
}

#[auth_policy(
    scheme = "Bearer",
    realm = "API",
    scope = "pay",
    acr = "hwk mfa",
    max_age = 300
)]
struct StepUp;

// S-1, S-2, S-3
#[test]
fn step_up_asks_for_a_better_login_s1_s2_s3() {
    let challenge = r#"Bearer realm="API", scope="pay", error="insufficient_user_authentication", acr_values="hwk mfa", max_age="300""#;
    for (grants, status) in [
        ("ada;scope=pay;acr=mfa;age=300", 200),
        ("ada;scope=pay;acr=hwk;age=0", 200),
        ("ada;scope=pay;acr=hwk;ahead=60", 200),
        ("ada;scope=pay;acr=hwk;ahead=61", 401),
        ("ada;scope=pay;acr=mfa;age=301", 401),
        ("ada;scope=pay;acr=pwd;age=1", 401),
        ("ada;scope=pay;acr=MFA;age=1", 401),
        ("ada;scope=pay;acr=hwk mfa;age=1", 401),
        ("ada;scope=pay;acr=mfa", 401),
        ("ada;scope=pay;age=1", 401),
        ("ada;acr=mfa", 401),
        ("ada;acr=mfa;age=1", 403),
    ] {
        let (found, challenges) = refused::<StepUp>(&app(grants), &[GOOD]);
        assert_eq!(found, status, "{grants}");
        if status == 401 {
            assert_eq!(challenges, [challenge], "{grants}");
        }
    }
    let refusal = ask::<StepUp, auth_core::Unseen>(&app("ada;scope=pay"), &[GOOD]).unwrap_err();
    assert_eq!(refusal.error(), "insufficient_user_authentication");
    assert_eq!(
        refused::<StepUp>(&app(""), &[]).1,
        [r#"Bearer realm="API", scope="pay""#]
    );
}

mod policies {
    use auth_core::auth_policy;

    #[auth_policy(
        realm = "API",
        scope = "orders:read",
        any(Bearer, ApiKey(header = "X-Key"))
    )]
    pub(crate) struct Api;

    /// A policy of a policy of another module.
    #[auth_policy(Api, scope = "orders:write orders:read")]
    pub(crate) struct Writers;
}

#[auth_policy(policies::Writers, role = "clerk")]
struct Clerks;

#[auth_policy(policies::Api, role = "clerk")]
struct ReadingClerks;

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Tokens;

#[auth_policy(Tokens, scope = "orders:write", max_age = 600)]
struct Writers;

#[auth_policy(
    self::Writers,
    scope = "orders:write audit",
    role = "clerk",
    max_age = 60
)]
struct Auditors;

// Narrowing adds: whatever the first policy demands still holds.
#[test]
fn a_narrowed_policy_demands_both() {
    for (grants, status) in [
        ("ada;scope=orders:write audit;role=clerk;age=60", 200),
        ("ada;scope=orders:write audit;role=clerk;age=61", 401),
        ("ada;scope=audit;role=clerk;age=1", 403),
        ("ada;scope=orders:write;role=clerk;age=1", 403),
        ("ada;scope=orders:write audit;age=1", 403),
    ] {
        assert_eq!(
            refused::<Auditors>(&app(grants), &[GOOD]).0,
            status,
            "{grants}"
        );
    }
    assert_eq!(
        refused::<Auditors>(&app(""), &[]).1,
        [r#"Bearer realm="API", scope="orders:write audit""#]
    );
    assert_eq!(
        refused::<Auditors>(&app("ada"), &[GOOD]).1,
        [
            r#"Bearer realm="API", scope="orders:write audit", error="insufficient_user_authentication", max_age="60""#
        ]
    );
    assert_eq!(
        refused::<ReadingClerks>(&app("ada;scope=orders:read"), &[GOOD]),
        (403, Vec::new())
    );
    assert_eq!(
        refused::<ReadingClerks>(&app("ada;scope=orders:read;role=clerk"), &[GOOD]).0,
        200
    );
}

#[auth_policy(realm = "API", any(Bearer, Bearer(verifier = Partner)))]
struct TwoIssuers;

// DD5: one token, two verifiers: one of them has to accept it.
#[test]
fn two_verifiers_of_one_scheme_in_one_policy() {
    let app = app("ada");
    let name = |token: &str| {
        let answer: Result<Authenticated<String>, _> =
            ask::<TwoIssuers, _>(&app, &[("authorization", token)]);
        answer
            .map(|user| user.identity().clone())
            .map_err(|refusal| refusal.cause().clone())
    };
    assert_eq!(name("Bearer good").unwrap(), "ada");
    assert_eq!(name("Bearer partner").unwrap(), "partner");
    assert_eq!(name("Bearer bad").unwrap_err(), Cause::InvalidCredentials);
    // The one that knows more about it is heard; who cannot answer has not refused (V9).
    assert_eq!(
        name("Bearer expired").unwrap_err(),
        Cause::TokenExpired { at: Some(7) }
    );
    assert!(matches!(
        name("Bearer down").unwrap_err(),
        Cause::Unavailable { .. }
    ));
    // One challenge, since both say the same.
    assert_eq!(refused::<TwoIssuers>(&app, &[]), (401, vec![BEARER.into()]));
    assert_eq!(
        refused::<TwoIssuers>(&app, &[BAD]),
        (401, vec![INVALID.into()])
    );
}

#[auth_policy(scheme = "Bearer", realm = "API", cookie = "__Host-id")]
struct Session;

#[auth_policy(realm = "API", any(Bearer, Bearer(cookie = "id")))]
struct TokenOrSession;

#[auth_policy(realm = "API", all(Bearer, Bearer(cookie = "id", verifier = Partner)))]
struct TokenAndSession;

#[auth_policy(scheme = "ApiKey", realm = "API", cookie = "id")]
struct KeyCookie;

#[test]
fn cookies_carry_credentials() {
    let app = app("ada");
    let status = |cookies: &[&str]| {
        let fields: Vec<(&str, &str)> = cookies.iter().map(|line| ("cookie", *line)).collect();
        refused::<Session>(&app, &fields).0
    };
    assert_eq!(status(&["__Host-id=good"]), 200);
    assert_eq!(status(&["a=b; __Host-id=good; c=d"]), 200);
    // HTTP/2 sends several field lines (RFC 9113 §8.2.3).
    assert_eq!(status(&["a=b", "c=d", "__Host-id=good"]), 200);
    assert_eq!(status(&["__host-id=good"]), 401);
    assert_eq!(status(&["x__Host-id=good"]), 401);
    assert_eq!(status(&["__Host-id=bad"]), 401);
    assert_eq!(status(&["__Host-id="]), 401);
    assert_eq!(status(&["__Host-id"]), 401);
    assert_eq!(status(&["__Host-id=\"good\""]), 400);
    // V10: the same cookie twice, however it is spread.
    assert_eq!(status(&["__Host-id=good; __Host-id=good"]), 400);
    assert_eq!(status(&["a=b", "__Host-id=good", "__Host-id=bad"]), 400);
    // A token elsewhere is nothing here.
    assert_eq!(refused::<Session>(&app, &[GOOD]).0, 401);
    let refusal = ask::<Session, auth_core::Unseen>(&app, &[]).unwrap_err();
    assert_eq!(refusal.message(), "__Host-id cookie missing");
    assert_eq!(
        refused::<KeyCookie>(&app, &[]).1,
        [r#"ApiKey realm="API", in="cookie", name="id""#]
    );
    assert_eq!(refused::<KeyCookie>(&app, &[("cookie", "id=key")]).0, 200);
}

// RFC 6750 §2, T-8: one token, one method.
#[test]
fn one_token_in_two_ways_is_refused_t8() {
    let app = app("ada");
    assert_eq!(refused::<TokenOrSession>(&app, &[GOOD]).0, 200);
    assert_eq!(
        refused::<TokenOrSession>(&app, &[("cookie", "id=good")]).0,
        200
    );
    let both = ask::<TokenOrSession, auth_core::Unseen>(&app, &[GOOD, ("cookie", "id=good")]);
    assert_eq!(
        both.unwrap_err().cause(),
        &Cause::InvalidRequest(InvalidRequest::CarrierTwice)
    );
    // Whoever plants a cookie does not choose for whom the token speaks.
    assert_eq!(
        refused::<TokenOrSession>(&app, &[GOOD, ("cookie", "id=bad")]).0,
        400
    );
    // Where both are demanded, nobody has to choose.
    let partner = ("cookie", "id=partner");
    assert_eq!(refused::<TokenAndSession>(&app, &[GOOD, partner]).0, 200);
    assert_eq!(refused::<TokenAndSession>(&app, &[GOOD]).0, 401);
}

#[auth_policy(scheme = "Bearer", realm = "API", secure)]
struct Secure;

#[auth_policy(Tokens, secure)]
struct SecureTokens;

// H-20
#[test]
fn a_secure_policy_needs_a_secure_transport_h20() {
    let with = |transport| app_with(Settings::new().with_transport(transport), "ada");
    let proxied = with(Transport::from_field("X-Forwarded-Proto"));
    for (fields, status) in [
        (&[GOOD, ("x-forwarded-proto", "https")][..], 200),
        (&[GOOD, ("x-forwarded-proto", "http")], 403),
        (&[GOOD], 403),
        (&[("x-forwarded-proto", "http")], 403),
        (&[("x-forwarded-proto", "https")], 401),
    ] {
        assert_eq!(refused::<Secure>(&proxied, fields).0, status, "{fields:?}");
        assert_eq!(
            refused::<SecureTokens>(&proxied, fields).0,
            status,
            "{fields:?}"
        );
    }
    // No challenge: it would invite credentials onto an open line.
    assert_eq!(refused::<Secure>(&proxied, &[]), (403, Vec::new()));
    assert_eq!(
        refused::<Secure>(&with(Transport::always_secure()), &[GOOD]).0,
        200
    );
    // Nobody said what is secure.
    assert_eq!(refused::<Secure>(&app("ada"), &[GOOD]).0, 500);
    assert_eq!(refused::<Tokens>(&app("ada"), &[GOOD]).0, 200);
}

/// Credentials are one word, and its verifier knows the words.
pub enum Ticket {}

impl Scheme for Ticket {
    type Credentials<'r> = &'r [u8];
    type Owned = Vec<u8>;
    const NAME: &'static str = "Ticket";
    const REJECTED: auth_core::Text = auth_core::Text::new("invalid_ticket", "Ticket used");
    const ERRORS: auth_core::scheme::ChallengeErrors = auth_core::scheme::ChallengeErrors::None;
    const PARAMS: &'static [auth_core::scheme::SchemeParam] = {
        use auth_core::scheme::{ParamKind, SchemeParam};
        &[
            SchemeParam::required("hall", ParamKind::Text),
            SchemeParam::optional("row", ParamKind::Number),
            SchemeParam::optional("kind", ParamKind::OneOf(&["seat", "stand"])),
            SchemeParam::optional("gate", ParamKind::Token),
        ]
    };

    fn extract(value: &[u8]) -> Result<&[u8], Cause> {
        Some(value)
            .filter(|value| !value.is_empty())
            .ok_or(Cause::Malformed)
    }

    fn to_owned(credentials: &[u8]) -> Vec<u8> {
        credentials.to_vec()
    }
}

#[auth_policy(
    scheme = self::Ticket, realm = "Opera", hall = "say \"north\"", row = 7, kind = "seat", gate = "A", scope = "enter"
)]
struct Visitors;

#[auth_policy(realm = "Opera", any(self::Ticket(hall = "north"), Basic))]
struct VisitorsOrStaff;

#[derive(AuthState)]
struct House {
    #[auth(Ticket)]
    tickets: FnVerifier<Ticket, u32>,
    #[auth(Basic)]
    staff: FnVerifier<Basic, u32>,
}

#[test]
fn a_scheme_of_ones_own_is_challenged_and_checked() {
    let house = House {
        tickets: FnVerifier::new(|ticket: &[u8]| match ticket {
            b"t1" => Ok(Verified::new(1).with_grants(Grants::none().with_scopes(["enter"]))),
            b"t2" => Ok(Verified::new(2)),
            _ => Err(Cause::InvalidCredentials),
        }),
        staff: FnVerifier::new(|_: BasicCredentials<'_>| Ok(Verified::new(0))),
    };
    let ask = |ticket: Option<&str>| {
        let mut request = Request::new(());
        if let Some(ticket) = ticket {
            request
                .headers_mut()
                .insert("authorization", ticket.parse().unwrap());
        }
        let view = RequestView::of(&request);
        let visitor = now(auth_core::http::check::<Visitors, Authenticated<u32>, _>(
            &house, view,
        ));
        let either = now(auth_core::http::check::<
            VisitorsOrStaff,
            Authenticated<u32>,
            _,
        >(&house, view));
        (visitor, either)
    };
    let refusal = ask(None).0.unwrap_err();
    let challenges: Vec<_> = refusal.challenges().collect();
    assert_eq!(
        challenges,
        [r#"Ticket realm="Opera", hall="say \"north\"", row=7, kind="seat", gate=A"#]
    );
    let both: Vec<_> = ask(None).1.unwrap_err().challenges().collect();
    assert_eq!(
        both,
        [
            r#"Ticket realm="Opera", hall="north""#,
            r#"Basic realm="Opera", charset="UTF-8""#
        ]
    );
    assert_eq!(*ask(Some("ticket t1")).0.unwrap(), 1);
    assert_eq!(*ask(Some("Ticket t2")).1.unwrap(), 2);
    assert_eq!(
        ask(Some("Ticket t2")).0.unwrap_err().cause(),
        &Cause::InsufficientScope
    );
    assert_eq!(
        ask(Some("Ticket")).0.unwrap_err().cause(),
        &Cause::Malformed
    );
    assert_eq!(
        ask(Some("Ticket t3")).0.unwrap_err().error(),
        "invalid_ticket"
    );
}

/// The tag of a third verifier.
pub enum Third {}

#[auth_policy(
    realm = "API",
    any(
        Bearer,
        ApiKey(header = "X-Key"),
        Bearer(verifier = Partner),
        Bearer(verifier = Third)
    )
)]
struct ThreeIssuers;

/// Each verifier does to a token what its own letter in it says.
#[derive(AuthState)]
struct Issuers {
    #[auth(Bearer)]
    first: FnVerifier<Bearer, u8>,
    #[auth(Bearer, tag = Partner)]
    second: FnVerifier<Bearer, u8>,
    #[auth(Bearer, tag = Third)]
    third: FnVerifier<Bearer, u8>,
    #[auth(ApiKey)]
    keys: FnVerifier<ApiKey, u8>,
}

// A narrowed policy tells the tags as well.
#[test]
fn members_tell_by_which_verifier_they_are_checked() {
    #[auth_policy(ThreeIssuers, role = "clerk")]
    struct Clerks;
    for spec in [ThreeIssuers::SPEC, Clerks::SPEC] {
        let tags: Vec<_> = spec.members().iter().map(auth_core::Member::tag).collect();
        assert_eq!(tags, [None, None, Some("Partner"), Some("Third")]);
    }
}

// V9: of several verifiers whoever accepts is heard, but not after one who says that the token was taken back; else who
// knows most, and of equals the first; what they
// say of a token is said of nothing else.
#[test]
fn of_several_verifiers_the_one_that_tells_most_is_heard_v9() {
    let issuer = |at: u8| {
        FnVerifier::new(move |token: BearerToken<'_>| {
            match token.expose().as_bytes()[usize::from(at)] {
                b'+' => Ok(Verified::new(at)),
                b'e' => Err(Cause::TokenExpired {
                    at: Some(at.into()),
                }),
                b'r' => Err(Cause::TokenRevoked),
                b'n' => Err(Cause::NotConfigured("".into())),
                b'm' => Err(Cause::invalid_token("malformed: no JWT")),
                b'i' => Err(Cause::invalid_token("not active")),
                _ => Err(Cause::InvalidCredentials),
            }
        })
    };
    let app = Issuers {
        first: issuer(0),
        second: issuer(1),
        third: issuer(2),
        keys: FnVerifier::new(|_: auth_core::ApiKeyCredentials<'_>| Err(Cause::Malformed)),
    };
    let ask = |token: &str, key: bool| {
        let request = Request::builder().header("authorization", format!("Bearer {token}"));
        let request = if key {
            request.header("x-key", "key")
        } else {
            request
        };
        let request = request.body(()).unwrap();
        let user: Result<Authenticated<u8>, _> = now(auth_core::http::check::<ThreeIssuers, _, _>(
            &app,
            RequestView::of(&request),
        ));
        user.map(|user| *user)
            .map_err(|refusal| refusal.cause().clone())
    };
    let expired = |at| Err(Cause::TokenExpired { at: Some(at) });
    for (token, expected) in [
        ("+--", Ok(0)),
        ("-+-", Ok(1)),
        ("ne+", Ok(2)),
        ("---", Err(Cause::InvalidCredentials)),
        ("e--", expired(0)),
        ("-e-", expired(1)),
        ("--e", expired(2)),
        ("eee", expired(0)),
        ("-ee", expired(1)),
        ("er-", Err(Cause::TokenRevoked)),
        ("re-", Err(Cause::TokenRevoked)),
        // Taken back is taken back, whoever else would accept.
        ("nr+", Err(Cause::TokenRevoked)),
        ("rne", Err(Cause::TokenRevoked)),
        ("+r-", Ok(0)),
        ("ine", Err(Cause::NotConfigured("".into()))),
        // Who could not read it says least.
        ("mi-", Err(Cause::invalid_token("not active"))),
        ("mmi", Err(Cause::invalid_token("not active"))),
        ("im-", Err(Cause::invalid_token("not active"))),
        ("mm-", Err(Cause::InvalidCredentials)),
        ("mmm", Err(Cause::invalid_token("malformed: no JWT"))),
    ] {
        assert_eq!(ask(token, false), expected, "{token}");
    }
    // The key fails before the last verifier was asked about the token, or after one accepted it.
    for token in ["+--", "-+-", "--+", "ne+", "n--"] {
        assert_eq!(ask(token, true), Err(Cause::Malformed), "{token}");
    }
}
