use auth_core::public;

#[public]
pub struct Orders;

fn main() {}
