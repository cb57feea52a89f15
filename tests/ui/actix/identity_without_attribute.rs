use actix_web::{App, get};
use auth_core::Authenticated;

#[get("/orders")]
async fn orders(user: Authenticated<String>) -> String {
    user.identity().clone()
}

fn main() {
    let _ = App::new().service(orders);
}
