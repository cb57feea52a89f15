use auth_core::Authenticated;

#[axum::debug_handler]
async fn orders(user: Authenticated<String>) -> String {
    user.to_string()
}

fn main() {}
