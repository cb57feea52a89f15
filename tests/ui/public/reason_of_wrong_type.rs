use auth_core::public;

#[public(reason = 5)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
