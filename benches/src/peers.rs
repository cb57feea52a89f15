//! The same with other libraries, each used as its documentation shows.

use std::hint::black_box;

use auth_core::jwt::Algorithm;
use aws_lc_rs::{hmac, signature};
use axum::routing::get;
use axum::{Extension, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jwt_authorizer::{IntoLayer as _, JwtAuthorizer, JwtClaims, Validation};
use serde_json::{Value, json};
use tower_oauth2_resource_server::server::OAuth2ResourceServer;
use tower_oauth2_resource_server::tenant::TenantConfiguration;
use tower_oauth2_resource_server::validation::ClaimsValidationSpec;

use crate::jwt::Claims;
use crate::request::run;

async fn by_authorizer(JwtClaims(user): JwtClaims<Claims>) -> &'static str {
    black_box(&user.sub);
    "ok"
}

async fn by_resource_server(Extension(user): Extension<Claims>) -> &'static str {
    black_box(&user.sub);
    "ok"
}

/// `jwt-authorizer`, with keys that are given at the start. It is made for axum 0.7.
pub fn jwt_authorizer(
    algorithm: Algorithm,
    jwk: &Jwk,
    issuer: &str,
    audience: &str,
) -> axum07::Router {
    let keys = json!({ "keys": [jwk] }).to_string();
    let validation = Validation::new().iss(&[issuer]).aud(&[audience]).leeway(0);
    let authorizer = JwtAuthorizer::<Claims>::from_jwks_text(&keys).validation(validation);
    let authorizer =
        run(authorizer.build()).unwrap_or_else(|error| panic!("{algorithm}: {error:?}"));
    axum07::Router::new()
        .route("/", axum07::routing::get(by_authorizer))
        .route("/jwt", axum07::routing::get(by_authorizer))
        .layer(authorizer.into_layer())
}

/// `tower-oauth2-resource-server`, with keys that are given at the start.
pub fn tower_oauth2(
    algorithm: jsonwebtoken::Algorithm,
    jwk: &Jwk,
    issuer: &str,
    audience: &str,
) -> Router {
    let keys = json!({ "keys": [jwk] }).to_string();
    let audiences = vec![audience.to_owned()];
    let checked = ClaimsValidationSpec::new()
        .exp(true)
        .iss(issuer)
        .aud(&audiences);
    let tenant = TenantConfiguration::static_builder(keys)
        .identifier(issuer)
        .claims_validation(checked)
        .allowed_algorithms(&[algorithm])
        .build()
        .expect("a tenant");
    let server = OAuth2ResourceServer::<Claims>::builder().add_tenant(tenant);
    let server = run(server.build()).expect("a resource server");
    Router::new()
        .route("/", get(by_resource_server))
        .layer(server.into_layer())
}

/// A signature, and the key that it is checked with.
#[derive(Debug)]
pub struct Raw {
    message: Vec<u8>,
    signature: Vec<u8>,
    key: Parsed,
}

#[derive(Debug)]
enum Parsed {
    Secret(Box<hmac::Key>),
    Public(signature::ParsedPublicKey),
}

impl Raw {
    /// The signature of a token, by the key of a JWK.
    pub fn new(algorithm: Algorithm, jwk: &Jwk, token: &str) -> Self {
        let (message, signature) = token.rsplit_once('.').expect("a token");
        Self {
            message: message.into(),
            signature: octets(signature),
            key: parsed(algorithm, &json!(jwk)),
        }
    }

    /// Checks it.
    pub fn holds(&self) -> bool {
        match &self.key {
            Parsed::Secret(key) => hmac::verify(key, &self.message, &self.signature).is_ok(),
            Parsed::Public(key) => key.verify_sig(&self.message, &self.signature).is_ok(),
        }
    }
}

fn octets(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

fn parsed(algorithm: Algorithm, jwk: &Value) -> Parsed {
    use Algorithm as A;
    use signature as s;
    let member = |name: &str| octets(jwk[name].as_str().expect("a member"));
    let rsa = |rules: &'static s::RsaParameters| {
        let (n, e) = (member("n"), member("e"));
        s::RsaPublicKeyComponents {
            n: n.as_slice(),
            e: e.as_slice(),
        }
        .to_parsed_public_key(rules)
    };
    let point = || [vec![4], member("x"), member("y")].concat();
    let secret = |rules| Parsed::Secret(Box::new(hmac::Key::new(rules, &member("k"))));
    let public = match algorithm {
        A::HS256 => return secret(hmac::HMAC_SHA256),
        A::HS384 => return secret(hmac::HMAC_SHA384),
        A::HS512 => return secret(hmac::HMAC_SHA512),
        A::RS256 => rsa(&s::RSA_PKCS1_2048_8192_SHA256),
        A::RS384 => rsa(&s::RSA_PKCS1_2048_8192_SHA384),
        A::RS512 => rsa(&s::RSA_PKCS1_2048_8192_SHA512),
        A::PS256 => rsa(&s::RSA_PSS_2048_8192_SHA256),
        A::PS384 => rsa(&s::RSA_PSS_2048_8192_SHA384),
        A::PS512 => rsa(&s::RSA_PSS_2048_8192_SHA512),
        A::ES256 => s::ParsedPublicKey::new(&s::ECDSA_P256_SHA256_FIXED, point()),
        A::ES384 => s::ParsedPublicKey::new(&s::ECDSA_P384_SHA384_FIXED, point()),
        A::EdDSA => s::ParsedPublicKey::new(&s::ED25519, member("x")),
        other => panic!("{other} is not measured"),
    };
    Parsed::Public(public.expect("a public key"))
}
