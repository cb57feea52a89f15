#[requires_auth(
    scheme = "Digest",
    realm = "http-auth@example.org",
    algorithm = "SHA-256, md5",
    qop = "auth, auth-int",
    domain = "/a https://b.example/c",
    userhash,
    charset = none,
    opaque = "5ccc069c403ebaf9",
    role = "clerk"
)]
async fn orders(user: Authenticated<User>) -> String {
    user.name.clone()
}

#[requires_auth(scheme = "Digest", realm = crate::ZONE, algorithm = "SHA-512-256-sess, SHA-256")]
async fn plain() -> &'static str {
    "plain"
}
