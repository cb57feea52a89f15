use auth_core::public;

struct Probes;

#[public(reason = "probes")]
impl Probes {
    const ALL: u8 = 1;
}

fn main() {}
