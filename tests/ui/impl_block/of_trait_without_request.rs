use auth_core::requires_auth;

struct Orders;

#[requires_auth(scheme = "Bearer", realm = "API", request = req, state = self)]
impl Iterator for Orders {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        None
    }
}

fn main() {}
