use actix_web::{App, get};
use auth_core::{Authenticated, requires_auth};

type Caller = Authenticated<String>;

#[get("/orders")]
#[requires_auth(scheme = "Bearer", realm = "Shop")]
async fn orders(user: Caller) -> String {
    user.identity().clone()
}

fn main() {
    let _ = App::new().service(orders);
}
