use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", permit = match id {
    7 => return None,
    _ => true,
})]
async fn order(id: u32) -> Option<u32> {
    Some(id)
}

fn main() {}
