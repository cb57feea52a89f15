use auth_core::public;

#[public(permit = id == 7)]
async fn order(id: u32) -> u32 {
    id
}

fn main() {}
