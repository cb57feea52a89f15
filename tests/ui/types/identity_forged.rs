use auth_core::Authenticated;

fn forged(name: String) -> Authenticated<String> {
    Authenticated::from(name)
}

fn main() {}
