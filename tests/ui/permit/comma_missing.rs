use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", permit = id == 7 realm = "API")]
async fn order(id: u32) -> u32 {
    id
}

fn main() {}
