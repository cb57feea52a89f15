//! Every server answers the one table: see `auth_tests::conformance`, and `auth_tests::drivers` for what a server is.

use auth_tests::conformance::accepted::ACCEPTED;
use auth_tests::conformance::conforms;
use auth_tests::drivers::{self, ALL};

#[test]
fn what_is_accepted_is_accepted_of_a_server() {
    for accepted in ACCEPTED {
        let known = ALL.iter().any(|driver| driver.name == accepted.driver);
        assert!(known, "{accepted:?}");
    }
}

#[tokio::test]
async fn http() {
    conforms(drivers::HTTP).await;
}

#[tokio::test]
async fn tower() {
    conforms(drivers::TOWER).await;
}

#[tokio::test]
async fn axum() {
    conforms(drivers::AXUM).await;
}

#[tokio::test]
async fn axum_guarded_router() {
    conforms(drivers::GUARDED_ROUTER).await;
}

#[tokio::test]
async fn layer() {
    conforms(drivers::LAYER).await;
}

#[tokio::test]
async fn check() {
    conforms(drivers::CHECK).await;
}
