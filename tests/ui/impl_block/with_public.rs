use auth_core::public;

struct Probes;

#[public(reason = "probes")]
#[auth_core::requires_auth(scheme = "Basic", realm = "Dev zone", request = req, state = self)]
impl Probes {
    fn live(&self) {}
}

fn main() {}
