//! The same for JWTs: one application for each algorithm, and tokens of about 700 octets.

use std::hint::black_box;
use std::sync::Arc;

use auth_core::jwt::{Algorithm, Audience, Issuer, JwtVerifier, Key};
use auth_core::{AuthState, Authenticated, Registry, Revocation, requires_auth};
use axum::Router;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::verify;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{hand, peers};

const ISSUER: &str = "https://login.example.com/";
const AUDIENCE: &str = "https://orders.example.com";
const KID: &str = "2026-11";
/// 9999-12-31T23:59:59Z
const NEVER: u64 = 253_402_300_799;
/// As long as HS512 wants it.
const SECRET: [u8; 64] = [0x5a; 64];
/// The signature of RSA fills two fifths of the token; other tokens get longer claims.
const OCTETS: usize = 700;

/// The claims of an access token (RFC 9068), and one of the application's own.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Claims {
    pub(crate) sub: String,
    client_id: String,
    scope: String,
    exp: u64,
    tenant: Option<String>,
}

/// One algorithm, with its tokens.
#[derive(Debug)]
pub struct Case {
    /// The algorithm's name.
    pub name: &'static str,
    /// A good token.
    pub token: String,
    /// One that has expired.
    pub expired: String,
    pub(crate) app: Arc<JwtApp>,
    pub(crate) seen: Arc<JwtApp>,
    /// As in `app`.
    pub(crate) registry: Registry,
    raw: peers::Raw,
    peers: (axum07::Router, Router),
}

/// The state for one algorithm.
#[derive(AuthState, Debug)]
pub struct JwtApp {
    #[auth(Bearer)]
    tokens: JwtVerifier<Claims>,
    pub(crate) by_hand: Arc<hand::JwtSettings>,
}

macro_rules! key {
    ($name:literal) => {
        include_bytes!(concat!("../../auth-core/tests/data/keys/", $name, ".pem"))
    };
}

/// The wanted algorithms, by name.
pub fn cases(wanted: impl Fn(&str) -> bool) -> Vec<Case> {
    use Algorithm as Our;
    use jsonwebtoken::Algorithm as Their;
    let mut cases = Vec::new();
    let mut add = |our: Our, key: Key, their, keys| {
        if wanted(our.name()) {
            cases.push(case(our, key, their, keys));
        }
    };
    for (our, key, their) in [
        (Our::HS256, Key::hs256(SECRET), Their::HS256),
        (Our::HS384, Key::hs384(SECRET), Their::HS384),
        (Our::HS512, Key::hs512(SECRET), Their::HS512),
    ] {
        let keys = (
            EncodingKey::from_secret(&SECRET),
            DecodingKey::from_secret(&SECRET),
        );
        add(our, key.expect("a secret"), their, keys);
    }
    for (our, their) in [
        (Our::RS256, Their::RS256),
        (Our::RS384, Their::RS384),
        (Our::RS512, Their::RS512),
        (Our::PS256, Their::PS256),
        (Our::PS384, Their::PS384),
        (Our::PS512, Their::PS512),
    ] {
        let public = key!("rsa2048.pub");
        let keys = (
            EncodingKey::from_rsa_pem(key!("rsa2048")).expect("a private key"),
            DecodingKey::from_rsa_pem(public).expect("a public key"),
        );
        add(our, our_key(our, public), their, keys);
    }
    for (our, their, private, public) in [
        (
            Our::ES256,
            Their::ES256,
            &key!("es256")[..],
            &key!("es256.pub")[..],
        ),
        (
            Our::ES384,
            Their::ES384,
            &key!("es384")[..],
            &key!("es384.pub")[..],
        ),
    ] {
        let keys = (
            EncodingKey::from_ec_pem(private).expect("a private key"),
            DecodingKey::from_ec_pem(public).expect("a public key"),
        );
        add(our, our_key(our, public), their, keys);
    }
    let public = key!("ed25519.pub");
    let keys = (
        EncodingKey::from_ed_pem(key!("ed25519")).expect("a private key"),
        DecodingKey::from_ed_pem(public).expect("a public key"),
    );
    let key = our_key(Our::EdDSA, public);
    add(Our::EdDSA, key, Their::EdDSA, keys);
    cases
}

fn our_key(algorithm: Algorithm, pem: &[u8]) -> Key {
    Key::from_pem(algorithm, pem).expect("a public key")
}

fn case(
    our: Algorithm,
    key: Key,
    their: jsonwebtoken::Algorithm,
    (private, public): (EncodingKey, DecodingKey),
) -> Case {
    let key = key.with_kid(KID);
    let verifier = || {
        let (issuer, audience) = (Issuer::new(ISSUER), Audience::new(AUDIENCE));
        JwtVerifier::new(issuer, audience, [our], [key.clone()], Revocation::None)
            .expect("a verifier")
    };
    let mut validation = Validation::new(their);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    let by_hand = Arc::new(hand::JwtSettings {
        key: public,
        validation,
    });
    let mut jwk = Jwk::from_encoding_key(&private, their).expect("a JWK");
    jwk.common.key_id = Some(KID.into());
    let app = |tokens| {
        let by_hand = Arc::clone(&by_hand);
        Arc::new(JwtApp { tokens, by_hand })
    };
    let signed = |exp, padding| {
        let mut header = Header::new(their);
        header.typ = Some("at+jwt".into());
        header.kid = Some(KID.into());
        let claims = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": "5ba552d67", "client_id": "s6BhdRkqt3",
            "iat": 1_759_312_800, "exp": exp, "jti": "dbe39bf3a3ba4238a513f51d6e1691c4",
            "scope": "orders:read orders:write", "tenant": "x".repeat(padding),
        });
        encode(&header, &claims, &private).expect("a token")
    };
    let padded = |exp| {
        let short = OCTETS.saturating_sub(signed(exp, 0).len());
        signed(exp, short * 3 / 4)
    };
    let token = padded(NEVER);
    Case {
        name: our.name(),
        raw: peers::Raw::new(our, &jwk, &token),
        peers: (
            peers::jwt_authorizer(our, &jwk, ISSUER, AUDIENCE),
            peers::tower_oauth2(their, &jwk, ISSUER, AUDIENCE),
        ),
        token,
        expired: padded(1_759_312_800),
        app: app(verifier().without_cache()),
        seen: app(verifier()),
        registry: Registry::builder()
            .bearer(verifier().without_cache())
            .build()
            .expect("one verifier"),
    }
}

impl Case {
    /// A handler that is not guarded, ours with tokens that it has not seen before, and one with an extractor by
    /// hand.
    pub fn routers(&self) -> [Router; 3] {
        [
            Router::new().route("/", get(open)),
            Router::new().route("/", get(guarded)),
            Router::new().route("/", get(by_hand)),
        ]
        .map(|router| router.with_state(Arc::clone(&self.app)))
    }

    /// Ours, which has seen the token before from its second request on.
    pub fn seen_before(&self) -> Router {
        let router = Router::new().route("/", get(guarded));
        router.with_state(Arc::clone(&self.seen))
    }

    /// All on one server: `/jwt` with tokens not seen before, `/jwt_seen`, and `/jwt_hand`.
    pub fn beside(&self) -> Router {
        let seen = Router::new().route("/jwt_seen", get(guarded));
        Router::new()
            .route("/jwt", get(guarded))
            .route("/jwt_hand", get(by_hand))
            .with_state(Arc::clone(&self.app))
            .merge(seen.with_state(Arc::clone(&self.seen)))
    }

    /// `jwt-authorizer`'s, `/jwt`, beside `/open`.
    pub fn beside_authorizer(&self) -> axum07::Router {
        let router = axum07::Router::new().route("/open", axum07::routing::get(open));
        router.merge(self.peers.0.clone())
    }

    /// `jwt-authorizer` and `tower-oauth2-resource-server`.
    pub fn peers(&self) -> &(axum07::Router, Router) {
        &self.peers
    }

    /// The token through `jsonwebtoken::decode` alone.
    pub fn decoded(&self) -> Claims {
        let settings = &self.app.by_hand;
        let token = decode(&self.token, &settings.key, &settings.validation);
        token.expect("a good token").claims
    }

    /// The signature check of aws-lc-rs alone, with a key that is parsed.
    pub fn signature(&self) -> bool {
        self.raw.holds()
    }

    /// What nobody can do without: the signature, through the same library, and one reading of header
    /// and claims. Nothing is checked of either.
    pub fn raw(&self) -> Claims {
        #[derive(Deserialize)]
        struct Typ {
            typ: String,
        }
        let settings = &self.app.by_hand;
        let (message, signature) = self.token.rsplit_once('.').expect("a token");
        let (header, payload) = message.split_once('.').expect("a token");
        let algorithm = settings.validation.algorithms[0];
        let good = verify(signature, message.as_bytes(), &settings.key, algorithm);
        assert!(good.expect("a signature"));
        let header: Typ = read(header);
        black_box(&header.typ);
        read(payload)
    }
}

fn read<T: for<'de> Deserialize<'de>>(segment: &str) -> T {
    let octets = URL_SAFE_NO_PAD.decode(segment).expect("base64url");
    serde_json::from_slice(&octets).expect("JSON")
}

async fn open() -> &'static str {
    "ok"
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn guarded(user: Authenticated<Claims>) -> &'static str {
    black_box(&user.sub);
    "ok"
}

async fn by_hand(user: hand::Jwt) -> &'static str {
    black_box(&user.0.sub);
    "ok"
}
