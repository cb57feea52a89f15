use auth_core::public;

#[public(raeson = "probes")]
mod probes {
    pub async fn live() {}

    pub async fn ready() {}
}

fn main() {}
