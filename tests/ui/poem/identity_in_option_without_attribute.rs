use auth_core::Authenticated;
use poem::handler;

#[handler]
async fn orders(user: Option<Authenticated<String>>) -> String {
    user.map_or_else(String::new, |user| user.identity().clone())
}

fn main() {}
