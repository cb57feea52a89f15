//! Tokens are taken back: from then on this service refuses them, whatever the provider says.

use std::path::Path;
use std::sync::Arc;

use auth_core::store::{Revocations, RevocationsError};
use auth_core::{AuthState as _, Authenticated, requires_auth};
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use crate::app::App;
use crate::handlers::{Api, Claims};

/// No token of the provider lives longer, in seconds.
const LONGEST: u64 = 60 * 60;

/// Opens the store, and makes it if there is none.
///
/// Here that is for your convenience. A real service makes its store when it is installed, by `Revocations::create`, and
/// opens it from then on: one that has lost its file must not start as if nobody had ever been signed out.
///
/// # Errors
/// If the file is damaged, or another process has it.
pub fn open(path: &Path) -> Result<Revocations, RevocationsError> {
    // Opaque tokens have no `jti`; those of one user can be taken back together.
    let store = Revocations::builder().admitting_tokens_without_jti();
    match store.clone().open(path) {
        Err(RevocationsError::Missing(_)) => store.create(path),
        opened => opened,
    }
}

/// Takes the caller's own token back. Answered once that is on the disk.
#[requires_auth(Api)]
pub async fn sign_out(user: Authenticated<Claims>, State(app): State<Arc<App>>) -> StatusCode {
    let Some(token) = user.grants().token().cloned() else {
        return StatusCode::CONFLICT;
    };
    let taken_back = move |app: &App| match app.revocations.revoke(&token) {
        Err(RevocationsError::Unnamed) => all_of(app, &user.sub),
        done => done,
    };
    stored(app, taken_back).await
}

/// Whom to shut out.
#[derive(Debug, Deserialize)]
pub struct Dismissed {
    sub: String,
}

/// Takes back all tokens that a user has now.
#[requires_auth(Api, scope = "tokens:revoke")]
pub async fn revoke(State(app): State<Arc<App>>, Form(user): Form<Dismissed>) -> StatusCode {
    stored(app, move |app| all_of(app, &user.sub)).await
}

fn all_of(app: &App, subject: &str) -> Result<(), RevocationsError> {
    let now = app.settings().clock().unix_seconds();
    let until = now.saturating_add(LONGEST);
    app.revocations
        .revoke_subject(&app.issuer, subject, now, until)
}

/// Writing waits for the disk, so it has a thread of its own.
async fn stored(
    app: Arc<App>,
    write: impl FnOnce(&App) -> Result<(), RevocationsError> + Send + 'static,
) -> StatusCode {
    match tokio::task::spawn_blocking(move || write(&app)).await {
        Ok(Ok(())) => StatusCode::NO_CONTENT,
        Ok(Err(error)) => {
            tracing::error!("a revocation may be lost at a restart: {error}");
            StatusCode::SERVICE_UNAVAILABLE
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
