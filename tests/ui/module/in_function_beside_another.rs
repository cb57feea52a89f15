use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "Shop")]
pub mod handlers {
    pub async fn orders() {}
}

pub fn admin() {
    #[requires_auth(scheme = "Bearer", realm = "Admin", role = "root")]
    mod handlers {
        pub async fn wipe() {}
    }
    let _ = handlers::wipe;
}

fn main() {}
