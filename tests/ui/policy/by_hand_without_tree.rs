use auth_core::{Bearer, Policy, Spec};

pub struct Api;

impl Policy for Api {
    type Accepts = (Bearer,);
    const SPEC: &'static Spec = panic!();
}

fn main() {}
