//! V4, V9, J-18, I-5: the provider answers, and badly. What is known goes on working, what is not is refused with 503,
//! and no restart is needed once it answers well.

use std::time::Duration;

use auth_end_to_end::provider::{AUDIENCE, Fault, OPAQUE, Provider};
use auth_end_to_end::service::{COOLDOWN, Plan, Service};

/// Of an answer of 100 MB, what the buffers on the way may take beyond what the service reads.
const MOST_BYTES: u64 = 25_000_000;

/// A request that is answered one octet a second would take minutes.
fn impatient(provider: &Provider) -> Plan {
    Plan {
        deadline: Duration::from_secs(1),
        // On a busy machine the first attempt may be one of those that take too long.
        waits: false,
        ..Plan::of(provider)
    }
}

async fn stays_within_bounds(provider: &Provider, endpoint: &str) {
    auth_end_to_end::until("the service hung up", async || {
        provider.counter(endpoint).await.waiting == 0
    })
    .await;
    let counter = provider.counter(endpoint).await;
    assert!(
        counter.requests > 0 && counter.bytes < MOST_BYTES,
        "{counter:?}"
    );
    // V4: no redirect was followed.
    assert_eq!(provider.asked("elsewhere").await, 0);
}

async fn keys_survive(fault: Fault) {
    let provider = Provider::fresh().await;
    for endpoint in ["jwks", "discovery"] {
        let service = Service::start(impatient(&provider)).await;
        let known = provider.token(AUDIENCE).await;
        service.recovers(&known).await;
        // However it started, an unknown key may be asked for now.
        service.after(COOLDOWN);

        provider.rotate().await;
        let unknown = provider.token(AUDIENCE).await;
        provider.forget_counts().await;
        provider.fail("jwks", fault).await;
        provider.fail(endpoint, fault).await;
        service.orders(&unknown).await.is_not_judged();
        service.orders(&known).await.is_admitted();
        stays_within_bounds(&provider, "jwks").await;
        let failed = service.keys.health();
        assert_eq!(failed.failures, 1, "{failed:?}");
        // After a failure the metadata is asked as well.
        service.after(service.keys.health().next_attempt.as_secs());
        service.has_failed(2).await;
        stays_within_bounds(&provider, endpoint).await;
        service.orders(&known).await.is_admitted();

        provider.heal().await;
        service.recovers(&unknown).await;
        service.orders(&known).await.is_admitted();
    }
}

async fn introspection_survives(fault: Fault) {
    let provider = Provider::fresh().await;
    let service = Service::start(impatient(&provider)).await;
    let [known, unseen] = [provider.token(OPAQUE).await, provider.token(OPAQUE).await];
    service.recovers(&known).await;

    provider.forget_counts().await;
    provider.fail("introspection", fault).await;
    service.orders(&unseen).await.is_not_judged();
    service.orders(&known).await.is_admitted();
    stays_within_bounds(&provider, "introspection").await;
    assert!(service.opaque.health().last_failure.is_some());

    provider.heal().await;
    service.recovers(&unseen).await;
}

macro_rules! faults {
    ($($name:ident: $fault:expr),* $(,)?) => {$(
        mod $name {
            use super::Fault;

            #[tokio::test]
            #[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
            async fn of_the_keys() {
                super::keys_survive($fault).await;
            }

            #[tokio::test]
            #[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
            async fn of_introspection() {
                super::introspection_survives($fault).await;
            }
        }
    )*};
}

faults! {
    j18_i5_an_error: Fault::Error,
    j18_i5_garbage: Fault::Garbage,
    v4_a_hundred_megabytes: Fault::Huge,
    v4_one_octet_a_second: Fault::Drip,
    v4_no_answer: Fault::Hang,
    v4_a_redirect: Fault::Redirect,
}
