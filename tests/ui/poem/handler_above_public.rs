use auth_core::public;
use poem::{Route, handler};

#[handler]
#[public(reason = "probe")]
async fn health() -> &'static str {
    "ok"
}

fn main() {
    let _ = Route::new().at("/health", health);
}
