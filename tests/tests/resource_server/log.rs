//! What operators see of attacks (V28).

use auth_tests::observed::logged;
use auth_tests::tokens::AUDIENCE;

use crate::harness::{COOLDOWN, ELSEWHERE, KEYS, PARTNER_KEYS, Service, Serving};
use crate::table;

/// The whole log, at every level, of everybody: refusals, and the questions that attacks cause.
#[tokio::test]
async fn v28_v5_nothing_of_a_token_is_logged() {
    let service = Service::start(Serving::Axum).await;
    // What the service was told at its start.
    let known = [KEYS, PARTNER_KEYS, AUDIENCE, ELSEWHERE, "orders:read"];
    let mut fetches = 0;
    for row in &table::rows() {
        service.after(COOLDOWN);
        let exchange = async {
            row.is_refused(&service).await;
            row.neighbour_is_admitted(&service).await;
        };
        let ((), seen) = logged(exchange).await;
        let told = seen
            .iter()
            .flat_map(|seen| seen.fields.values().chain([&seen.name]));
        let told: Vec<&str> = told.map(String::as_str).collect();
        let told = told.join("\n");
        assert!(
            seen.iter().any(|seen| seen.name == "refused"),
            "{}",
            row.name
        );
        fetches += seen
            .iter()
            .filter(|seen| seen.fields.contains_key("issuer"))
            .count();
        let secrets = [row.attack.secrets(), row.neighbour.secrets()].concat();
        for secret in secrets {
            let ours = known.iter().any(|known| known.contains(&secret));
            assert!(
                ours || !told.contains(&secret),
                "{}: {secret} in {told}",
                row.name
            );
        }
    }
    assert!(fetches > 50, "{fetches}");
}
