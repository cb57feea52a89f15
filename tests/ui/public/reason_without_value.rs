use auth_core::public;

#[public(reason)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
