//! What client and server compute alike (RFC 7616 §3.4).
//!
//! Wherever a hash goes into another one it does so as text: hexadecimal digits of lower case (§3.2), never octets. That
//! holds for the inner hash of the session algorithms too, as all clients have it.

#[cfg(test)]
mod peers;
#[cfg(test)]
pub(super) mod work;

use core::fmt;
use std::sync::Arc;

use auth_syntax::{DigestAlgorithm, DigestQop};
use md5::Md5;
use sha2::{Digest, Sha256, Sha512_256};
use subtle::{Choice, ConstantTimeEq as _};
use zeroize::{Zeroize as _, Zeroizing};

use super::users::DigestUsersError;
use super::users::terms;
use crate::hex;
use crate::secret::Secret;

/// Octets of the longest hash.
const MAX_LEN: usize = 32;

/// What a server knows of a password: H(user:realm:password), which RFC 7616 §3.4.2 calls H(A1).
///
/// It holds for one user name, one realm and one algorithm, and is **as good as the password** there: whoever has it can
/// log in (§5.2). It is not printed, there is no `==`, and its memory is cleared on drop. An algorithm and its `-sess`
/// variant share it.
///
/// ```
/// use auth_core::DigestAlgorithm;
/// use auth_core::digest::DigestHash;
///
/// let hash = DigestHash::new(DigestAlgorithm::Sha256, "Mufasa", "http-auth@example.org", "Circle of Life")?;
/// assert_eq!(format!("{hash:?}"), "DigestHash(SHA-256)");
///
/// // In a database, which keeps it as well as it would keep the password:
/// let stored: String = hash.expose_hex().expose().clone();
/// let again = DigestHash::from_hex(DigestAlgorithm::Sha256, &stored)?;
/// # let _ = again;
/// # Ok::<(), auth_core::digest::DigestUsersError>(())
/// ```
// Shared, so that neither a copy of it nor a list that grows leaves octets behind.
#[derive(Clone)]
pub struct DigestHash(Arc<Hashed>);

impl DigestHash {
    /// Hashes a password.
    ///
    /// User name and password are brought into Unicode normalisation form C (RFC 7616 §4), the realm is taken as it is.
    ///
    /// # Errors
    /// A user name, realm or password that no request can be about: empty, with a control character, longer than 1024
    /// octets, or a user name with a colon (§4).
    pub fn new(
        algorithm: DigestAlgorithm,
        user: &str,
        realm: &str,
        password: &str,
    ) -> Result<Self, DigestUsersError> {
        let user = terms::user_name(user)?;
        terms::realm(realm)?;
        let password = terms::password(password)?;
        let a1 = [user.as_bytes(), realm.as_bytes(), password.as_bytes()];
        Ok(Self(Arc::new(hashed(algorithm, &a1))))
    }

    /// Reads hexadecimal digits, of either case: 32 of them for MD5, 64 for SHA-256 and SHA-512-256.
    ///
    /// # Errors
    /// [`DigestUsersError::NotAHash`] for everything else.
    pub fn from_hex(algorithm: DigestAlgorithm, digits: &str) -> Result<Self, DigestUsersError> {
        let hash = Hashed::from_hex(algorithm, digits);
        hash.map(|hash| Self(Arc::new(hash)))
            .ok_or(DigestUsersError::NotAHash(algorithm.base()))
    }

    /// The hash in hexadecimal digits of lower case, to be stored; the name is meant to be seen in a review.
    #[must_use]
    pub fn expose_hex(&self) -> Secret<String> {
        Secret::new(self.0.hex_string())
    }

    /// The algorithm, never a `-sess` variant.
    #[must_use]
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.0.algorithm
    }

    /// A hash for users that there are not, so that they cost what the others do (DD18). Its value is no secret: a digest
    /// that matches it must admit nobody.
    pub(super) fn stand_in(algorithm: DigestAlgorithm) -> Self {
        Self(Arc::new(Hashed::zero(algorithm)))
    }
}

/// Prints the algorithm and nothing of the hash.
impl fmt::Debug for DigestHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DigestHash({})", self.0.algorithm)
    }
}

/// The name of a user as clients send it where the challenge says `userhash=true`: H(user:realm) in hexadecimal digits of
/// lower case (RFC 7616 §3.4.4).
///
/// A store of yours keeps it beside the name, for each algorithm that is offered, to find
/// [`DigestUser::Hashed`](crate::DigestUser::Hashed). It hides a name from a listener who does not guess it, and no more.
///
/// ```
/// use auth_core::DigestAlgorithm;
/// use auth_core::digest::user_hash;
///
/// // RFC 7616 §3.9.2, with erratum 4897
/// assert_eq!(
///     user_hash(DigestAlgorithm::Sha512_256, "J\u{e4}s\u{f8}n Doe", "api@example.org")?,
///     "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b",
/// );
/// # Ok::<(), auth_core::digest::DigestUsersError>(())
/// ```
///
/// # Errors
/// A user name or realm that no request can be about, as for [`DigestHash::new`].
pub fn user_hash(
    algorithm: DigestAlgorithm,
    user: &str,
    realm: &str,
) -> Result<String, DigestUsersError> {
    let user = terms::user_name(user)?;
    terms::realm(realm)?;
    Ok(hashed_name(algorithm, &user, realm).hex_string())
}

/// H(user:realm), of a name in normalisation form C.
pub(super) fn hashed_name(algorithm: DigestAlgorithm, user: &str, realm: &str) -> Hashed {
    hashed(algorithm, &[user.as_bytes(), realm.as_bytes()])
}

/// H(A1) of a session algorithm (§3.4.2): `nonce` and `cnonce` are those of the session's first request.
pub(crate) fn session_hash(user: &DigestHash, nonce: &str, cnonce: &str) -> DigestHash {
    let inner = user.0.hex();
    let a1 = [inner.octets(), nonce.as_bytes(), cnonce.as_bytes()];
    DigestHash(Arc::new(hashed(user.0.algorithm, &a1)))
}

/// H(entity-body), for `auth-int` (§3.4.3): the content without transfer coding, with its content coding; empty if there is
/// none.
pub(crate) fn content_hash(algorithm: DigestAlgorithm, content: &[u8]) -> Hashed {
    hashed(algorithm, &[content])
}

/// What a digest covers beside the user and the method: as the client sent it, quotes and their escapes removed.
pub(crate) struct Covered<'r> {
    pub(crate) nonce: &'r str,
    /// As sent: 8 digits, of the case that the client chose.
    pub(crate) nc: &'r str,
    pub(crate) cnonce: &'r str,
    pub(crate) uri: &'r str,
    /// There is one under `auth-int`, and only then.
    pub(crate) content: Option<&'r Hashed>,
}

/// `response` (§3.4.1). `user` is [`session_hash`] for a session algorithm.
pub(crate) fn response(user: &DigestHash, method: &str, covered: &Covered<'_>) -> Hashed {
    let algorithm = user.0.algorithm;
    let content = covered.content.map(Hashed::hex);
    let (method, uri) = (method.as_bytes(), covered.uri.as_bytes());
    let (a2, qop) = match &content {
        None => (hashed(algorithm, &[method, uri]), DigestQop::Auth),
        Some(content) => (
            hashed(algorithm, &[method, uri, content.octets()]),
            DigestQop::AuthInt,
        ),
    };
    hashed(
        algorithm,
        &[
            user.0.hex().octets(),
            covered.nonce.as_bytes(),
            covered.nc.as_bytes(),
            covered.cnonce.as_bytes(),
            qop.name().as_bytes(),
            a2.hex().octets(),
        ],
    )
}

/// `rspauth` (§3.5): as [`response`], without a method. `covered.content` is that of the answer.
pub(super) fn rspauth(user: &DigestHash, covered: &Covered<'_>) -> Hashed {
    response(user, "", covered)
}

/// The output of a hash function.
pub(crate) struct Hashed {
    /// Never a session variant.
    algorithm: DigestAlgorithm,
    /// Zeros behind the length of the algorithm.
    octets: [u8; MAX_LEN],
}

impl Hashed {
    fn zero(algorithm: DigestAlgorithm) -> Self {
        Self {
            algorithm: algorithm.base(),
            octets: [0; MAX_LEN],
        }
    }

    /// Reads hexadecimal digits of either case; `None` unless they are as many as the algorithm has.
    pub(super) fn from_hex(algorithm: DigestAlgorithm, digits: &str) -> Option<Self> {
        let mut hash = Self::zero(algorithm);
        let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
        if pairs.len() != algorithm.digest_len() || !rest.is_empty() {
            return None;
        }
        for (octet, pair) in hash.octets.iter_mut().zip(pairs) {
            *octet = hex::octet(*pair)?;
        }
        Some(hash)
    }

    /// Whether these octets are the hash, in a time that does not depend on what either holds (D-5).
    pub(super) fn matches(&self, presented: &[u8]) -> Choice {
        self.as_octets().ct_eq(presented)
    }

    /// Hexadecimal digits of lower case.
    pub(crate) fn hex_string(&self) -> String {
        self.hex().text().to_owned()
    }

    /// All octets, with zeros behind those of MD5: a key for maps, of hashes that are no secret.
    pub(super) fn key(&self) -> [u8; MAX_LEN] {
        self.octets
    }

    fn as_octets(&self) -> &[u8] {
        let (hash, _) = self
            .octets
            .split_at_checked(self.algorithm.digest_len())
            .unwrap_or((&self.octets, &[]));
        hash
    }

    pub(super) fn hex(&self) -> Hex {
        let mut hex = Hex {
            digits: Zeroizing::new([0; 2 * MAX_LEN]),
            len: 2 * self.algorithm.digest_len(),
        };
        let pairs = hex.digits.as_chunks_mut::<2>().0;
        for (pair, octet) in pairs.iter_mut().zip(self.octets) {
            *pair = [digit(octet >> 4), digit(octet & 0xf)];
        }
        hex
    }
}

impl Drop for Hashed {
    fn drop(&mut self) {
        self.octets.zeroize();
    }
}

/// A hash as it goes into the next one: hexadecimal digits of lower case.
pub(super) struct Hex {
    digits: Zeroizing<[u8; 2 * MAX_LEN]>,
    len: usize,
}

impl Hex {
    fn octets(&self) -> &[u8] {
        self.digits.get(..self.len).unwrap_or_default()
    }

    pub(super) fn text(&self) -> &str {
        // Digits are text.
        core::str::from_utf8(self.octets()).unwrap_or_default()
    }
}

/// H of the parts with a colon between each two.
fn hashed(algorithm: DigestAlgorithm, parts: &[&[u8]]) -> Hashed {
    #[cfg(test)]
    work::count(algorithm, parts);
    let mut hash = Hashed::zero(algorithm);
    match hash.algorithm {
        DigestAlgorithm::Md5 => run::<Md5>(parts, &mut hash.octets),
        DigestAlgorithm::Sha256 => run::<Sha256>(parts, &mut hash.octets),
        // The one that is left. The list has its end in auth-syntax, whose version is ours.
        _ => run::<Sha512_256>(parts, &mut hash.octets),
    }
    hash
}

fn run<D: Digest>(parts: &[&[u8]], octets: &mut [u8; MAX_LEN]) {
    let mut state = D::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            state.update(b":");
        }
        state.update(part);
    }
    let mut output = state.finalize();
    for (octet, from) in octets.iter_mut().zip(&output) {
        *octet = *from;
    }
    output.as_mut_slice().zeroize();
}

/// Without a table: which digits of a secret are written shows in no cache.
fn digit(nibble: u8) -> u8 {
    let letter = u8::from(nibble > 9);
    b'0' + nibble + letter * (b'a' - b'0' - 10)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const BASES: [DigestAlgorithm; 3] = [
        DigestAlgorithm::Md5,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha512_256,
    ];

    fn mufasa(algorithm: DigestAlgorithm) -> DigestHash {
        DigestHash::new(
            algorithm,
            "Mufasa",
            "http-auth@example.org",
            "Circle of Life",
        )
        .unwrap()
    }

    // RFC 7616 §3.9.1, both answers of the client.
    #[test]
    fn d27_the_examples_with_sha_256_and_md5() {
        let covered = Covered {
            nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
            nc: "00000001",
            cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            uri: "/dir/index.html",
            content: None,
        };
        for (algorithm, expected) in [
            (
                DigestAlgorithm::Sha256,
                "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
            ),
            (DigestAlgorithm::Md5, "8ca523f5e9506fed4657c9700eebdbec"),
        ] {
            let response = response(&mufasa(algorithm), "GET", &covered);
            assert_eq!(response.hex_string(), expected);
        }
    }

    // RFC 7616 §3.9.2 with erratum 4897: the printed values are of SHA-512 cut to 256 bits.
    #[test]
    fn d27_d19_the_example_with_the_real_sha_512_256() {
        let (algorithm, user, realm) = (
            DigestAlgorithm::Sha512_256,
            "J\u{e4}s\u{f8}n Doe",
            "api@example.org",
        );
        assert_eq!(
            user_hash(algorithm, user, realm).unwrap(),
            "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"
        );
        let hash = DigestHash::new(algorithm, user, realm, "Secret, or not?").unwrap();
        let covered = Covered {
            nonce: "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
            nc: "00000001",
            cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
            uri: "/doe.json",
            content: None,
        };
        assert_eq!(
            response(&hash, "GET", &covered).hex_string(),
            "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"
        );
    }

    // The RFC has no example of these: the expected values were computed with Python's hashlib.
    #[test]
    fn d6_d7_d21_sessions_content_and_the_answer() {
        const EXPECTED: [[&str; 3]; 3] = [
            [
                "3c183cec96d6a289667f130a05c86089",
                "4ec2a2020dc71097dc7f2bc2dff31ac5",
                "dc6f954a8cec63c883cd30b8039064bd",
            ],
            [
                "d56ff9c8f848bcf04bbb2071c4e9d93240802d2bc0709ab91a3bb70969898c00",
                "19e987f0270274132614d59c1c4cf12e455ecba8b937aa40dda94b78aadb83e1",
                "a02ac838ad0aff32cddc1f91a834be2730c8ca6b36403c5932996936df350085",
            ],
            [
                "dd9c767ee061ff9713dc01b787945e3d121b087cbb97d97c49f92fac3f0dbbec",
                "7eb3934fdc9e98991d95be04cedbb22e999f2f81f4d35d31425e3f65a420beec",
                "12f699ed56ed6f91a78678ae2f2444f06daa4ced5193ff69520aeb8fac8bfc76",
            ],
        ];
        for (algorithm, [session, answer, answer_content]) in BASES.into_iter().zip(EXPECTED) {
            let user = mufasa(algorithm);
            let covered = |content| Covered {
                nonce: "N",
                nc: "0000000A",
                cnonce: "C",
                uri: "/x?y=%22",
                content,
            };
            let body = content_hash(algorithm, b"a body");
            let digest = response(
                &session_hash(&user, "N", "C"),
                "POST",
                &covered(Some(&body)),
            );
            assert_eq!(digest.hex_string(), session);
            assert_eq!(rspauth(&user, &covered(None)).hex_string(), answer);
            let empty = content_hash(algorithm, b"");
            let digest = rspauth(&user, &covered(Some(&empty)));
            assert_eq!(digest.hex_string(), answer_content);
        }
    }

    // D-5
    #[test]
    fn d5_every_octet_and_the_length_are_compared() {
        for algorithm in BASES {
            let hash = content_hash(algorithm, b"x");
            let right = hash.as_octets().to_vec();
            assert_eq!(right.len(), algorithm.digest_len());
            assert!(bool::from(hash.matches(&right)));
            for at in 0..right.len() {
                let mut other = right.clone();
                other[at] ^= 1;
                assert!(!bool::from(hash.matches(&other)), "{at}");
            }
            for other in [&right[1..], &[], &[0; 64], &[&right[..], &[0]].concat()] {
                assert!(!bool::from(hash.matches(other)));
            }
        }
    }

    // D-20
    #[test]
    fn d20_composed_and_decomposed_are_one() {
        let hash = |user, password| {
            let hash = DigestHash::new(DigestAlgorithm::Sha256, user, "r", password).unwrap();
            hash.expose_hex().expose().clone()
        };
        assert_eq!(hash("caf\u{e9}", "\u{e9}"), hash("cafe\u{301}", "e\u{301}"));
        let name = |user| user_hash(DigestAlgorithm::Sha256, user, "r").unwrap();
        assert_eq!(name("caf\u{e9}"), name("cafe\u{301}"));
    }

    #[test]
    fn d6_a_session_variant_keeps_the_hash_of_its_base() {
        for algorithm in DigestAlgorithm::ALL {
            let hash = mufasa(algorithm);
            assert_eq!(hash.algorithm(), algorithm.base());
            let base = mufasa(algorithm.base());
            assert_eq!(hash.expose_hex().expose(), base.expose_hex().expose());
        }
    }

    #[test]
    fn hexadecimal_digits_of_either_case_and_nothing_else() {
        for algorithm in BASES {
            let digits = mufasa(algorithm).expose_hex().expose().clone();
            for text in [digits.clone(), digits.to_uppercase()] {
                let read = DigestHash::from_hex(algorithm, &text).unwrap();
                assert_eq!(*read.expose_hex().expose(), digits);
            }
            for text in [
                "",
                &digits[1..],
                &digits[2..],
                &format!("{digits}0"),
                &format!("{digits}00"),
                &format!("g{}", &digits[1..]),
                &format!(" {}", &digits[1..]),
                &format!("\u{e9}{}", &digits[2..]),
                &format!("{{SHA-256}}{digits}"),
            ] {
                let error = DigestHash::from_hex(algorithm, text).unwrap_err();
                assert!(matches!(error, DigestUsersError::NotAHash(of) if of == algorithm));
            }
        }
        assert_eq!((0..16).map(digit).collect::<Vec<_>>(), b"0123456789abcdef");
    }

    #[test]
    fn names_realms_and_passwords_that_no_request_can_be_about() {
        let long = "x".repeat(1025);
        let new = |user: &str, realm: &str, password: &str| {
            DigestHash::new(DigestAlgorithm::Sha256, user, realm, password)
        };
        assert!(new(&long[1..], &long[1..], &long[1..]).is_ok());
        // A realm may have a colon, and a password whatever can be typed.
        assert!(new("u", "a:b", ": p\u{e9}\"").is_ok());
        for user in ["", "a:b", "a\n", "a\0", "\u{85}", &long] {
            let error = new(user, "r", "p").unwrap_err();
            assert!(
                matches!(error, DigestUsersError::InvalidUserName),
                "{user:?}"
            );
            assert!(user_hash(DigestAlgorithm::Md5, user, "r").is_err());
        }
        for realm in ["", "a\r", &long] {
            let error = new("u", realm, "p").unwrap_err();
            assert!(matches!(error, DigestUsersError::InvalidRealm), "{realm:?}");
        }
        for password in ["", "secret\n", "\t", &long] {
            let error = new("u", "r", password).unwrap_err();
            assert!(
                matches!(error, DigestUsersError::InvalidPassword),
                "{password:?}"
            );
        }
    }

    // DD17
    #[test]
    fn debug_tells_the_algorithm_only() {
        let hash = mufasa(DigestAlgorithm::Sha256Sess);
        assert_eq!(format!("{hash:?}"), "DigestHash(SHA-256)");
    }

    // DD18: what the verifier relies on to show that whoever is named costs the same.
    #[test]
    fn dd18_the_work_is_counted_by_run_and_block() {
        let covered = Covered {
            nonce: "N",
            nc: "00000001",
            cnonce: "C",
            uri: "/",
            content: None,
        };
        for algorithm in BASES {
            let (known, nobody) = (mufasa(algorithm), DigestHash::stand_in(algorithm));
            let (_, work) = work::of(|| response(&known, "GET", &covered));
            let (_, same) = work::of(|| response(&nobody, "GET", &covered));
            assert_eq!(work, same);
            assert_eq!(work.len(), 2);
            assert!(work.iter().all(|run| run.algorithm == algorithm));
            let longer = Covered {
                uri: &"/".repeat(200),
                ..covered
            };
            let (_, more) = work::of(|| response(&known, "GET", &longer));
            assert!(more[0].blocks > work[0].blocks);
        }
        // 55 octets and their end fit into one block of 64, 111 into one of 128.
        for (algorithm, fits) in BASES.into_iter().zip([55, 55, 111]) {
            let (_, one) = work::of(|| content_hash(algorithm, &vec![0; fits]));
            let (_, two) = work::of(|| content_hash(algorithm, &vec![0; fits + 1]));
            assert_eq!((one[0].blocks, two[0].blocks), (1, 2));
        }
    }
}
