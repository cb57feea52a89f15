use auth_core::requires_auth;

async fn is_open(_: u32) -> Result<bool, String> {
    Ok(true)
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = is_open(id).await?)]
async fn order(id: u32) -> Result<u32, String> {
    Ok(id)
}

fn main() {}
