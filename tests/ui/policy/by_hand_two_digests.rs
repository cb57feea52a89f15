use auth_core::{Any, Declaration, Digest, Member, One, Policy, Spec, member};

pub enum Partner {}
pub struct Users;

impl Policy for Users {
    type Accepts = Any<(One<Digest>, One<Digest, Partner>)>;
    const SPEC: &'static Spec = {
        static MEMBERS: [Member; 2] = [
            member!(Digest, Declaration::digest("API")),
            member!(Digest, Declaration::digest("API")).with_tag("Partner"),
        ];
        static SPEC: Spec = Spec::new("Users", &MEMBERS);
        &SPEC
    };
}

fn main() {}
