use auth_core::requires_auth;

struct Orders;

#[requires_auth(scheme = "Bearer", realm = "API", request = req, state = self.app)]
impl Orders {
    const ALL: u8 = 1;

    #[helper]
    fn sum(&self) {}
}

fn main() {}
