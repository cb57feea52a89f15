#[requires_auth(scheme = signed::Signed, hash = "sha-256", realm = "Machines", scope = "doors")]
async fn open(machine: Authenticated<Machine>) -> &'static str {
    "open"
}
