use auth_core::public;

#[public(reason = "probes")]
trait Probes {
    async fn live(&self);
}

fn main() {}
