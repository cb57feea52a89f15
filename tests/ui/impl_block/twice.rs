use auth_core::requires_auth;

struct Orders;

#[requires_auth(scheme = "Bearer", realm = "API", request = req, state = self.app)]
#[requires_auth(scheme = "Basic", realm = "Dev zone")]
impl Orders {
    #[helper]
    fn sum(&self) {}
}

fn main() {}
