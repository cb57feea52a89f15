use auth_core::{Bearer, Declaration, Member, Need, member};

static MEMBERS: [Member; 1] =
    [member!(Bearer, Declaration::bearer("API")).with_role(Need::All(&[]))];

fn main() {
    let _ = &MEMBERS;
}
