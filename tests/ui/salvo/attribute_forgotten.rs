use auth_core::Authenticated;
use salvo_core::prelude::*;

#[handler]
async fn orders(user: Authenticated<String>) -> String {
    user.to_string()
}

fn main() {}
