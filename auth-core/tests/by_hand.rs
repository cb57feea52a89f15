//! What an application can do wrong with the public interface, and what it cannot do at all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use auth_core::{
    Any, AnyVerifier, ApiKey, ApiKeyCredentials, AuthState, Authenticated, Bearer, BearerToken,
    Cause, Clock, Declaration, FnVerifier, Grants, Member, One, Policy, RequestView, Settings,
    Spec, Unseen, Verified, auth_policy, member,
};
use http::Request;

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, &'static str>,
    #[auth(ApiKey)]
    keys: FnVerifier<ApiKey, &'static str>,
    #[auth(settings)]
    settings: Settings,
}

/// Admits `good` on both ways, with these grants.
fn app(grants: Grants) -> App {
    let granted = move |text: &str| match text {
        "good" => Ok(Verified::new("ada").with_grants(grants.clone())),
        _ => Err(Cause::InvalidCredentials),
    };
    let same = granted.clone();
    App {
        tokens: FnVerifier::new(move |token: BearerToken<'_>| granted(token.expose())),
        keys: FnVerifier::new(move |key: ApiKeyCredentials<'_>| same(key.expose())),
        settings: Settings::new().with_clock(Clock::manual(1000).0),
    }
}

fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("these verifiers answer at once"),
    }
}

fn request(fields: &[(&str, &str)]) -> Request<()> {
    let mut request = Request::builder();
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap()
}

fn refused<P>(app: &App, fields: &[(&str, &str)]) -> Option<Cause>
where
    P: Policy,
    P::Accepts: auth_core::Accepts<App, Authenticated<&'static str>>,
{
    let request = request(fields);
    let answer: Result<Authenticated<&str>, _> = now(auth_core::http::check::<P, _, _>(
        app,
        RequestView::of(&request),
    ));
    answer.err().map(|refusal| refusal.cause().clone())
}

const BEARER: &[&str] = &["Bearer realm=\"x\""; 8];
const DECLARED: Declaration<'static> = Declaration::bearer("x");

macro_rules! by_hand {
    ($name:ident, $accepts:ty, [$($member:expr),*]) => {
        struct $name;
        const _: () = {
            static MEMBERS: &[Member] = &[$($member),*];
            static SPEC: Spec = Spec::new("by hand", MEMBERS);
            impl Policy for $name {
                type Accepts = $accepts;
                const SPEC: &'static Spec = &SPEC;
            }
        };
    };
}

type Both = Any<(One<Bearer>, One<ApiKey>)>;

by_hand!(
    Right,
    Both,
    [
        Member::new::<Bearer>(DECLARED, BEARER),
        member!(ApiKey, Declaration::api_key("x", "X-K"))
    ]
);
by_hand!(
    Swapped,
    Both,
    [
        member!(ApiKey, Declaration::api_key("x", "X-K")),
        member!(Bearer, DECLARED.with_scope("admin"))
    ]
);
by_hand!(
    TooFew,
    One<Bearer>,
    [
        Member::new::<Bearer>(DECLARED, BEARER),
        member!(ApiKey, Declaration::api_key("x", "X-K"))
    ]
);
by_hand!(TooMany, Both, [Member::new::<Bearer>(DECLARED, BEARER)]);
by_hand!(
    LineFeed,
    One<ApiKey>,
    [Member::new::<ApiKey>(
        Declaration::api_key("x", "X-K"),
        &["ApiKey realm=\"x\ny\""]
    )]
);

#[test]
fn a_policy_by_hand_works_when_its_halves_agree() {
    let app = app(Grants::none());
    assert_eq!(
        refused::<Right>(&app, &[("authorization", "Bearer good")]),
        None
    );
    assert_eq!(refused::<Right>(&app, &[("x-k", "good")]), None);
    assert_eq!(
        refused::<Right>(&app, &[("x-k", "bad")]),
        Some(Cause::InvalidCredentials)
    );
}

#[test]
fn a_policy_by_hand_whose_halves_disagree_admits_nobody() {
    let app = app(Grants::none());
    let both: &[(&str, &str)] = &[("authorization", "Bearer good"), ("x-k", "good")];
    for fields in [both, &both[..1], &both[1..]] {
        for cause in [
            refused::<Swapped>(&app, fields),
            refused::<TooFew>(&app, fields),
            refused::<TooMany>(&app, fields),
        ] {
            assert!(matches!(cause, Some(Cause::NotConfigured(_))), "{cause:?}");
        }
    }
}

// V14: nor does it panic when it answers.
#[test]
fn a_challenge_by_hand_that_cannot_be_sent_is_not_sent() {
    let app = app(Grants::none());
    let request = request(&[]);
    let answer: Result<Authenticated<&str>, _> = now(auth_core::http::check::<LineFeed, _, _>(
        &app,
        RequestView::of(&request),
    ));
    let answer = answer.unwrap_err().into_response::<bytes::Bytes>();
    assert_eq!(answer.status(), 401);
    assert_eq!(
        answer.headers()["www-authenticate"],
        "Unknown realm=\"malformed challenge\""
    );
}

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Tokens;

#[auth_policy(scheme = "ApiKey", header = "X-K", realm = "API")]
struct Keys;

#[auth_policy(scheme = "Bearer", realm = "API", optional)]
struct Optional;

// V21: whoever verified them, credentials end when their grants do.
#[test]
fn what_has_ended_is_refused_v21() {
    let token: &[(&str, &str)] = &[("authorization", "Bearer good")];
    let key: &[(&str, &str)] = &[("x-k", "good")];
    let later = app(Grants::none().expiring_at(1001));
    assert_eq!(refused::<Tokens>(&later, token), None);
    assert_eq!(refused::<Keys>(&later, key), None);
    let ended = app(Grants::none().expiring_at(1000));
    assert_eq!(
        refused::<Tokens>(&ended, token),
        Some(Cause::TokenExpired { at: None })
    );
    // A key that has ended is like one that never was.
    assert_eq!(
        refused::<Keys>(&ended, key),
        Some(Cause::InvalidCredentials)
    );
}

// V20: an optional policy admits nobody only to whoever can tell.
#[test]
fn nobody_is_not_admitted_unseen_v20() {
    let app = app(Grants::none());
    let nobody = request(&[]);
    let unseen = now(auth_core::http::check::<Optional, Unseen, _>(
        &app,
        RequestView::of(&nobody),
    ));
    assert_eq!(unseen.unwrap_err().cause(), &Cause::Missing);
    let seen = now(auth_core::http::check::<
        Optional,
        Option<Authenticated<&str>>,
        _,
    >(&app, RequestView::of(&nobody)));
    assert!(seen.unwrap().is_none());
}

// T-7, J-14: also when a verifier finds it.
#[test]
fn a_malformed_token_is_an_invalid_one() {
    let mut app = app(Grants::none());
    app.tokens = FnVerifier::new(|_: BearerToken<'_>| Err(Cause::Malformed));
    let request = request(&[("authorization", "Bearer x")]);
    let answer: Result<Authenticated<&str>, _> = now(auth_core::http::check::<Tokens, _, _>(
        &app,
        RequestView::of(&request),
    ));
    let refusal = answer.unwrap_err();
    assert_eq!(refusal.error(), "invalid_token");
    let challenge = refusal.challenges().next().unwrap();
    assert!(
        challenge
            .to_str()
            .unwrap()
            .contains("error=\"invalid_token\""),
        "{challenge:?}"
    );
}

#[test]
fn a_setting_beyond_what_is_read_is_what_is_read() {
    let settings = Settings::new().with_max_credentials_len(usize::MAX);
    assert_eq!(settings.max_credentials_len(), 64 * 1024);
    let mut app = app(Grants::none());
    app.settings = settings;
    let long = format!("Bearer {}", "a".repeat(70_000));
    assert_eq!(
        refused::<Tokens>(&app, &[("authorization", &long)]),
        Some(Cause::InvalidRequest(auth_core::InvalidRequest::TooLong))
    );
}

// A verifier behind a trait object is asked, and answers, like itself.
#[test]
fn any_verifier_is_the_verifier() {
    #[derive(AuthState)]
    struct Chosen {
        #[auth(Bearer)]
        tokens: AnyVerifier<Bearer, &'static str>,
    }
    let chosen = Chosen {
        tokens: AnyVerifier::new(app(Grants::none()).tokens),
    };
    let check = |token: &str| {
        let request = request(&[("authorization", token)]);
        let answer: Result<Authenticated<&str>, _> = now(auth_core::http::check::<Tokens, _, _>(
            &chosen,
            RequestView::of(&request),
        ));
        answer
            .map(|user| *user)
            .map_err(|refusal| refusal.cause().clone())
    };
    assert_eq!(check("Bearer good"), Ok("ada"));
    assert_eq!(check("Bearer bad"), Err(Cause::InvalidCredentials));
}
