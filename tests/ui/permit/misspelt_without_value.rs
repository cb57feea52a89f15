use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", permitt)]
async fn order(id: u32) -> u32 {
    id
}

fn main() {}
