//! New keys.

use core::fmt;

use zeroize::Zeroizing;

use super::ApiKeyHash;
use crate::secret::Secret;
use crate::verify::NoRandomness;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// 33 digits of base 62: 196 bits.
const RANDOM_LEN: usize = 33;

/// 6 digits of base 62 hold 32 bits.
const CHECKSUM_LEN: usize = 6;

const MAX_PREFIX_LEN: usize = 16;

/// Makes API keys that can be recognised: by people, by support, and by scanners that look for leaked
/// secrets.
///
/// A key is the prefix, `_`, 33 random characters and 6 characters of checksum:
/// `acme_` and then 39 of `[0-9A-Za-z]`, so `acme_[0-9A-Za-z]{39}` finds it in a text. The random
/// characters are uniform over base 62, 196 bits in all. The checksum is the CRC-32 (IEEE 802.3) of
/// everything before it, in base 62, most significant digit first, digits in the order `0-9A-Za-z`,
/// padded with zeros. It tells a key from a chance find and from a typing error; it proves nothing.
///
/// ```
/// use auth_core::ApiKeyGenerator;
/// let partners = ApiKeyGenerator::new("acme")?;
/// let (key, hash) = partners.generate()?;
/// assert!(key.expose().starts_with("acme_"));
/// assert!(partners.looks_like(key.expose()));
/// # let _ = hash;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ApiKeyGenerator {
    prefix: Box<str>,
}

impl ApiKeyGenerator {
    /// A generator of keys with this prefix: 1 to 16 of `a-z` and `0-9`, a letter first.
    ///
    /// # Errors
    /// [`InvalidPrefix`] for every other prefix.
    pub fn new(prefix: &str) -> Result<Self, InvalidPrefix> {
        if is_prefix(prefix) {
            Ok(Self {
                prefix: prefix.into(),
            })
        } else {
            Err(InvalidPrefix)
        }
    }

    /// Makes a key. Give the key to its owner, who alone keeps it, and the hash to
    /// [`ApiKeys::insert`](crate::ApiKeys::insert).
    ///
    /// # Errors
    /// [`NoRandomness`] if the operating system gave no random octets.
    pub fn generate(&self) -> Result<(Secret<String>, ApiKeyHash), NoRandomness> {
        let length = self.prefix.len() + 1 + RANDOM_LEN + CHECKSUM_LEN;
        // Of the final size, so that no copy stays behind where it grew.
        let mut key = String::with_capacity(length);
        key.push_str(&self.prefix);
        key.push('_');
        push_random(&mut key)?;
        let checksum = checksum(&key);
        key.extend(checksum);
        let hash = ApiKeyHash::of(&key);
        Ok((Secret::new(key), hash))
    }

    /// Whether a text has the form of a key with this prefix, its checksum included: for scanners. It
    /// says nothing about whether the key is admitted anywhere.
    #[must_use]
    pub fn looks_like(&self, text: &str) -> bool {
        text.strip_prefix(&*self.prefix)
            .is_some_and(|rest| rest.starts_with('_'))
            && Self::checksum_holds(text)
    }

    /// The same for a key with any prefix.
    #[must_use]
    pub fn checksum_holds(text: &str) -> bool {
        let Some((prefix, random)) = text.split_once('_') else {
            return false;
        };
        is_prefix(prefix)
            && random.len() == RANDOM_LEN + CHECKSUM_LEN
            && random.bytes().all(|octet| octet.is_ascii_alphanumeric())
            && text
                .split_at_checked(text.len() - CHECKSUM_LEN)
                .is_some_and(|(body, end)| end.chars().eq(checksum(body)))
    }
}

fn is_prefix(prefix: &str) -> bool {
    prefix.len() <= MAX_PREFIX_LEN
        && prefix.starts_with(|first: char| first.is_ascii_lowercase())
        && prefix
            .bytes()
            .all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit())
}

fn push_random(key: &mut String) -> Result<(), NoRandomness> {
    let mut random = Zeroizing::new([0; 64]);
    let mut missing = RANDOM_LEN;
    while missing > 0 {
        getrandom::fill(&mut *random).map_err(|_| NoRandomness)?;
        let digits = random.iter().copied().filter_map(random_digit);
        for digit in digits.take(missing) {
            key.push(digit);
            missing -= 1;
        }
    }
    Ok(())
}

/// Uniform over the digits: octets from 248 = 4 * 62 on are thrown away.
fn random_digit(octet: u8) -> Option<char> {
    (octet < 248).then(|| digit(octet.into()))
}

fn checksum(body: &str) -> [char; CHECKSUM_LEN] {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut digits = ['0'; CHECKSUM_LEN];
    for place in digits.iter_mut().rev() {
        *place = digit(rest);
        rest /= 62;
    }
    digits
}

/// The last digit of a number in base 62.
fn digit(number: u32) -> char {
    BASE62
        .get((number % 62) as usize)
        .copied()
        .map_or('0', char::from)
}

/// A prefix that is not 1 to 16 of `a-z` and `0-9` with a letter first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidPrefix;

impl fmt::Display for InvalidPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the prefix of API keys is 1 to 16 of `a-z` and `0-9`, a letter first")
    }
}

impl core::error::Error for InvalidPrefix {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The checksum was computed with Python's zlib.crc32 and a few lines of base 62.
    const KEY: &str = "acme_0123456789ABCDEFGHIJKLMNOPQRSTUVW0SXLXL";

    #[test]
    fn the_checksum_is_the_documented_one() {
        assert!(ApiKeyGenerator::checksum_holds(KEY));
    }

    #[test]
    fn the_checksum_is_padded_to_its_six_digits() {
        // CRC-32 of nothing is 0, of "123456789" 0xCBF43926.
        assert_eq!(checksum("").iter().collect::<String>(), "000000");
        assert_eq!(checksum("123456789").iter().collect::<String>(), "3jZRME");
    }

    #[test]
    fn a_wrong_character_anywhere_is_noticed() {
        for at in 0..KEY.len() {
            for other in ["a", "Z", "7", "_", "-"] {
                let mut text = KEY.to_owned();
                text.replace_range(at..=at, other);
                assert!(
                    text == KEY || !ApiKeyGenerator::checksum_holds(&text),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn other_texts_do_not_look_like_keys() {
        for text in [
            "",
            "_",
            "acme_",
            "acme",
            &KEY[1..],
            &KEY[..KEY.len() - 1],
            &format!("{KEY}0"),
            &format!("{KEY}\n"),
            &KEY.replace('0', "\u{e9}"),
        ] {
            assert!(!ApiKeyGenerator::checksum_holds(text), "{text}");
        }
    }

    #[test]
    fn prefixes() {
        for good in ["a", "acme", "acme2", "abcdefghijklmnop"] {
            assert!(ApiKeyGenerator::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "A",
            "2acme",
            "acme_live",
            "acme-",
            "abcdefghijklmnopq",
            "\u{e9}",
            "a b",
        ] {
            assert!(ApiKeyGenerator::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_digit_occurs_and_keys_differ() {
        let generator = ApiKeyGenerator::new("acme").unwrap();
        let mut seen = std::collections::BTreeSet::new();
        let mut digits = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let (key, hash) = generator.generate().unwrap();
            let key = key.expose();
            assert_eq!(key.len(), "acme_".len() + 39);
            assert!(generator.looks_like(key));
            assert!(hash == ApiKeyHash::of(key));
            digits.extend(key["acme_".len()..][..RANDOM_LEN].chars());
            assert!(seen.insert(key.clone()));
        }
        assert_eq!(digits.len(), 62);
    }

    #[test]
    fn every_digit_is_as_likely() {
        let mut times = std::collections::BTreeMap::new();
        for digit in (0..=255).filter_map(random_digit) {
            *times.entry(digit).or_insert(0) += 1;
        }
        assert_eq!(times.len(), 62);
        assert!(times.values().all(|times| *times == 4), "{times:?}");
    }

    #[test]
    fn a_wrong_checksum_does_not_look_like_a_key() {
        let generator = ApiKeyGenerator::new("acme").unwrap();
        assert!(generator.looks_like(KEY));
        assert!(!generator.looks_like(&KEY.replacen('0', "1", 1)));
        assert!(!generator.looks_like("acme_and more"));
    }

    #[test]
    fn a_generator_knows_its_own_prefix_only() {
        let (key, _) = ApiKeyGenerator::new("acme2").unwrap().generate().unwrap();
        assert!(
            !ApiKeyGenerator::new("acme")
                .unwrap()
                .looks_like(key.expose())
        );
        assert!(ApiKeyGenerator::checksum_holds(key.expose()));
    }
}
