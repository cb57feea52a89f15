// Asks for no identity. An argument that may be another name of it is looked at.
#[requires_auth(scheme = "ApiKey", header = "X-API-Key", realm = "API")]
#[instrument]
async fn report(month: Month) -> Report {
    Report::of(month)
}
