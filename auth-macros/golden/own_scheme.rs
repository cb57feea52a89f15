#[requires_auth(scheme = signed::Signed, hash = "sha-256", realm = "Machines", scope = "doors")]
async fn open(machine: Authenticated<Machine>) -> &'static str {
    "open"
}

/// Its parameters may have names that are keys of other schemes.
#[requires_auth(any(signed::Signed(realm = "Machines", algorithm = "x", userhash = 5), Bearer(realm = "API")))]
async fn shut() -> &'static str {
    "shut"
}
