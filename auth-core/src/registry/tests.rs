#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use http::Request;

use super::{Registry, RegistryBuilder};
use crate::refusal::{Cause, Refusal};
use crate::request::RequestView;
use crate::scheme::{ApiKey, ApiKeyCredentials, Basic, BasicCredentials, Bearer, BearerToken};
use crate::verify::{FnVerifier, Grants, Verified};
use crate::{
    All, Any, Authenticated, Declaration, Member, One, Policy, Settings, Spec, Unseen, Wanted,
    member,
};

#[derive(Clone, Debug, PartialEq)]
struct Claims(String);
#[derive(Clone, Debug, PartialEq)]
struct Partner(String);
#[derive(Clone, Debug, PartialEq)]
struct User(String);
#[derive(Clone, Debug, PartialEq)]
struct Pair(String);
struct Other;

impl From<Claims> for User {
    fn from(Claims(name): Claims) -> Self {
        Self(name)
    }
}

impl From<Partner> for User {
    fn from(Partner(name): Partner) -> Self {
        Self(name)
    }
}

impl From<(Claims, Partner)> for Pair {
    fn from((Claims(claims), Partner(partner)): (Claims, Partner)) -> Self {
        Self(format!("{claims} of {partner}"))
    }
}

macro_rules! policy {
    ($name:ident, $accepts:ty, $count:literal, [$($member:expr),+] $(, $and:ident)?) => {
        struct $name;

        impl Policy for $name {
            type Accepts = $accepts;
            const SPEC: &'static Spec = {
                static MEMBERS: [Member; $count] = [$($member),+];
                static SPEC: Spec = Spec::new(stringify!($name), &MEMBERS)$(.$and())?;
                &SPEC
            };
        }
    };
}

enum Second {}

policy!(
    Tokens,
    One<Bearer>,
    1,
    [member!(Bearer, Declaration::bearer("API"))]
);
policy!(Seconds, One<Bearer, Second>, 1, [member!(Bearer, Declaration::bearer("API"))]);
policy!(
    Maybe,
    One<Bearer>,
    1,
    [member!(Bearer, Declaration::bearer("API"))],
    optional
);
policy!(
    Either,
    Any<(One<Bearer>, One<ApiKey>)>,
    2,
    [
        member!(Bearer, Declaration::bearer("API")),
        member!(ApiKey, Declaration::api_key("API", "X-API-Key"))
    ]
);
policy!(
    Both,
    All<(One<Bearer>, One<ApiKey>)>,
    2,
    [
        member!(Bearer, Declaration::bearer("API")),
        member!(ApiKey, Declaration::api_key("API", "X-API-Key"))
    ]
);
policy!(
    BothWays,
    All<(Any<(One<Bearer>, One<Basic>)>, One<ApiKey>)>,
    3,
    [
        member!(Bearer, Declaration::bearer("API")),
        member!(Basic, Declaration::basic("API")),
        member!(ApiKey, Declaration::api_key("API", "X-API-Key"))
    ]
);

fn with_tokens() -> RegistryBuilder<Claims> {
    Registry::builder().bearer(FnVerifier::new(|token: BearerToken<'_>| {
        match token.expose() {
            "ann" => Ok(Verified::new(Claims("ann".into()))
                .with_grants(Grants::none().with_scopes(["read"]))),
            _ => Err(Cause::invalid_token("unknown")),
        }
    }))
}

fn with_both() -> RegistryBuilder<Partner> {
    with_tokens().api_key(FnVerifier::new(|key: ApiKeyCredentials<'_>| {
        match key.expose() {
            "acme" => Ok(Verified::new(Partner("acme".into()))
                .with_grants(Grants::none().with_scopes(["read"]))),
            _ => Err(Cause::InvalidCredentials),
        }
    }))
}

fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("nothing here waits"),
    }
}

fn check<P: Policy, W: Wanted>(
    registry: &Registry,
    fields: &[(&'static str, &'static str)],
) -> Result<W, Refusal>
where
    P::Accepts: crate::Accepts<Registry, W>,
{
    let mut request = Request::new(());
    for (name, value) in fields {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    ready(crate::http::check::<P, W, _>(
        registry,
        RequestView::of(&request),
    ))
}

const ANN: (&str, &str) = ("authorization", "Bearer ann");
const ACME: (&str, &str) = ("x-api-key", "acme");

fn lacking<P: Policy, W: Wanted>(registry: &Registry) -> String
where
    P::Accepts: crate::Accepts<Registry, W>,
{
    // Whatever is presented.
    let mut texts = Vec::new();
    for fields in [&[][..], &[ANN], &[ACME], &[ANN, ACME]] {
        let refusal = check::<P, W>(registry, fields).err().expect("not admitted");
        assert_eq!(refusal.status(), 500, "{fields:?}");
        let Cause::NotConfigured(detail) = refusal.cause() else {
            panic!("{:?}", refusal.cause());
        };
        texts.push(detail.to_string());
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");
    texts.remove(0)
}

#[test]
fn identities_come_as_they_are_and_as_they_were_registered() {
    let registry = with_both().also_as::<User>().build().unwrap();
    let claims: Authenticated<Claims> = check::<Tokens, _>(&registry, &[ANN]).unwrap();
    assert_eq!(*claims, Claims("ann".into()));
    assert!(claims.grants().has_scope("read"));
    check::<Tokens, Unseen>(&registry, &[ANN]).unwrap();
    assert_eq!(
        check::<Tokens, Unseen>(&registry, &[])
            .unwrap_err()
            .status(),
        401
    );

    let registry = with_tokens().also_as::<User>().also_as::<String>().build();
    let registry = registry.unwrap();
    let user: Authenticated<User> = check::<Tokens, _>(&registry, &[ANN]).unwrap();
    assert_eq!(*user, User("ann".into()));
    assert!(user.grants().has_scope("read"));
    let text: Authenticated<String> = check::<Tokens, _>(&registry, &[ANN]).unwrap();
    assert_eq!(*text, "ann");
}

impl From<Claims> for String {
    fn from(Claims(name): Claims) -> Self {
        name
    }
}

#[test]
fn an_optional_policy_admits_nobody() {
    let registry = with_tokens().build().unwrap();
    let nobody: Option<Authenticated<Claims>> = check::<Maybe, _>(&registry, &[]).unwrap();
    assert!(nobody.is_none());
    let ann: Option<Authenticated<Claims>> = check::<Maybe, _>(&registry, &[ANN]).unwrap();
    assert_eq!(*ann.unwrap(), Claims("ann".into()));
    let wrong = check::<Maybe, Option<Authenticated<Claims>>>(
        &registry,
        &[("authorization", "Bearer eve")],
    );
    assert_eq!(wrong.unwrap_err().status(), 401);
}

#[test]
fn of_alternatives_each_has_to_become_what_is_asked_for() {
    let registry = with_both().also_as::<User>().build().unwrap();
    assert_eq!(
        lacking::<Either, Authenticated<User>>(&registry),
        "the registry cannot make the `auth_core::registry::tests::User` that the handler asks for from the `auth_core::registry::tests::Claims` that is verified: write `.also_as::<auth_core::registry::tests::User>()` behind what yields it, which needs `auth_core::registry::tests::User: From<auth_core::registry::tests::Claims>`, or let the handler ask for `Authenticated<auth_core::registry::tests::Claims>`"
    );
    let registry = with_tokens()
        .also_as::<User>()
        .api_key(FnVerifier::new(|_: ApiKeyCredentials<'_>| {
            Ok(Verified::new(Partner("acme".into())))
        }))
        .also_as::<User>()
        .build()
        .unwrap();
    for (field, name) in [(ANN, "ann"), (ACME, "acme")] {
        let user: Authenticated<User> = check::<Either, _>(&registry, &[field]).unwrap();
        assert_eq!(*user, User(name.into()));
    }
}

#[test]
fn what_all_yields_is_a_tuple_and_what_becomes_of_it() {
    let registry = with_both().build().unwrap();
    assert_eq!(
        lacking::<Both, Authenticated<(Claims, Partner)>>(&registry),
        "the registry does not know the identities of `all(..)` together: add `.together::<(auth_core::registry::tests::Claims, auth_core::registry::tests::Partner)>()` to `Registry::builder()`"
    );
    // Who asks for no identity needs no tuple.
    check::<Both, Unseen>(&registry, &[ANN, ACME]).unwrap();
    assert_eq!(
        check::<Both, Unseen>(&registry, &[ANN])
            .unwrap_err()
            .status(),
        401
    );

    let registry = with_both()
        .together::<(Claims, Partner)>()
        .also_as::<Pair>()
        .build()
        .unwrap();
    let both: Authenticated<(Claims, Partner)> = check::<Both, _>(&registry, &[ANN, ACME]).unwrap();
    assert_eq!(*both, (Claims("ann".into()), Partner("acme".into())));
    assert!(both.grants().has_scope("read"));
    let pair: Authenticated<Pair> = check::<Both, _>(&registry, &[ANN, ACME]).unwrap();
    assert_eq!(*pair, Pair("ann of acme".into()));
    assert_eq!(
        check::<Both, Authenticated<Pair>>(&registry, &[ACME])
            .unwrap_err()
            .status(),
        401
    );
}

#[test]
fn each_tuple_that_all_can_yield_is_needed() {
    let users = FnVerifier::new(|_: BasicCredentials<'_>| Ok(Verified::new(User("bob".into()))));
    let registry = with_both()
        .basic(users)
        .together::<(Claims, Partner)>()
        .also_as::<Pair>();
    let registry = registry.build().unwrap();
    let lack = lacking::<BothWays, Authenticated<Pair>>(&registry);
    assert!(
        lack.contains("::User, auth_core::registry::tests::Partner)>()`"),
        "{lack}"
    );
}

#[test]
fn a_missing_verifier_refuses_whatever_is_presented() {
    let registry = with_tokens().build().unwrap();
    assert_eq!(
        lacking::<Seconds, Unseen>(&registry),
        "the registry holds no verifier for `Bearer` with tag `auth_core::registry::tests::Second`: add one to `Registry::builder()`, `.with_tagged::<auth_core::registry::tests::Second, _>(verifier)`"
    );
    // Also where another one would do: which of them is asked is for the policy to say.
    assert_eq!(
        lacking::<Either, Unseen>(&registry),
        "the registry holds no verifier for `ApiKey`: add one to `Registry::builder()`, with the method of that scheme, or `.with(verifier)`"
    );
    assert!(lacking::<Tokens, Authenticated<Other>>(&registry).contains("tests::Other"));
    assert!(lacking::<Maybe, Option<Authenticated<Other>>>(&registry).contains("tests::Other"));
}

#[test]
fn tags_tell_verifiers_apart_and_two_of_one_are_an_error() {
    let second = || {
        FnVerifier::<Bearer, _>::new(|_: BearerToken<'_>| Ok(Verified::new(Partner("acme".into()))))
    };
    let registry = with_tokens().with_tagged::<Second, _>(second()).build();
    let registry = registry.unwrap();
    let partner: Authenticated<Partner> = check::<Seconds, _>(&registry, &[ANN]).unwrap();
    assert_eq!(*partner, Partner("acme".into()));
    let claims: Authenticated<Claims> = check::<Tokens, _>(&registry, &[ANN]).unwrap();
    assert_eq!(*claims, Claims("ann".into()));

    let doubled = with_tokens()
        .bearer(second())
        .settings(Settings::new())
        .build();
    assert_eq!(
        doubled.unwrap_err().to_string(),
        "the registry has two verifiers for `Bearer`: add the second one with a tag, a type of yours, `.with_tagged::<Partner, _>(verifier)`, and name that in attributes, `verifier = Partner`"
    );
}

#[test]
fn what_mounted_handlers_lack_fails_the_check() {
    let registry = with_tokens().build().unwrap();
    registry.check().unwrap();
    registry.mount::<Tokens, Unseen>();
    registry.check().unwrap();
    let mounted_at = line!() + 1;
    registry.mount::<Seconds, Unseen>();
    // Clones share what is mounted.
    registry.clone().mount::<Either, Authenticated<User>>();
    let incomplete = registry.check().unwrap_err();
    let policies: Vec<_> = incomplete
        .unprovided()
        .iter()
        .map(super::lack::Unprovided::policy)
        .collect();
    assert_eq!(policies, ["Seconds", "Either"]);
    let text = incomplete.to_string();
    let expected = format!(
        "handlers that cannot be guarded:
`Seconds` ({}:{}): the registry holds no verifier",
        file!(),
        mounted_at,
    );
    assert!(text.starts_with(&expected), "{text}");
}
