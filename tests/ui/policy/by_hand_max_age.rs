use auth_core::{Bearer, Declaration, Member};

static MEMBERS: [Member; 1] = [Member::new::<Bearer>(
    Declaration::bearer("API").with_max_age("5m"),
    &["Bearer realm=\"API\""; 8],
)];

fn main() {
    let _ = &MEMBERS;
}
