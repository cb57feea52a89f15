//! What is counted, for Prometheus.

use std::sync::Arc;
use std::time::Duration;

use auth_core::public;
use axum::extract::State;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::app::App;

/// From a token that is remembered to a provider that is slow, in seconds.
const BUCKETS: [f64; 9] = [
    0.000_005, 0.000_02, 0.000_05, 0.000_2, 0.001, 0.01, 0.1, 1.0, 5.0,
];

/// Begins to count. Call it before the first request, and once.
///
/// # Errors
/// If somebody counts already.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    let durations = Matcher::Suffix("_duration_seconds".to_owned());
    let metrics = PrometheusBuilder::new()
        .set_buckets_for_metric(durations, &BUCKETS)?
        .install_recorder()?;
    auth_core::observability::describe_metrics();
    Ok(metrics)
}

/// Sorts durations into their buckets now and then, in case nobody scrapes.
pub async fn upkeep(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        metrics.run_upkeep();
    }
}

/// What Prometheus reads.
#[public(reason = "scraped from inside; the proxy in front does not hand it on")]
pub async fn scraped(State(app): State<Arc<App>>) -> String {
    app.metrics.render()
}
