use std::collections::HashSet;

use auth_core::digest::{DigestUserList, DigestVerifier, NonceSecret};

fn users(list: DigestUserList<String>, secret: NonceSecret) {
    let counts: HashSet<u32> = HashSet::new();
    let _ = DigestVerifier::builder(list, secret).with_counts(counts);
}

fn main() {}
