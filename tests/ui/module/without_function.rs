use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    pub struct Orders;

    pub const ALL: u8 = 1;
}

fn main() {}
