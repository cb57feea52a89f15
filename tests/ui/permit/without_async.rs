use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", permit = id == 7)]
fn order(id: u32) -> std::future::Ready<u32> {
    std::future::ready(id)
}

fn main() {}
