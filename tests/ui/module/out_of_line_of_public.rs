use auth_core::public;

#[public(reason = "probes")]
mod probes;

fn main() {}
