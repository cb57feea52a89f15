//! What operators are told when challenges name a document that nothing serves.

use std::sync::Arc;

use auth_core::axum::GuardedRouter;
use auth_core::{AuthState as _, BodyFormat};
use auth_tests::app::{App, Pace};
use auth_tests::log::Log;
use auth_tests::request::post;
use auth_tests::servers;

use super::{URL, app, settings};

/// How often the log warned while all servers refused, each time twice.
async fn warnings(app: &Arc<App>) -> usize {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).finish();
    let _until_the_end = tracing::subscriber::set_default(subscriber);
    for server in servers::all(app) {
        for handler in ["basic", "bearer", "scoped"] {
            let (request, _) = post(&format!("/{handler}"), &[], "");
            assert_eq!(server.answer(request).await.status(), 401);
        }
    }
    let log = log.text();
    let warned: Vec<_> = log.lines().filter(|line| line.contains("WARN")).collect();
    assert!(warned.iter().all(|line| line.contains(URL)), "{log}");
    warned.len()
}

#[tokio::test]
async fn a_document_that_nothing_serves_is_told_once() {
    assert_eq!(warnings(&app()).await, 1);

    let routed = app();
    let _router: GuardedRouter = GuardedRouter::new().protected_resource(routed.settings());
    assert_eq!(warnings(&routed).await, 0);

    let plain = app();
    let (request, _) = post("/bearer", &[], "");
    let resource = plain.settings().protected_resource().unwrap();
    assert!(resource.respond::<_, bytes::Bytes>(&request).is_none());
    assert_eq!(warnings(&plain).await, 0);

    let unset = App::with_settings(Pace::AtOnce, settings(BodyFormat::Json));
    assert_eq!(warnings(&unset).await, 0);
}
