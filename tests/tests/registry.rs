//! What a registry knows of the handlers that are linked into a program.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::unused_async,
    reason = "tests"
)]

use std::collections::BTreeMap;

use auth_core::registry::Incomplete;
use auth_core::{
    ApiKeyCredentials, Authenticated, BasicCredentials, BearerToken, Cause, FnVerifier, Registry,
    auth_policy, public, requires_auth,
};
use auth_tests::log::Log;

#[derive(Clone)]
struct Claims;
#[derive(Clone)]
struct User;
#[derive(Clone)]
struct Key;

impl From<Claims> for User {
    fn from(_: Claims) -> Self {
        Self
    }
}

enum Partner {}

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Api;

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn of_nobody() {}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn of_claims(user: Authenticated<Claims>) {
    drop(user);
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn of_user(user: Authenticated<User>) {
    drop(user);
}

#[requires_auth(scheme = "Bearer", realm = "API", optional)]
async fn of_maybe_user(user: Option<Authenticated<User>>) {
    drop(user);
}

#[requires_auth(Api)]
async fn named(user: Authenticated<User>) {
    drop(user);
}

#[requires_auth(Api, scope = "orders:read")]
async fn narrowed(user: Authenticated<User>) {
    drop(user);
}

#[requires_auth(scheme = "Bearer", realm = "API", verifier = Partner)]
async fn tagged() {}

#[requires_auth(realm = "API", all(Bearer, ApiKey(header = "X-API-Key")))]
async fn of_both(both: Authenticated<(Claims, Key)>) {
    drop(both);
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn generic<T: 'static>(user: Authenticated<T>) {
    drop(user);
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[cfg(not(any(unix, windows)))]
async fn left_out(user: Authenticated<NoSuchType>) {}

#[deprecated]
struct Old;

// What it says of lints holds for what is said about it.
#[requires_auth(scheme = "Bearer", realm = "API")]
#[expect(deprecated)]
async fn outdated(user: Authenticated<Old>) {
    drop(user);
}

#[public]
async fn open() {}

macro_rules! handler {
    ($name:ident) => {
        #[requires_auth(scheme = "Bearer", realm = "API")]
        async fn $name(user: Authenticated<$crate::User>) {
            drop(user);
        }
    };
}

handler!(of_a_macro);

mod inner {
    use auth_core::{Authenticated, requires_auth};

    pub struct Own;

    #[requires_auth(scheme = "Bearer", realm = "API")]
    async fn in_a_module(user: Authenticated<self::Own>) {
        drop(user);
    }

    #[requires_auth(scheme = "Basic", realm = "API")]
    pub mod guarded {
        pub async fn by_the_module() {}
    }

    pub fn in_a_function() {
        #[requires_auth(scheme = "Bearer", realm = "API")]
        async fn local(user: Authenticated<super::User>) {
            drop(user);
        }
    }
}

/// By the names of this program's own handlers.
fn unprovided(registry: &Registry) -> BTreeMap<&'static str, String> {
    let unprovided = registry.unprovided().into_iter().filter_map(|it| {
        let name = it.policy().strip_prefix("registry::")?;
        Some((name, it.lack().to_string()))
    });
    unprovided.collect()
}

fn tokens() -> FnVerifier<auth_core::Bearer, Claims> {
    FnVerifier::new(|_: BearerToken<'_>| Err(Cause::invalid_token("unknown")))
}

#[test]
fn every_handler_is_known_without_a_list() {
    let empty = Registry::builder().build().unwrap();
    let names: Vec<_> = unprovided(&empty).into_keys().collect();
    assert_eq!(
        names,
        [
            "Api",
            "generic",
            "inner::guarded",
            "inner::in_a_module",
            "inner::local",
            "narrowed",
            "of_a_macro",
            "of_both",
            "of_claims",
            "of_maybe_user",
            "of_nobody",
            "of_user",
            "outdated",
            "tagged",
        ]
    );
    // Those of libraries too.
    let policies: Vec<_> = empty
        .unprovided()
        .iter()
        .map(auth_core::registry::Unprovided::policy)
        .collect();
    assert!(
        policies.contains(&"auth_tests::app::bearer"),
        "{policies:?}"
    );
}

#[test]
fn of_each_handler_its_identity_is_known_unless_it_is_generic() {
    let registry = Registry::builder().bearer(tokens()).build().unwrap();
    let lacking = unprovided(&registry);
    let names: Vec<_> = lacking.keys().copied().collect();
    assert_eq!(
        names,
        [
            "Api",
            "inner::guarded",
            "inner::in_a_module",
            "inner::local",
            "narrowed",
            "of_a_macro",
            "of_both",
            "of_maybe_user",
            "of_user",
            "outdated",
            "tagged",
        ]
    );
    assert_eq!(
        lacking["narrowed"],
        "the registry cannot make the `registry::User` that the handler asks for from the `registry::Claims` that is verified: write `.also_as::<registry::User>()` behind what yields it, which needs `registry::User: From<registry::Claims>`, or let the handler ask for `Authenticated<registry::Claims>`"
    );
    assert!(lacking["tagged"].contains("`.with_tagged::<registry::Partner, _>(verifier)`"));
    assert!(lacking["of_both"].contains("no verifier for `ApiKey`"));
}

#[test]
fn a_registry_with_everything_lacks_nothing() {
    let nobody = |_: ApiKeyCredentials<'_>| Err(Cause::InvalidCredentials);
    let registry = Registry::builder()
        .bearer(tokens())
        .also_as::<User>()
        .with_tagged::<Partner, _>(tokens())
        .basic(FnVerifier::new(|_: BasicCredentials<'_>| {
            Err::<auth_core::Verified<User>, _>(Cause::InvalidCredentials)
        }))
        .api_key(FnVerifier::<auth_core::ApiKey, Key>::new(nobody))
        .together::<(Claims, Key)>()
        .build()
        .unwrap();
    let names: Vec<_> = unprovided(&registry).into_keys().collect();
    assert_eq!(names, ["inner::in_a_module", "outdated"]);
}

#[test]
fn what_is_merely_linked_is_a_warning_and_for_who_asks_an_error() {
    let empty = Registry::builder().build().unwrap();
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).finish();
    tracing::subscriber::with_default(subscriber, || empty.check().unwrap());
    let text = log.text();
    assert!(text.contains("WARN"), "{text}");
    assert!(text.contains("registry::of_user"), "{text}");
    assert!(
        text.contains("the registry holds no verifier for `Bearer`: add one"),
        "{text}"
    );

    let incomplete: Incomplete = empty.check_linked().unwrap_err();
    let lines = incomplete.to_string();
    let line = lines
        .lines()
        .find(|line| line.contains("registry::of_user"));
    assert_eq!(
        line.unwrap(),
        "`registry::of_user` (tests/tests/registry.rs:46): the registry holds no verifier for `Bearer`: add one to `Registry::builder()`, with the method of that scheme, or `.with(verifier)`"
    );
    assert_eq!(incomplete.unprovided().len(), empty.unprovided().len());
}
