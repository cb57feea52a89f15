// The handler stays, under a policy that admits nobody: its routes do not complain as well.
#[requires_auth(scheme = "Baerer", realm = "API")]
async fn orders(user: Authenticated<Claims>) -> String {
    user.name.clone()
}
