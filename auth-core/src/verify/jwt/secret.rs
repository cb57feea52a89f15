//! HMAC secrets: long enough, and no public key.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ParsedPublicKey};
use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::algorithm::{Algorithm, Family};
use super::signature::Checked;
use super::{JwtError, Key, public_key};

pub(super) fn key(algorithm: Algorithm, secret: &[u8]) -> Result<Key, JwtError> {
    let (Family::Hmac(needed), Some(hash)) = (algorithm.family(), algorithm.hmac()) else {
        return Err(JwtError::WrongKind(algorithm));
    };
    // First, so that the better advice wins where both apply.
    if is_public_key(secret) {
        return Err(JwtError::SecretIsPublicKey);
    }
    if secret.len() < needed {
        return Err(JwtError::SecretTooShort { algorithm, needed });
    }
    Ok(Key::from_checked(
        algorithm,
        Checked::Secret(Box::new(hmac::Key::new(hash, secret))),
    ))
}

/// Whether it is a public key (or certificate, or private key) in any of the forms that people keep
/// them in: with it as a secret, whoever knows the public key could sign (RFC 8725 §2.1).
///
/// Nothing that a random generator yields is refused, but for chances below one in ten million.
fn is_public_key(secret: &[u8]) -> bool {
    let text = secret.trim_ascii();
    contains(text, b"-----BEGIN ")
        || is_ssh_key(text)
        || is_jwk(text)
        || is_binary_key(secret)
        || is_base64_of_key(text)
        || is_hex_of_key(text)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// A line of OpenSSH's `.pub` and `authorized_keys` files (RFC 4253 §6.6), or the file of RFC 4716.
fn is_ssh_key(text: &[u8]) -> bool {
    const KINDS: [&[u8]; 4] = [b"ssh-", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-"];
    KINDS.iter().any(|kind| text.starts_with(kind)) || contains(text, b"---- BEGIN SSH2")
}

fn is_jwk(text: &[u8]) -> bool {
    text.starts_with(b"{") && contains(text, b"\"kty\"")
}

fn is_binary_key(octets: &[u8]) -> bool {
    public_key::is_der(octets) || is_ec_point(octets)
}

/// The body of a PEM block, or a JWK's way to write octets.
fn is_base64_of_key(text: &[u8]) -> bool {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let text: Vec<u8> = text
        .iter()
        .copied()
        .filter(|octet| !octet.is_ascii_whitespace())
        .collect();
    [&STANDARD, &URL_SAFE].into_iter().any(|alphabet| {
        GeneralPurpose::new(alphabet, LENIENT)
            .decode(&text)
            .is_ok_and(|octets| is_binary_key(&octets))
    })
}

/// As tools print octets: digits of either case, maybe with colons or white space between them.
fn is_hex_of_key(text: &[u8]) -> bool {
    let digits: Option<Vec<u8>> = text
        .iter()
        .filter(|octet| !octet.is_ascii_whitespace() && **octet != b':')
        .map(|octet| {
            let digit = char::from(*octet).to_digit(16)?;
            u8::try_from(digit).ok()
        })
        .collect();
    digits.is_some_and(|digits| {
        let (pairs, rest) = digits.as_chunks::<2>();
        let octets: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
        rest.is_empty() && is_binary_key(&octets)
    })
}

/// An uncompressed point of P-256 or P-384, which a random string of that length is not. Compressed
/// points are every second string that begins right: they cannot be told from a secret.
fn is_ec_point(octets: &[u8]) -> bool {
    match octets.len() {
        65 => ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, octets).is_ok(),
        97 => ParsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, octets).is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;

    const EC: &str = include_str!("../../../tests/data/keys/es256.pub.pem");
    const RSA: &str = include_str!("../../../tests/data/keys/rsa2048.pub.pem");
    const ED: &str = include_str!("../../../tests/data/keys/ed25519.pub.pem");

    const SSH: [&str; 6] = [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea ada@host",
        "\n ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ ada@host\n",
        "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTY ada@host",
        "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t ada@host",
        "sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTY ada@host",
        "---- BEGIN SSH2 PUBLIC KEY ----\nAAAAC3NzaC1lZDI1NTE5\n---- END SSH2 PUBLIC KEY ----\n",
    ];

    fn hex(octets: &[u8], between: &str) -> String {
        let pairs: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        pairs.join(between)
    }

    fn der(pem: &str) -> Vec<u8> {
        pem::parse(pem).unwrap().into_contents()
    }

    #[test]
    fn j13_a_secret_is_as_long_as_the_hash() {
        for (algorithm, needed) in [
            (Algorithm::HS256, 32),
            (Algorithm::HS384, 48),
            (Algorithm::HS512, 64),
        ] {
            assert!(key(algorithm, &vec![7; needed]).is_ok());
            for short in [0, 1, needed - 1] {
                assert_eq!(
                    key(algorithm, &vec![7; short]).unwrap_err(),
                    JwtError::SecretTooShort { algorithm, needed }
                );
            }
        }
    }

    #[test]
    fn j8_v1_no_public_key_becomes_a_secret_in_any_form() {
        let point = der(EC).split_off(26);
        let mut forms = vec![
            br#" {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
                .to_vec(),
            format!("  \n{EC}").into_bytes(),
            STANDARD.encode(&point).into_bytes(),
            URL_SAFE_NO_PAD.encode(&point).into_bytes(),
            hex(&point, "").into_bytes(),
            point,
        ];
        forms.extend(SSH.map(|text| text.as_bytes().to_vec()));
        for pem in [EC, RSA, ED] {
            forms.push(pem.as_bytes().to_vec());
            forms.push(der(pem));
            forms.push(STANDARD.encode(der(pem)).into_bytes());
            forms.push(hex(&der(pem), "").into_bytes());
            forms.push(hex(&der(pem), "").to_uppercase().into_bytes());
            forms.push(format!("\n  {}\n", hex(&der(pem), ":\n")).into_bytes());
            let body: String = pem
                .lines()
                .filter(|line| !line.starts_with('-'))
                .collect::<Vec<_>>()
                .join("\r\n");
            forms.push(body.into_bytes());
        }
        for form in forms {
            for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
                assert_eq!(
                    key(algorithm, &form).unwrap_err(),
                    JwtError::SecretIsPublicKey,
                    "{}",
                    String::from_utf8_lossy(&form)
                );
            }
        }
    }

    #[test]
    fn secrets_that_begin_like_keys_are_fine() {
        let mut der_like = vec![0x30, 0x1e];
        der_like.resize(32, 9);
        let mut point_like = vec![4];
        point_like.resize(65, 9);
        let phrase = b"{a pass phrase with a brace, long enough}".to_vec();
        let ssh_like = b"a pass phrase about ssh-ed25519, long enough".to_vec();
        // As `openssl rand -hex 32` writes them; this one begins as DER does.
        let random = b"30c85f0e6c3c1f5eb70f6f0d3a2c75f09a4bd85b5d8b6e9e4cf1c5d9a5b0e7f2";
        let odd = hex(&der(EC), "").split_off(1);
        for secret in [
            hex(&der_like, "").into_bytes(),
            hex(&point_like, "").into_bytes(),
            der_like,
            point_like,
            phrase,
            ssh_like,
            random.to_vec(),
            odd.into_bytes(),
        ] {
            assert!(key(Algorithm::HS256, &secret).is_ok());
        }
    }
}
