use auth_core::requires_auth;

struct Orders;

#[requires_auth(scheme = "Bearer", realm = "API", request = req, state = self.app)]
#[helper]
impl Orders {
    fn sum(&self) {}
}

fn main() {}
