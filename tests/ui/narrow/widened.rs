use auth_core::{Narrowed, Policy, auth_policy};

#[auth_policy(scheme = "Bearer", realm = "API", scope = "orders:write", secure)]
struct Api;

const WIDENED: Narrowed = Narrowed {
    secure: false,
    ..Narrowed::new(Api::SPEC)
};

fn main() {}
