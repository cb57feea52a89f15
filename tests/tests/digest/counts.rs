//! Each count is used once (D-9, D-10, D-11).

use std::sync::Arc;

use auth_core::Settings;
use auth_tests::digest::Client;
use tokio::sync::Barrier;

use crate::server::{PASSWORD, SECRET, Server, Told, USER, all, app, app_with, honest};

const ADMITTED: (u16, &str) = (200, "admitted");
const STALE: (u16, &str) = (401, "stale_nonce");

fn is_stale(told: &Told, place: &str) {
    assert_eq!(told.outcome(), STALE, "{place}");
    let [challenge] = &told.challenges[..] else {
        panic!("{place}: {told:?}");
    };
    assert!(
        challenge.ends_with("\", stale=true"),
        "{place}: {challenge}"
    );
    assert_eq!(told.error(), "authentication_required");
    assert_eq!(told.info, None);
}

/// By its count.
async fn sent(server: &Server, client: &Client, nc: u32) -> Told {
    server.told(honest(&client.clone().counting(nc))).await
}

// D-10, V17 (CVE-2012-5885): the whole request again, now and later.
#[tokio::test]
async fn d10_a_replay_is_refused() {
    let (app, _) = app();
    for server in all(&app) {
        let client = server.client("/pay").await.asking("POST", "/pay");
        let client = client.covering("{\"amount\": 1}");
        let told = server.told(honest(&client)).await;
        assert_eq!(told.outcome(), ADMITTED, "{}", server.name);
        for _ in 0..3 {
            is_stale(&server.told(honest(&client)).await, server.name);
        }
        // Another request with the same count.
        let other = client.clone().asking("GET", "/other").covering("");
        is_stale(&server.told(honest(&other)).await, server.name);
        // Whoever cannot compute the digest is told nothing of counts.
        let mut wrong = client.clone();
        wrong.password.push('!');
        let told = server.told(honest(&wrong)).await;
        assert_eq!(told.outcome(), (401, "invalid_credentials"));

        let told = sent(&server, &client, 2).await;
        assert_eq!(told.outcome(), ADMITTED, "{}", server.name);
    }
}

// D-9: letters of either case are the same count.
#[tokio::test]
async fn d10_another_spelling_is_the_same_count() {
    let (app, _) = app();
    let server = &all(&app)[0];
    let client = server.client("/a").await;
    assert_eq!(sent(server, &client, 10).await.outcome(), ADMITTED);
    let mut capital = client;
    "0000000A".clone_into(&mut capital.nc);
    is_stale(&server.told(honest(&capital)).await, "0000000A");
}

// D-11
#[tokio::test]
async fn d11_counts_overtake_each_other_and_leave_gaps() {
    let (app, _) = app();
    for server in all(&app) {
        let client = server.client("/a").await;
        for nc in [3, 1, 2, 40, 39, 4, 1000, 1000 - 127, 999] {
            let told = sent(&server, &client, nc).await;
            assert_eq!(told.outcome(), ADMITTED, "{} {nc}", server.name);
        }
        for nc in [
            3,
            1,
            2,
            40,
            39,
            4,
            1000,
            1000 - 127,
            999,
            1000 - 128,
            500,
            5,
        ] {
            is_stale(&sent(&server, &client, nc).await, server.name);
        }
        for nc in [u32::MAX, u32::MAX - 1, u32::MAX - 127] {
            let told = sent(&server, &client, nc).await;
            assert_eq!(told.outcome(), ADMITTED, "{} {nc}", server.name);
        }
        for nc in [u32::MAX, 1001, 1] {
            is_stale(&sent(&server, &client, nc).await, server.name);
        }
    }
}

// D-11: what was used before a restart cannot be told from what was not.
#[tokio::test]
async fn d11_after_a_restart_earlier_nonces_are_stale() {
    let (app, _) = app();
    let (restarted, hand) = app_with(SECRET, Settings::new());
    hand.advance(std::time::Duration::from_secs(1));
    let (before, after) = (all(&app).remove(0), all(&restarted).remove(0));
    let client = before.client("/a").await;
    for nc in [1, 2] {
        let told = sent(&after, &client, nc).await;
        is_stale(&told, "after the restart");
        let again = Client::of(&told.challenges[0], USER, PASSWORD).asking("GET", "/a");
        assert_eq!(sent(&after, &again, 1).await.outcome(), ADMITTED);
    }
}

// D-11: one nonce for a session, and one 401.
#[tokio::test]
async fn d11_a_session_goes_on_with_one_nonce() {
    let (app, _) = app();
    for server in all(&app) {
        let client = server.client("/a").await;
        for nc in 1..=500 {
            let target = format!("/a/{nc}?n={nc}");
            let request = client.clone().asking("GET", &target).counting(nc);
            let told = server.told(honest(&request)).await;
            assert_eq!(told.outcome(), ADMITTED, "{} {nc}", server.name);
        }
    }
}

// D-10, V17: at the same instant, on several threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn d10_of_equal_counts_at_one_instant_one_is_admitted() {
    const TASKS: usize = 6;
    let (app, _) = app();
    for server in all(&app) {
        let client = server.client("/a").await;
        for nc in 1..=150 {
            let barrier = Arc::new(Barrier::new(TASKS));
            let tasks = (0..TASKS).map(|_| {
                let (server, barrier) = (server.clone(), Arc::clone(&barrier));
                let request = honest(&client.clone().counting(nc));
                tokio::spawn(async move {
                    barrier.wait().await;
                    server.told(request).await.outcome()
                })
            });
            let mut outcomes = Vec::new();
            for task in tasks.collect::<Vec<_>>() {
                outcomes.push(task.await.unwrap());
            }
            outcomes.sort_unstable();
            let mut expected = vec![STALE; TASKS - 1];
            expected.insert(0, ADMITTED);
            assert_eq!(outcomes, expected, "{} {nc}", server.name);
        }
    }
}
