//! Keys from a JWK (RFC 7517, RFC 7518 §6, RFC 8037 §2).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Curve, Family};
use super::public_key::RsaLimits;
use super::{JwtError, Key, public_key, secret};

/// The members that matter here; unknown ones are none of our business (RFC 7517 §4).
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    alg: Option<String>,
    r#use: Option<String>,
    key_ops: Option<Vec<String>>,
    kid: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    k: Option<String>,
    d: Option<IgnoredAny>,
}

impl Drop for Jwk {
    fn drop(&mut self) {
        drop(self.k.take().map(Zeroizing::new));
    }
}

pub(super) fn key(json: &str, known: Option<Algorithm>) -> Result<Key, JwtError> {
    let jwk = read(json)?;
    of(&jwk, algorithm(&jwk, known)?, &RsaLimits::GIVEN)
}

/// A key that an issuer publishes, if it serves one of these algorithms. Without `alg` it is pinned here and now to the
/// algorithm of its curve, or to the first for RSA on the list (RFC 8725 §3.1: a token has no say in it). Shared
/// secrets are not published, and RSA keys have tighter limits than those that are given.
#[cfg(feature = "jwks")]
pub(super) fn published(json: &str, algorithms: &[Algorithm]) -> Result<Key, JwtError> {
    let jwk = read(json)?;
    let algorithm = match &jwk.alg {
        Some(name) => name.parse()?,
        None => pinned(&jwk, algorithms).ok_or(JwtError::JwkWithoutAlgorithm)?,
    };
    if algorithm.takes_secret() || !algorithms.contains(&algorithm) {
        return Err(JwtError::AlgorithmNotListed(algorithm));
    }
    // No token can name it.
    if jwk
        .kid
        .as_ref()
        .is_some_and(|kid| kid.len() > Key::MAX_KID_LEN)
    {
        return Err(JwtError::KidTooLong);
    }
    of(&jwk, algorithm, &RsaLimits::FETCHED)
}

#[cfg(feature = "jwks")]
fn pinned(jwk: &Jwk, algorithms: &[Algorithm]) -> Option<Algorithm> {
    let family = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("RSA", _) => Family::Rsa,
        ("EC", Some("P-256")) => Family::Ec(Curve::P256),
        ("EC", Some("P-384")) => Family::Ec(Curve::P384),
        ("OKP", Some("Ed25519")) => Family::Ed25519,
        _ => return None,
    };
    let fitting = |algorithm: &Algorithm| algorithm.family() == family;
    algorithms.iter().copied().find(fitting)
}

/// A key for checking signatures.
fn read(json: &str) -> Result<Jwk, JwtError> {
    let jwk = serde_json::from_str(json).map_err(|_| JwtError::UnreadableJwk)?;
    checks_signatures(&jwk)?;
    Ok(jwk)
}

fn of(jwk: &Jwk, algorithm: Algorithm, limits: &RsaLimits) -> Result<Key, JwtError> {
    let key = match (algorithm.family(), jwk.kty.as_str()) {
        (Family::Hmac(_), "oct") => secret::key(algorithm, &octets(jwk.k.as_deref())?),
        (_, "RSA" | "EC" | "OKP") if jwk.d.is_some() => Err(JwtError::PrivateKey),
        (Family::Rsa, "RSA") => public_key::rsa(
            algorithm,
            &octets(jwk.n.as_deref())?,
            &octets(jwk.e.as_deref())?,
            limits,
        ),
        (Family::Ec(curve), "EC") => ec(algorithm, curve, jwk),
        (Family::Ed25519, "OKP") => match jwk.crv.as_deref() {
            Some("Ed25519") => public_key::ed25519(algorithm, &octets(jwk.x.as_deref())?),
            _ => Err(JwtError::WrongKind(algorithm)),
        },
        (_, "oct" | "RSA" | "EC" | "OKP") => Err(JwtError::WrongKind(algorithm)),
        _ => Err(JwtError::UnreadableJwk),
    }?;
    Ok(match &jwk.kid {
        Some(kid) => key.with_kid(kid.as_str()),
        None => key,
    })
}

/// RFC 7517 §4.2 and §4.3: both members may be absent.
fn checks_signatures(jwk: &Jwk) -> Result<(), JwtError> {
    let by_use = jwk.r#use.as_deref().is_none_or(|purpose| purpose == "sig");
    let by_operation = jwk
        .key_ops
        .as_ref()
        .is_none_or(|operations| operations.iter().any(|operation| operation == "verify"));
    if by_use && by_operation {
        Ok(())
    } else {
        Err(JwtError::JwkOtherUse)
    }
}

/// Never guessed from the kind of key: that is how a token gets to choose (RFC 8725 §3.1).
fn algorithm(jwk: &Jwk, known: Option<Algorithm>) -> Result<Algorithm, JwtError> {
    match (&jwk.alg, known) {
        (None, None) => Err(JwtError::JwkWithoutAlgorithm),
        (None, Some(known)) => Ok(known),
        (Some(name), None) => name.parse(),
        (Some(name), Some(known)) if name == known.name() => Ok(known),
        (Some(_), Some(known)) => Err(JwtError::JwkOtherAlgorithm(known)),
    }
}

fn ec(algorithm: Algorithm, curve: Curve, jwk: &Jwk) -> Result<Key, JwtError> {
    let (name, length) = match curve {
        Curve::P256 => ("P-256", 32),
        Curve::P384 => ("P-384", 48),
    };
    if jwk.crv.as_deref() != Some(name) {
        return Err(JwtError::WrongKind(algorithm));
    }
    let (x, y) = (octets(jwk.x.as_deref())?, octets(jwk.y.as_deref())?);
    // RFC 7518 §6.2.1.2: full size, leading zeros included.
    if x.len() != length || y.len() != length {
        return Err(JwtError::UnreadableKey);
    }
    public_key::ec(
        algorithm,
        curve,
        &[&[4], x.as_slice(), y.as_slice()].concat(),
    )
}

fn octets(member: Option<&str>) -> Result<Zeroizing<Vec<u8>>, JwtError> {
    member
        .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
        .map(Zeroizing::new)
        .ok_or(JwtError::UnreadableJwk)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    // RFC 7515 appendix A.3
    const EC: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    const OCT: &str = r#"{"kty":"oct","alg":"HS256","kid":"k1","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T"}"#;

    fn with(jwk: &str, members: &str) -> String {
        jwk.replacen('{', &format!("{{{members},"), 1)
    }

    fn read(json: &str) -> Result<Algorithm, JwtError> {
        Key::from_jwk(json).map(|key| key.algorithm())
    }

    #[test]
    fn j6_v1_a_jwk_without_alg_serves_only_what_is_said_beside_it() {
        assert_eq!(read(EC), Err(JwtError::JwkWithoutAlgorithm));
        assert!(Key::from_jwk_as(Algorithm::ES256, EC).is_ok());
        assert_eq!(read(&with(EC, r#""alg":"ES256""#)), Ok(Algorithm::ES256));
        assert_eq!(
            Key::from_jwk_as(Algorithm::ES256, &with(EC, r#""alg":"ES384""#)).unwrap_err(),
            JwtError::JwkOtherAlgorithm(Algorithm::ES256)
        );
        for algorithm in [
            Algorithm::HS256,
            Algorithm::ES384,
            Algorithm::RS256,
            Algorithm::EdDSA,
        ] {
            assert_eq!(
                Key::from_jwk_as(algorithm, EC).unwrap_err(),
                JwtError::WrongKind(algorithm)
            );
        }
        for name in ["none", "ES512", "ES521", "A128KW"] {
            assert_eq!(
                read(&with(EC, &format!(r#""alg":"{name}""#))),
                Err(JwtError::UnknownAlgorithm)
            );
        }
    }

    #[test]
    fn j16_use_and_key_ops_are_honoured() {
        for good in [
            r#""use":"sig""#,
            r#""key_ops":["verify"]"#,
            r#""key_ops":["sign","verify"],"use":"sig""#,
            r#""x5t":"abc","unknown":{"a":[1]}"#,
        ] {
            assert_eq!(read(&with(OCT, good)), Ok(Algorithm::HS256), "{good}");
        }
        for bad in [
            r#""use":"enc""#,
            r#""use":"""#,
            r#""key_ops":["sign"]"#,
            r#""key_ops":[]"#,
            r#""use":"sig","key_ops":["encrypt"]"#,
        ] {
            assert_eq!(read(&with(OCT, bad)), Err(JwtError::JwkOtherUse), "{bad}");
        }
    }

    #[cfg(feature = "jwks")]
    #[test]
    fn v1_j16_what_an_issuer_publishes_is_pinned_and_never_a_secret() {
        let listed = [Algorithm::PS256, Algorithm::RS256, Algorithm::ES256];
        let published = |json: &str| published(json, &listed).map(|key| key.algorithm());
        assert_eq!(published(EC), Ok(Algorithm::ES256));
        let rsa = format!(
            r#"{{"kty":"RSA","e":"AQAB","n":"{}"}}"#,
            URL_SAFE_NO_PAD.encode([0xff; 256])
        );
        assert_eq!(published(&rsa), Ok(Algorithm::PS256));
        assert_eq!(
            published(&with(&rsa, r#""alg":"RS256""#)),
            Ok(Algorithm::RS256)
        );
        assert_eq!(
            published(&with(&rsa, r#""alg":"RS512""#)),
            Err(JwtError::AlgorithmNotListed(Algorithm::RS512))
        );
        assert_eq!(
            published(&with(EC, r#""use":"enc""#)),
            Err(JwtError::JwkOtherUse)
        );
        let okp =
            r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        assert_eq!(published(okp), Err(JwtError::JwkWithoutAlgorithm));
        // Whatever the list says.
        assert_eq!(
            super::published(OCT, &[Algorithm::HS256]).unwrap_err(),
            JwtError::AlgorithmNotListed(Algorithm::HS256)
        );
        let bare = OCT.replace(r#""alg":"HS256","#, "");
        assert_eq!(
            super::published(&bare, &[Algorithm::HS256]).unwrap_err(),
            JwtError::JwkWithoutAlgorithm
        );
    }

    #[test]
    fn kid_is_taken_over_and_the_key_is_not_printed() {
        let key = Key::from_jwk(OCT).unwrap();
        assert_eq!(key.kid(), Some("k1"));
        assert_eq!(
            format!("{key:?}"),
            r#"Key { algorithm: HS256, kid: Some("k1"), .. }"#
        );
    }

    #[test]
    fn malformed_jwks_are_refused() {
        for bad in [
            "",
            "[]",
            "\"oct\"",
            r#"{"alg":"HS256"}"#,
            r#"{"kty":"oct","alg":"HS256"}"#,
            r#"{"kty":"new","alg":"HS256","k":"AA"}"#,
            r#"{"kty":"oct","kty":"oct","alg":"HS256","k":"AA"}"#,
            &OCT.replace("r_T\"", "r_T=\""),
            &OCT.replace("r_T\"", "r_+/\""),
        ] {
            assert_eq!(read(bad), Err(JwtError::UnreadableJwk), "{bad}");
        }
        let short = with(&EC.replace("f83O", ""), r#""alg":"ES256""#);
        assert_eq!(read(&short), Err(JwtError::UnreadableKey));
        // The same octets with the border one further on.
        let point = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let x = point("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
        let y = point("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
        let both = [x, y].concat();
        let [x, y] =
            [both.get(..33), both.get(33..)].map(|half| URL_SAFE_NO_PAD.encode(half.unwrap()));
        let moved = format!(r#"{{"kty":"EC","crv":"P-256","alg":"ES256","x":"{x}","y":"{y}"}}"#);
        assert_eq!(read(&moved), Err(JwtError::UnreadableKey));
        let private = with(EC, r#""alg":"ES256","d":"AA""#);
        assert_eq!(read(&private), Err(JwtError::PrivateKey));
        assert_eq!(
            read(r#"{"kty":"oct","alg":"HS256","k":"AyM1"}"#),
            Err(JwtError::SecretTooShort {
                algorithm: Algorithm::HS256,
                needed: 32
            })
        );
    }
}
