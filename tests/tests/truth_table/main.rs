//! The truth table of `any(..)` and `all(..)`: every policy of one to three schemes, written as attribute and
//! by hand, optional and not, against everything that one request can carry. What has to happen is decided
//! once more in `rule`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    reason = "tests"
)]

mod policies;
mod rule;
mod sent;

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::fmt::Write as _;

use auth_core::{
    Accepts, Authenticated, Cause, InvalidRequest, Policy, Refusal, RequestView, auth_policy,
};

use rule::{Decision, Tree};
use sent::{App, Seen, Sent, app};

/// What a handler of an optional policy asks for; it takes whatever an other one yields as well.
type Wanted = Option<Authenticated<Seen>>;

/// What the policy `P` decides about a request.
fn ask<P>(app: &App, sent: &Sent) -> Result<Wanted, Refusal>
where
    P: Policy,
    P::Accepts: Accepts<App, Wanted>,
{
    let request = sent.request();
    let decision = auth_core::http::check::<P, _, _>(app, RequestView::of(&request));
    match pin!(decision).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(decision) => decision,
        Poll::Pending => panic!("these verifiers answer at once"),
    }
}

type Ask = fn(&App, &Sent) -> Result<Wanted, Refusal>;

/// A policy in all its forms.
struct Forms {
    tree: Tree,
    /// How it was written, whether it is optional, and what asks it.
    forms: Vec<(&'static str, bool, Ask)>,
}

/// Which rows go wrong.
fn check(policy: &Forms, wrong: &mut Vec<String>) -> usize {
    let app = app();
    let mut rows = 0;
    for sent in Sent::all() {
        for (form, optional, ask) in &policy.forms {
            rows += 1;
            let expected = rule::decide(&policy.tree, *optional, &sent);
            let found = told(ask(&app, &sent));
            if found != expected {
                wrong.push(format!(
                    "{} {form}\n     sent: {sent}\n expected: {expected:?}\n    found: {found:?}",
                    policy.tree
                ));
            }
        }
    }
    rows
}

fn told(decision: Result<Wanted, Refusal>) -> Decision {
    let refusal = match decision {
        Ok(None) => return Decision::Admitted("nobody".into()),
        Ok(Some(seen)) => return Decision::Admitted(seen.identity().0.clone()),
        Err(refusal) => refusal,
    };
    if refusal.cause() == &Cause::InvalidRequest(InvalidRequest::CarrierTwice) {
        assert_eq!(refusal.status(), 400);
        return Decision::TwoWays;
    }
    assert_eq!(refusal.status(), 401, "{:?}", refusal.cause());
    let challenges = refusal.challenges();
    Decision::Refused {
        cause: refusal.cause().clone(),
        scheme: refusal.scheme(),
        challenges: challenges.map(|text| known(&text)).collect(),
    }
}

/// The text, if it is one of those that can be expected: nothing else may be sent.
fn known(challenge: &http::HeaderValue) -> &'static str {
    use sent::Leaf::{Key, Partner, Second, Session, Token, User};
    let leaves = [Token, Partner, User, Session, Key, Second];
    let mut texts = leaves
        .iter()
        .flat_map(|leaf| [leaf.challenge(), leaf.challenge_of_rejected()]);
    texts
        .find(|text| text == challenge)
        .expect("a known challenge")
}

/// All rows of these policies; the first wrong ones are shown.
fn table(policies: &[Forms], expected: usize) {
    assert_eq!(policies.len(), expected, "policies");
    let mut wrong = Vec::new();
    let rows: usize = policies
        .iter()
        .map(|policy| check(policy, &mut wrong))
        .sum();
    let mut shown = String::new();
    for row in wrong.iter().take(5) {
        let _ = writeln!(shown, "\n{row}");
    }
    assert!(wrong.is_empty(), "{} of {rows} rows:\n{shown}", wrong.len());
}

#[auth_policy(any(Bearer(realm = "T"), Bearer(realm = "S", cookie = "id")))]
struct OneWay;

#[auth_policy(all(Bearer(realm = "T"), Bearer(realm = "S", cookie = "id")))]
struct BothWays;

// RFC 6750 §2, T-8: one token by two methods is a request that is wrong, whatever the token.
#[test]
fn one_token_in_two_places_is_refused_t8() {
    let twice = Cause::InvalidRequest(InvalidRequest::CarrierTwice);
    for (authorization, session) in [("Bearer token", "token"), ("Bearer wrong", "wrong")] {
        let sent = Sent {
            authorization: Some(authorization),
            session: Some(session),
            ..Sent::default()
        };
        for ask in [ask::<OneWay>, ask::<BothWays>] {
            let refusal = ask(&app(), &sent).err().unwrap();
            assert_eq!((refusal.status().as_u16(), refusal.cause()), (400, &twice));
        }
    }
}
