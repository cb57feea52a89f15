//! Many requests with one token, and many tokens at once. What waits is polled by hand, so that no test depends on when
//! tasks run.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use auth_core::introspection::IntrospectionBuilder;

use super::{Service, TOKEN, Told};

type Waiting<'s> = Pin<Box<dyn Future<Output = Told> + 's>>;

/// So many requests, each of which has come as far as it can.
fn waiting<'s>(service: &'s Service, tokens: impl IntoIterator<Item = String>) -> Vec<Waiting<'s>> {
    let requests = tokens.into_iter().map(|token| {
        let request = async move { service.get("/plain", &token).await };
        let mut request: Waiting<'s> = Box::pin(request);
        let polled = request
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(polled, Poll::Pending), "{polled:?}");
        request
    });
    requests.collect()
}

/// Until the endpoint was asked so often.
async fn asked(service: &Service, calls: usize) {
    while service.endpoint.calls() < calls {
        tokio::task::yield_now().await;
    }
}

fn same(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|_| TOKEN.to_owned())
}

#[tokio::test]
async fn a_thousand_requests_with_one_token_share_one_call() {
    for cached in [true, false] {
        let service = Service::with(|it| if cached { it } else { it.without_cache() });
        service.endpoint.hold();
        let waiting = waiting(&service, same(1_000));
        asked(&service, 1).await;
        assert_eq!(service.health().under_way, 1);
        service.endpoint.release();
        for request in waiting {
            let told = request.await;
            assert_eq!((told.status, told.body.as_str()), (200, "ada"));
        }
        assert_eq!(
            (service.endpoint.calls(), service.health().under_way),
            (1, 0)
        );
    }
}

#[tokio::test]
async fn whoever_stops_waiting_stops_nobody_else() {
    let service = Service::new();
    service.endpoint.hold();
    let mut waiting = waiting(&service, same(1_000));
    // Among them the one whose request began the call.
    waiting.drain(..500);
    asked(&service, 1).await;
    service.endpoint.release();
    for request in waiting {
        assert_eq!(request.await.status, 200);
    }
    assert_eq!(
        (service.endpoint.calls(), service.health().under_way),
        (1, 0)
    );
}

#[tokio::test]
async fn when_all_stop_waiting_nothing_is_left_behind() {
    let service = Service::new();
    service.endpoint.hold();
    drop(waiting(&service, same(100)));
    asked(&service, 1).await;
    service.endpoint.release();
    while service.health().under_way > 0 {
        tokio::task::yield_now().await;
    }
    // What the call found out is not lost.
    assert_eq!(service.status(TOKEN).await, 200);
    assert_eq!(service.endpoint.calls(), 1);
}

#[tokio::test]
async fn a_failed_call_fails_for_all_who_wait_and_counts_once() {
    let service = Service::new();
    service.endpoint.hold();
    service.endpoint.says_text(500, "");
    let waiting = waiting(&service, same(1_000));
    asked(&service, 1).await;
    service.endpoint.release();
    for request in waiting {
        assert_eq!(request.await.status, 503);
    }
    let health = service.health();
    assert_eq!((health.calls, health.failures, health.under_way), (1, 1, 0));
}

#[tokio::test]
async fn v24_no_more_calls_than_the_limit_are_under_way() {
    let service = Service::with(|it| it.with_most_calls(10));
    service.endpoint.hold();
    let tokens = (0..10).map(|n| format!("token-{n}"));
    let waiting = waiting(&service, tokens.clone().chain(tokens));
    asked(&service, 10).await;
    let told = service.get("/plain", "one-more").await;
    assert_eq!((told.status, told.retry_after.as_deref()), (503, Some("1")));
    assert_eq!(service.endpoint.calls(), 10);
    assert_eq!(service.health().held_back, 1);
    service.endpoint.release();
    for request in waiting {
        assert_eq!(request.await.status, 200);
    }
    assert_eq!(service.status("one-more").await, 200);
    assert_eq!(service.endpoint.calls(), 11);
}

#[test]
fn a_runtime_that_stops_takes_its_calls_with_it() {
    let service = Service::with(IntrospectionBuilder::without_cache);
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    service.endpoint.hold();
    let first = runtime();
    first.block_on(async {
        drop(waiting(&service, same(10)));
        asked(&service, 1).await;
    });
    assert_eq!(service.health().under_way, 1);
    drop(first);
    assert_eq!(service.health().under_way, 0);
    service.endpoint.release();
    assert_eq!(runtime().block_on(service.status(TOKEN)), 200);
}

/// The request, if it is answered at once.
fn at_once(service: &Service) -> Told {
    let mut request = Box::pin(service.get("/plain", TOKEN));
    let polled = request
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    match polled {
        Poll::Ready(told) => told,
        Poll::Pending => panic!("waits"),
    }
}

#[test]
fn a_runtime_that_has_stopped_answers_503_and_blocks_nobody() {
    let service = Service::new();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let handle = runtime.handle().clone();
    drop(runtime);
    let _inside = handle.enter();
    // It drops what it is given, while it is given it.
    assert_eq!(at_once(&service).status, 503);
    let health = service.health();
    assert_eq!((health.calls, health.failures, health.under_way), (1, 1, 0));
}

/// Whenever a request comes, before the call, during it or just after it: there is one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_call_however_requests_interleave() {
    let service = std::sync::Arc::new(Service::new());
    for round in 1..=50 {
        let ask = || {
            let service = std::sync::Arc::clone(&service);
            tokio::spawn(async move { service.status(&format!("token-{round}")).await })
        };
        let requests: Vec<_> = (0..40).map(|_| ask()).collect();
        for request in requests {
            assert_eq!(request.await.unwrap(), 200);
        }
        assert_eq!(service.endpoint.calls(), round);
    }
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    let service = Service::new();
    let told = at_once(&service);
    assert_eq!(told.status, 500);
    assert!(told.detail().contains("tokio runtime"), "{told:?}");
}
