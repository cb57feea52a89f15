//! How the metadata are put together, and what is checked.

use auth_syntax::check_scope;
use bytes::Bytes;

use super::document::Document;
use super::{ProtectedResource, ProtectedResourceError};
use crate::url::{Url, UrlProblem};

/// The well-known path of RFC 9728 §3.
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// Puts a [`ProtectedResource`] together; begun with [`ProtectedResource::builder`]. What it is given is checked by
/// [`build`](Self::build).
///
/// ```
/// use auth_core::ProtectedResource;
///
/// let resource = ProtectedResource::builder("https://api.example.com/mcp", "https://login.example.com")
///     .authorization_server("https://login.partner.example")
///     .scopes(["orders:read", "orders:write"])
///     .name("Orders")
///     .documentation("https://example.com/docs/orders")
///     .build()?;
/// # Ok::<(), auth_core::ProtectedResourceError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "it makes a `ProtectedResource` by `build`"]
pub struct ProtectedResourceBuilder {
    identifier: String,
    authorization_servers: Vec<String>,
    jwks_uri: Option<String>,
    scopes: Vec<String>,
    bearer: bool,
    name: Option<String>,
    documentation: Option<String>,
    policy: Option<String>,
    terms: Option<String>,
    certificate_bound: bool,
    dpop_algorithms: Vec<String>,
    dpop_bound: bool,
}

impl ProtectedResourceBuilder {
    pub(super) fn new(identifier: String, authorization_server: String) -> Self {
        Self {
            identifier,
            authorization_servers: vec![authorization_server],
            jwks_uri: None,
            scopes: Vec::new(),
            bearer: true,
            name: None,
            documentation: None,
            policy: None,
            terms: None,
            certificate_bound: false,
            dpop_algorithms: Vec::new(),
            dpop_bound: false,
        }
    }

    /// One more of `authorization_servers`: the issuer identifier of a server whose tokens are taken here (RFC 8414
    /// §2), exactly as its own metadata write it. `https`, or `http` on a loopback host; no query, no fragment.
    pub fn authorization_server(mut self, issuer: impl Into<String>) -> Self {
        self.authorization_servers.push(issuer.into());
        self
    }

    /// `scopes_supported`, in place of earlier ones: what a client may ask for. Without any, the member is left out.
    ///
    /// `offline_access` is refused: it makes refresh tokens, which are the authorization server's business. The
    /// authorization specification of the Model Context Protocol asks resources not to name it.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item: Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Leaves out `bearer_methods_supported`, which is `["header"]` otherwise: for a resource that takes no Bearer
    /// tokens. The other methods of RFC 6750, form and query, are not supported here.
    pub fn without_bearer_methods(mut self) -> Self {
        self.bearer = false;
        self
    }

    /// `jwks_uri`: where the resource's own public keys are, such as those that sign its answers. `https` always. It is
    /// not where the keys of the tokens are.
    pub fn jwks_uri(mut self, url: impl Into<String>) -> Self {
        self.jwks_uri = Some(url.into());
        self
    }

    /// `resource_name`: what people are shown.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// `resource_documentation`: the URL of a page for developers.
    pub fn documentation(mut self, url: impl Into<String>) -> Self {
        self.documentation = Some(url.into());
        self
    }

    /// `resource_policy_uri`: the URL of a page that says how clients may use the data.
    pub fn policy(mut self, url: impl Into<String>) -> Self {
        self.policy = Some(url.into());
        self
    }

    /// `resource_tos_uri`: the URL of the terms of service.
    pub fn terms_of_service(mut self, url: impl Into<String>) -> Self {
        self.terms = Some(url.into());
        self
    }

    /// `tls_client_certificate_bound_access_tokens` (RFC 8705): that tokens are bound to the client's certificate. It
    /// says so, and checks nothing.
    pub fn tls_client_certificate_bound_access_tokens(mut self) -> Self {
        self.certificate_bound = true;
        self
    }

    /// `dpop_signing_alg_values_supported` (RFC 9449), in place of earlier ones: names of asymmetric JWS algorithms.
    pub fn dpop_signing_algs(mut self, names: impl IntoIterator<Item: Into<String>>) -> Self {
        self.dpop_algorithms = names.into_iter().map(Into::into).collect();
        self
    }

    /// `dpop_bound_access_tokens_required` (RFC 9449): that every token has to come with a proof. It says so, and
    /// checks nothing.
    pub fn dpop_bound_access_tokens_required(mut self) -> Self {
        self.dpop_bound = true;
        self
    }

    /// The resource, with its document written.
    ///
    /// # Errors
    /// What was given and cannot be published.
    pub fn build(self) -> Result<ProtectedResource, ProtectedResourceError> {
        let identifier = read("resource", &self.identifier, |url| {
            url.https_or_loopback()?.bare()
        })?;
        let origin = identifier.origin();
        // RFC 9728 §3.1: a slash that is all of the path goes; any other stays.
        let path = match identifier.path() {
            "/" => "",
            path => path,
        };
        let metadata_url = [origin, WELL_KNOWN, path].concat();
        self.check()?;
        let document = Bytes::from(self.document());
        let origin_len = origin.len();
        Ok(ProtectedResource::of(
            self.identifier,
            metadata_url,
            origin_len,
            document,
        ))
    }

    fn check(&self) -> Result<(), ProtectedResourceError> {
        for issuer in &self.authorization_servers {
            read("authorization_servers", issuer, |url| {
                url.https_or_loopback()?.bare()
            })?;
        }
        if let Some(url) = &self.jwks_uri {
            read("jwks_uri", url, |url| url.https()?.without_fragment())?;
        }
        for (member, page) in [
            ("resource_documentation", &self.documentation),
            ("resource_policy_uri", &self.policy),
            ("resource_tos_uri", &self.terms),
        ] {
            if let Some(page) = page {
                read(member, page, Ok)?;
            }
        }
        for scope in &self.scopes {
            check_scope(scope).map_err(ProtectedResourceError::Scope)?;
            if scope.contains(' ') {
                return Err(ProtectedResourceError::SeveralScopes);
            }
            if scope == "offline_access" {
                return Err(ProtectedResourceError::OfflineAccess);
            }
        }
        let unreadable = |name: &String| name.trim().is_empty() || name.contains(char::is_control);
        if self.name.as_ref().is_some_and(unreadable) {
            return Err(ProtectedResourceError::Name);
        }
        if !self.dpop_algorithms.iter().all(|name| signs_proofs(name)) {
            return Err(ProtectedResourceError::DpopAlgorithm);
        }
        Ok(())
    }

    fn document(&self) -> String {
        let bearer: &[&str] = if self.bearer { &["header"] } else { &[] };
        Document::new()
            .text("resource", Some(&self.identifier))
            .list("authorization_servers", &self.authorization_servers)
            .text("jwks_uri", self.jwks_uri.as_deref())
            .list("scopes_supported", &self.scopes)
            .list("bearer_methods_supported", bearer)
            .text("resource_name", self.name.as_deref())
            .text("resource_documentation", self.documentation.as_deref())
            .text("resource_policy_uri", self.policy.as_deref())
            .text("resource_tos_uri", self.terms.as_deref())
            .flag(
                "tls_client_certificate_bound_access_tokens",
                self.certificate_bound,
            )
            .list("dpop_signing_alg_values_supported", &self.dpop_algorithms)
            .flag("dpop_bound_access_tokens_required", self.dpop_bound)
            .finish()
    }
}

fn read<'u>(
    member: &'static str,
    text: &'u str,
    demand: impl FnOnce(Url<'u>) -> Result<Url<'u>, UrlProblem>,
) -> Result<Url<'u>, ProtectedResourceError> {
    Url::read(text)
        .and_then(demand)
        .map_err(|problem| ProtectedResourceError::Url { member, problem })
}

/// RFC 9449 §4.2: a registered name, asymmetric, and not `none`.
fn signs_proofs(algorithm: &str) -> bool {
    let named = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'+');
    let symmetric = algorithm
        .get(..2)
        .is_some_and(|start| start.eq_ignore_ascii_case("HS"));
    !algorithm.is_empty()
        && algorithm.bytes().all(named)
        && !algorithm.eq_ignore_ascii_case("none")
        && !symmetric
}
