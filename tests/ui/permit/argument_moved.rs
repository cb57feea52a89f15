use auth_core::requires_auth;

fn owner(id: String) -> bool {
    id == "7"
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = owner(id))]
async fn order(id: String) -> String {
    id
}

fn main() {}
