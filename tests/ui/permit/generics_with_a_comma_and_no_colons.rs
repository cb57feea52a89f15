use auth_core::requires_auth;

fn same<A, B>(_: A) -> bool {
    true
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = same<u32, u32>(id))]
async fn order(id: u32) -> u32 {
    id
}

fn main() {}
