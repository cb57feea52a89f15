//! Several guards for one request: what the outer one has used up is no replay for the inner one.

use auth_core::axum::{GuardedRouter, any};
use auth_core::tower::{GuardLayer, SeenBodies};
use auth_core::{Authenticated, Unseen};
use auth_tests::digest::Client;
use std::sync::Arc;

use crate::server::{App, Server, Signed, app, honest, signed};

/// A handler under a policy, in a router behind a guard with the same policy.
fn behind_a_guard(app: &Arc<App>) -> Server {
    let router = GuardedRouter::new()
        .route("/{*path}", any(signed))
        .with_state(Arc::clone(app))
        .into_router()
        .layer(GuardLayer::<Signed, _, Unseen, SeenBodies>::seeing_bodies(
            Arc::clone(app),
        ));
    Server::router("behind a guard", router)
}

/// The same with three.
fn behind_two(app: &Arc<App>) -> Server {
    let layer = || GuardLayer::<Signed, _, Authenticated<String>, SeenBodies>::seeing_bodies;
    let router = GuardedRouter::new()
        .route("/{*path}", any(signed))
        .with_state(Arc::clone(app))
        .into_router()
        .layer(layer()(Arc::clone(app)))
        .layer(layer()(Arc::clone(app)));
    Server::router("behind two guards", router)
}

async fn calls(server: &Server) -> [Client; 2] {
    let client = server.client("/a").await;
    let signed = client.clone().counting(2).asking("POST", "/a");
    [client, signed.covering("two pears")]
}

// D-10
#[tokio::test]
async fn d10_one_request_meets_all_guards_and_its_repetition_none() {
    let (app, _) = app();
    for server in [behind_a_guard(&app), behind_two(&app)] {
        for client in calls(&server).await {
            let told = server.told(honest(&client)).await;
            assert_eq!(told.outcome(), (200, "admitted"), "{}", server.name);
            assert!(told.info.is_some(), "{}", server.name);
            let told = server.told(honest(&client)).await;
            assert_eq!(told.outcome(), (401, "stale_nonce"), "{}", server.name);
        }
    }
}
