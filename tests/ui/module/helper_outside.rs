#[helper]
fn sum() {}

fn main() {}
