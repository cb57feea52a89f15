use auth_core::requires_auth;

struct Orders;

#[requires_auth(scheme = "Bearer", realm = "API", request = req, state = self.app)]
impl Orders {
    #[public]
    #[requires_auth(scheme = "Basic", realm = "Dev zone")]
    fn sum(&self) {}
}

fn main() {}
