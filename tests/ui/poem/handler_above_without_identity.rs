use auth_core::requires_auth;
use poem::{Route, handler};

#[handler]
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {
    let _ = Route::new().at("/orders", orders);
}
