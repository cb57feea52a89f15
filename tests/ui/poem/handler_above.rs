use auth_core::{Authenticated, requires_auth};
use poem::{Route, handler};

#[handler]
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(user: Authenticated<String>) -> String {
    user.identity().clone()
}

fn main() {
    let _ = Route::new().at("/orders", orders);
}
