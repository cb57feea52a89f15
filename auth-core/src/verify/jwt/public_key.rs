//! Public keys from PEM and DER, and the checks that every public key passes (a JWK's too).

use core::ops::{Range, RangeInclusive};

use aws_lc_rs::rsa::PublicKey;
use aws_lc_rs::signature::{ParsedPublicKey, RsaPublicKeyComponents};

use super::algorithm::{Algorithm, Curve, Family};
use super::signature::Checked;
use super::{JwtError, Key};

// What stands before the key in a SubjectPublicKeyInfo: it has one encoding for each curve, since DER
// is canonical and the sizes are fixed (RFC 5480 §2, RFC 8410 §4). Comparing it is the strictest
// reader there can be.
const P256: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
const P384: &[u8] =
    b"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00";
const ED25519_INFO: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

/// Which RSA keys are taken.
pub(super) struct RsaLimits {
    bits: RangeInclusive<usize>,
    exponent: Range<u64>,
}

impl RsaLimits {
    /// NIST SP 800-56B and FIPS 186-5 §5.4 ask for an odd exponent above 2¹⁶; AWS-LC takes up to 33 bits.
    pub(super) const GIVEN: Self = Self {
        bits: 2048..=8192,
        exponent: 65_537..1 << 33,
    };
    /// Whoever publishes a key chooses what every forged token costs here: 8192 bits cost four times as much as 4096.
    #[cfg(feature = "jwks")]
    pub(super) const FETCHED: Self = Self {
        bits: 2048..=4096,
        exponent: 65_537..1 << 17,
    };
}

pub(super) fn from_pem(algorithm: Algorithm, pem: &[u8]) -> Result<Key, JwtError> {
    if algorithm.takes_secret() {
        return Err(JwtError::WrongKind(algorithm));
    }
    let blocks = pem::parse_many(pem).map_err(|_| JwtError::NotPublicKeyPem)?;
    let [block] = blocks.as_slice() else {
        return Err(JwtError::NotPublicKeyPem);
    };
    match block.tag() {
        "PUBLIC KEY" | "RSA PUBLIC KEY" => from_der(algorithm, block.contents()),
        tag if tag.ends_with("PRIVATE KEY") => Err(JwtError::PrivateKey),
        _ => Err(JwtError::NotPublicKeyPem),
    }
}

pub(super) fn from_der(algorithm: Algorithm, der: &[u8]) -> Result<Key, JwtError> {
    let curves = [P256, P384, ED25519_INFO];
    let of_curve = |info: &[u8]| match der.strip_prefix(info) {
        Some(key) => Ok(key),
        None if curves.iter().any(|info| der.starts_with(info)) || rsa_parts(der).is_some() => {
            Err(JwtError::WrongKind(algorithm))
        }
        None => Err(JwtError::UnreadableKey),
    };
    match algorithm.family() {
        Family::Hmac(_) => Err(JwtError::WrongKind(algorithm)),
        Family::Ec(Curve::P256) => ec(algorithm, Curve::P256, of_curve(P256)?),
        Family::Ec(Curve::P384) => ec(algorithm, Curve::P384, of_curve(P384)?),
        Family::Ed25519 => ed25519(algorithm, of_curve(ED25519_INFO)?),
        Family::Rsa => match rsa_parts(der) {
            Some((modulus, exponent)) => rsa(algorithm, &modulus, &exponent, &RsaLimits::GIVEN),
            None if curves.iter().any(|info| der.starts_with(info)) => {
                Err(JwtError::WrongKind(algorithm))
            }
            None => Err(JwtError::UnreadableKey),
        },
    }
}

/// An RSA key of these octets, big-endian. Leading zeros count for nothing.
pub(super) fn rsa(
    algorithm: Algorithm,
    modulus: &[u8],
    exponent: &[u8],
    limits: &RsaLimits,
) -> Result<Key, JwtError> {
    let (modulus, exponent) = (without_zeros(modulus), without_zeros(exponent));
    let bits = modulus.first().map_or(0, |first| {
        modulus.len() * 8 - first.leading_zeros() as usize
    });
    if !limits.bits.contains(&bits) {
        return Err(JwtError::RsaSize { bits });
    }
    let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    if !(odd(modulus) && odd(exponent) && limits.exponent.contains(&value(exponent))) {
        return Err(JwtError::RsaWeak);
    }
    let rules = algorithm.rsa().ok_or(JwtError::WrongKind(algorithm))?;
    let parts = RsaPublicKeyComponents {
        n: modulus,
        e: exponent,
    };
    let key = parts
        .to_parsed_public_key(rules)
        .map_err(|_| JwtError::UnreadableKey)?;
    Ok(Key::from_checked(algorithm, Checked::Public(key)))
}

/// An EC key from its uncompressed point (SEC 1 §2.3.3).
pub(super) fn ec(algorithm: Algorithm, curve: Curve, point: &[u8]) -> Result<Key, JwtError> {
    let length = match curve {
        Curve::P256 => 65,
        Curve::P384 => 97,
    };
    on_curve(algorithm, point, length)
}

pub(super) fn ed25519(algorithm: Algorithm, key: &[u8]) -> Result<Key, JwtError> {
    on_curve(algorithm, key, 32)
}

fn on_curve(algorithm: Algorithm, key: &[u8], length: usize) -> Result<Key, JwtError> {
    if key.len() != length {
        return Err(JwtError::UnreadableKey);
    }
    let rules = algorithm.curve().ok_or(JwtError::WrongKind(algorithm))?;
    // The parser sees to it that the point is on the curve.
    let key = ParsedPublicKey::new(rules, key).map_err(|_| JwtError::UnreadableKey)?;
    Ok(Key::from_checked(algorithm, Checked::Public(key)))
}

/// Whether these octets are a key or a certificate in DER. Long ones are told by their frame alone: a
/// SEQUENCE with a length of two octets or more that is exactly right.
pub(super) fn is_der(octets: &[u8]) -> bool {
    let framed = match octets {
        [0x30, 0x81, length, rest @ ..] => usize::from(*length) == rest.len(),
        [0x30, 0x82, high, low, rest @ ..] => {
            usize::from(u16::from_be_bytes([*high, *low])) == rest.len()
        }
        _ => false,
    };
    framed
        || [P256, P384, ED25519_INFO]
            .iter()
            .any(|info| octets.starts_with(info))
}

fn rsa_parts(der: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let parts = RsaPublicKeyComponents::from(&PublicKey::from_der(der).ok()?);
    Some((parts.n, parts.e))
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// Its value, or more than any exponent may have.
fn value(number: &[u8]) -> u64 {
    if number.len() > 8 {
        return u64::MAX;
    }
    number
        .iter()
        .fold(0, |sum, octet| sum << 8 | u64::from(*octet))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ES256: &str = include_str!("../../../tests/data/keys/es256.pub.pem");
    const ES384: &str = include_str!("../../../tests/data/keys/es384.pub.pem");
    const ED: &str = include_str!("../../../tests/data/keys/ed25519.pub.pem");
    const RSA: &str = include_str!("../../../tests/data/keys/rsa2048.pub.pem");
    const RSA_PKCS1: &str = include_str!("../../../tests/data/keys/rsa2048.pkcs1.pub.pem");
    const RSA_1024: &str = include_str!("../../../tests/data/keys/rsa1024.pub.pem");
    const RSA_E3: &str = include_str!("../../../tests/data/keys/rsa2048-e3.pub.pem");
    const ES256_PRIVATE: &str = include_str!("../../../tests/data/keys/es256.pem");
    const RSA_PRIVATE: &str = include_str!("../../../tests/data/keys/rsa2048.pem");

    const RSA_FAMILY: [Algorithm; 6] = [
        Algorithm::RS256,
        Algorithm::RS384,
        Algorithm::RS512,
        Algorithm::PS256,
        Algorithm::PS384,
        Algorithm::PS512,
    ];

    fn pem(algorithm: Algorithm, pem: &str) -> Result<Algorithm, JwtError> {
        Key::from_pem(algorithm, pem).map(|key| key.algorithm())
    }

    #[test]
    fn pem_and_der_of_each_kind_are_read() {
        for (algorithm, text) in [
            (Algorithm::ES256, ES256),
            (Algorithm::ES384, ES384),
            (Algorithm::EdDSA, ED),
        ] {
            assert_eq!(pem(algorithm, text), Ok(algorithm));
            let der = pem::parse(text).unwrap().into_contents();
            assert!(Key::from_der(algorithm, der).is_ok());
        }
        for algorithm in RSA_FAMILY {
            for text in [RSA, RSA_PKCS1] {
                assert_eq!(pem(algorithm, text), Ok(algorithm));
                let der = pem::parse(text).unwrap().into_contents();
                assert!(Key::from_der(algorithm, der).is_ok());
            }
        }
    }

    #[test]
    fn j8_v1_a_key_of_another_kind_is_refused() {
        for (algorithm, texts) in [
            (Algorithm::ES256, [ES384, ED, RSA]),
            (Algorithm::ES384, [ES256, ED, RSA_PKCS1]),
            (Algorithm::EdDSA, [ES256, ES384, RSA]),
            (Algorithm::RS256, [ES256, ES384, ED]),
            (Algorithm::HS256, [ES256, ED, RSA]),
        ] {
            for text in texts {
                assert_eq!(pem(algorithm, text), Err(JwtError::WrongKind(algorithm)));
                let der = pem::parse(text).unwrap().into_contents();
                assert_eq!(
                    Key::from_der(algorithm, der).unwrap_err(),
                    JwtError::WrongKind(algorithm)
                );
            }
        }
    }

    #[test]
    fn j13_weak_rsa_keys_are_refused() {
        assert_eq!(
            pem(Algorithm::RS256, RSA_1024),
            Err(JwtError::RsaSize { bits: 1024 })
        );
        assert_eq!(pem(Algorithm::PS512, RSA_E3), Err(JwtError::RsaWeak));

        let (n, e) = rsa_parts(pem::parse(RSA).unwrap().contents()).unwrap();
        let try_rsa =
            |n: &[u8], e: &[u8]| rsa(Algorithm::RS256, n, e, &RsaLimits::GIVEN).map(|_| ());
        assert_eq!(try_rsa(&n, &e), Ok(()));
        assert_eq!(
            try_rsa(&[&[0, 0], n.as_slice()].concat(), &[0, 1, 0, 1]),
            Ok(())
        );
        for weak in [
            &[][..],
            &[0],
            &[1],
            &[3],
            &[17],
            &[1, 0, 0],
            &[1, 0, 2],
            &[1; 9],
            &[0xff; 8],
        ] {
            assert_eq!(try_rsa(&n, weak), Err(JwtError::RsaWeak), "{weak:?}");
        }
        assert_eq!(try_rsa(&[0; 256], &e), Err(JwtError::RsaSize { bits: 0 }));
        assert_eq!(
            try_rsa(n.get(1..).unwrap(), &e)
                .map_err(|error| matches!(error, JwtError::RsaSize { .. })),
            Err(true)
        );
        assert_eq!(
            try_rsa(&[255; 1025], &e),
            Err(JwtError::RsaSize { bits: 8200 })
        );
        let mut even = n.clone();
        *even.last_mut().unwrap() &= 0xfe;
        assert_eq!(try_rsa(&even, &e), Err(JwtError::RsaWeak));
    }

    #[test]
    fn points_off_the_curve_and_cut_keys_are_refused() {
        let good = pem::parse(ES256).unwrap().into_contents();
        let mut off = good.clone();
        *off.last_mut().unwrap() ^= 1;
        let mut long = good.clone();
        long.push(0);
        let short = good.get(..good.len() - 1).unwrap().to_vec();
        for der in [off, long, short, vec![], b"key".to_vec()] {
            assert_eq!(
                Key::from_der(Algorithm::ES256, der).unwrap_err(),
                JwtError::UnreadableKey
            );
        }
        let cut = pem::parse(RSA).unwrap().into_contents();
        assert_eq!(
            Key::from_der(Algorithm::RS256, cut.get(..200).unwrap()).unwrap_err(),
            JwtError::UnreadableKey
        );
        let ed = pem::parse(ED).unwrap().into_contents();
        assert_eq!(
            Key::from_der(Algorithm::EdDSA, ed.get(..43).unwrap()).unwrap_err(),
            JwtError::UnreadableKey
        );
    }

    #[test]
    fn private_keys_and_other_pem_are_told_apart() {
        assert_eq!(
            pem(Algorithm::ES256, ES256_PRIVATE),
            Err(JwtError::PrivateKey)
        );
        assert_eq!(
            pem(Algorithm::RS256, RSA_PRIVATE),
            Err(JwtError::PrivateKey)
        );
        let certificate = ES256.replace("PUBLIC KEY", "CERTIFICATE");
        let two = format!("{ES256}\n{ES256}");
        for text in ["", "no pem", &certificate, &two] {
            assert_eq!(pem(Algorithm::ES256, text), Err(JwtError::NotPublicKeyPem));
        }
    }
}
