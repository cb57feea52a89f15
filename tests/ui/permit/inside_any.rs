use auth_core::requires_auth;

#[requires_auth(any(Bearer(realm = "API", permit = id == 7), Basic(realm = "API")))]
async fn order(id: u32) -> u32 {
    id
}

fn main() {}
