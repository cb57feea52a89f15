//! salvo answers the one table, and no spelling of a path leads past its guards.

use auth_salvo::SALVO;
use auth_tests::conformance::conforms;
use auth_tests::connections::each_request_is_judged_by_itself;
use auth_tests::paths::no_spelling_leads_past_the_guard;

#[tokio::test]
async fn salvo() {
    conforms(SALVO).await;
}

#[tokio::test]
async fn no_spelling_leads_past_the_guard_v11() {
    no_spelling_leads_past_the_guard(SALVO).await;
}

#[tokio::test]
async fn requests_are_judged_one_by_one() {
    each_request_is_judged_by_itself(SALVO).await;
}
