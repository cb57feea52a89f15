//! salvo answers the one table, and no spelling of a path leads past its guards.

use auth_salvo::SALVO;
use auth_tests::conformance::conforms;
use auth_tests::paths::no_spelling_leads_past_the_guard;

#[tokio::test]
async fn salvo() {
    conforms(SALVO).await;
}

#[tokio::test]
async fn no_spelling_leads_past_the_guard_v11() {
    no_spelling_leads_past_the_guard(SALVO).await;
}
