use std::collections::HashMap;

use auth_core::digest::{DigestVerifier, NonceSecret};

fn users(secret: NonceSecret) {
    let passwords: HashMap<String, String> = HashMap::new();
    let _ = DigestVerifier::builder(passwords, secret).build();
}

fn main() {}
