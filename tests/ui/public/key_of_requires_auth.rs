use auth_core::public;

#[public(realm = "API")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
