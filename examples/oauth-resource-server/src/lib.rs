//! An OAuth 2.0 resource server for orders. Read [`handlers`] first, then [`app`]; `main.rs` starts it.

pub mod app;
pub mod config;
pub mod handlers;
pub mod metrics;
pub mod revocations;

use std::sync::Arc;

use auth_core::AuthState as _;
use auth_core::axum::{GuardedRouter, get, post};

use crate::app::App;

/// Takes only handlers with a decision, and serves the document by which clients find the identity provider.
pub fn router(app: Arc<App>) -> GuardedRouter {
    GuardedRouter::new()
        .route("/orders", get(handlers::list).post(handlers::place))
        .route("/orders/{id}/refund", post(handlers::refund))
        .route("/sign-out", post(revocations::sign_out))
        .route("/revocations", post(revocations::revoke))
        .route("/health", get(handlers::health))
        .route("/metrics", get(metrics::scraped))
        .protected_resource(app.settings())
        .with_state(app)
}
