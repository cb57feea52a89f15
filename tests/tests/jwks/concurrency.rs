//! Ten thousand requests at once cause one fetch, whether they stay or leave; the provider answers once all of them
//! wait.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use auth_tests::provider::{Fault, Gate, KEYS, Provider, Signer};
use auth_tests::until;
use tokio::task::JoinHandle;

use super::{Service, of};

const MANY: usize = 10_000;

/// Runs `work`, and counts it once it has to wait.
async fn counted<T>(work: impl Future<Output = T>, waiting: Arc<AtomicUsize>) -> T {
    let mut work = pin!(work);
    let mut first = true;
    std::future::poll_fn(|cx| {
        let poll = work.as_mut().poll(cx);
        if matches!(poll, Poll::Pending) && std::mem::take(&mut first) {
            waiting.fetch_add(1, Ordering::SeqCst);
        }
        poll
    })
    .await
}

/// Many requests with this token, all of which wait.
async fn crowd(service: &Service, token: &str) -> Vec<JoinHandle<bool>> {
    let waiting = Arc::new(AtomicUsize::new(0));
    let token: Arc<str> = token.into();
    let crowd = (0..MANY).map(|_| {
        let (service, token) = (service.clone(), Arc::clone(&token));
        let asking = async move { service.admits(&token).await };
        tokio::spawn(counted(asking, Arc::clone(&waiting)))
    });
    let crowd = crowd.collect();
    until(|| waiting.load(Ordering::SeqCst) == MANY).await;
    crowd
}

/// Half of them leave; the others are all admitted.
async fn half_leave(crowd: &mut Vec<JoinHandle<bool>>) {
    let gone: Vec<_> = crowd.drain(..MANY / 2).collect();
    for task in &gone {
        task.abort();
    }
    for task in gone {
        assert!(task.await.unwrap_err().is_cancelled());
    }
}

async fn all_admitted(crowd: Vec<JoinHandle<bool>>) {
    for task in crowd {
        assert!(task.await.unwrap());
    }
}

async fn at_start_up(leave: bool) {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let gate = Gate::closed();
    provider.fail(KEYS, Fault::Held(gate.clone()));
    let (keys, hand) = of(&provider);
    // The gate opens when all wait, however long that takes on a busy machine.
    let keys = keys.with_deadline(std::time::Duration::from_mins(1));
    let service = Service::over(keys.start_without_keys().unwrap(), hand);
    let mut crowd = crowd(&service, &signer.token(&provider.issuer())).await;
    if leave {
        half_leave(&mut crowd).await;
    }
    gate.open();
    all_admitted(crowd).await;
    assert_eq!(provider.count(KEYS), 1);
    service.settled(0).await;
}

async fn at_rotation(leave: bool) {
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[&old]).await;
    let service = Service::with(&provider, |keys| {
        keys.with_deadline(std::time::Duration::from_mins(1))
    })
    .await;
    provider.publish(&[&old, &new]);
    let gate = Gate::closed();
    provider.fail(KEYS, Fault::Held(gate.clone()));
    let mut crowd = crowd(&service, &new.token(&provider.issuer())).await;
    // Those who know their key wait for nobody.
    assert!(service.admits(&old.token(&provider.issuer())).await);
    if leave {
        half_leave(&mut crowd).await;
    }
    gate.open();
    all_admitted(crowd).await;
    assert_eq!(provider.count(KEYS), 2);
    service.settled(0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn j18_many_at_start_up_cause_one_fetch() {
    at_start_up(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn j18_many_at_start_up_of_whom_half_leave_cause_one_fetch() {
    at_start_up(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn j18_many_at_a_rotation_cause_one_fetch() {
    at_rotation(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn j18_many_at_a_rotation_of_whom_half_leave_cause_one_fetch() {
    at_rotation(true).await;
}

/// Whoever started the fetch leaves first: the others get their answer.
#[tokio::test]
async fn the_one_who_caused_the_fetch_may_leave() {
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[&old]).await;
    let service = Service::of(&provider).await;
    provider.publish(&[&new]);
    let gate = Gate::closed();
    provider.fail(KEYS, Fault::Held(gate.clone()));
    let token = new.token(&provider.issuer());
    let ask = || {
        let (service, token) = (service.clone(), token.clone());
        tokio::spawn(async move { service.admits(&token).await })
    };
    let first = ask();
    provider.until_asked(KEYS, 2).await;
    let second = ask();
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    gate.open();
    assert!(second.await.unwrap());
    assert_eq!(provider.count(KEYS), 2);
}
