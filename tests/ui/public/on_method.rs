use auth_core::public;

struct Orders;

impl Orders {
    #[public]
    async fn all(&self) {}
}

fn main() {}
