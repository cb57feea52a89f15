//! A stored hash, read from its text: a PHC string or a bcrypt string.

use argon2::password_hash::phc::{ParamsString, PasswordHash};
use argon2::{Algorithm, Version};
use base64::Engine as _;
use subtle::{Choice, ConstantTimeEq as _};
use zeroize::Zeroizing;

use super::error::{PasswordsError, RefusedHash};
use super::work::{BCRYPT_OUTPUT_LEN, HashFailed, Hasher, Work};

/// What a password is checked against.
pub(super) struct Stored {
    pub(super) work: Work,
    salt: Box<[u8]>,
    output: Box<[u8]>,
}

impl Stored {
    /// Reads a PHC string (`$argon2id$`, `$argon2i$`, `$scrypt$`) or a bcrypt string (`$2a$`, `$2b$`,
    /// `$2y$`), and refuses everything else.
    pub(super) fn parse(text: &str) -> Result<Self, PasswordsError> {
        let stored = match text.split('$').nth(1).filter(|_| text.starts_with('$')) {
            Some("argon2id") => argon2(text, Algorithm::Argon2id)?,
            Some("argon2i") => argon2(text, Algorithm::Argon2i)?,
            Some("scrypt") => scrypt(text)?,
            // 2a and 2y differ from 2b in how they name old bugs only.
            Some("2a" | "2b" | "2y") => bcrypt(text)?,
            _ if text.is_empty() => return Err(PasswordsError::MalformedHash("it is empty")),
            _ => return Err(PasswordsError::RefusedHash(refused(text))),
        };
        stored.work.check()?;
        Ok(stored)
    }

    /// A hash of nothing, with this work: no password is known to match it.
    pub(super) fn dummy(work: Work) -> Result<Self, PasswordsError> {
        let (salt, output) = work.dummy_lens();
        Ok(Self {
            work,
            salt: random(salt)?,
            output: random(output)?,
        })
    }

    /// Hashes the password and compares, in constant time with respect to both hashes.
    pub(super) fn matches(
        &self,
        hasher: &dyn Hasher,
        password: &[u8],
    ) -> Result<Choice, HashFailed> {
        let mut output = Zeroizing::new(vec![0; self.output.len()]);
        hasher.hash(self.work, password, &self.salt, &mut output)?;
        Ok(output.ct_eq(&self.output))
    }
}

fn argon2(text: &str, variant: Algorithm) -> Result<Stored, PasswordsError> {
    let hash = phc(text)?;
    let [memory_kib, passes, lanes] = parameters(&hash.params, ["m", "t", "p"])?;
    // A string of the time before versions were written is of version 0x10.
    let version = Version::try_from(hash.version.unwrap_or(0x10))
        .map_err(|_| PasswordsError::MalformedHash("its version is unknown"))?;
    stored(
        &hash,
        Work::Argon2 {
            variant,
            version,
            memory_kib,
            passes,
            lanes,
        },
    )
}

fn scrypt(text: &str) -> Result<Stored, PasswordsError> {
    let hash = phc(text)?;
    let [log_n, r, p] = parameters(&hash.params, ["ln", "r", "p"])?;
    let log_n = u8::try_from(log_n)
        .map_err(|_| PasswordsError::MalformedHash("its parameters are out of range"))?;
    stored(&hash, Work::Scrypt { log_n, r, p })
}

/// `$2b$12$`, 22 characters of salt and 31 of hash, in bcrypt's own base64.
fn bcrypt(text: &str) -> Result<Stored, PasswordsError> {
    const MALFORMED: PasswordsError =
        PasswordsError::MalformedHash("a bcrypt hash is `$2b$`, two digits, `$` and 53 characters");
    let (digits, coded) = text
        .get(4..)
        .and_then(|rest| rest.split_once('$'))
        .ok_or(MALFORMED)?;
    if digits.len() != 2 || !digits.bytes().all(|digit| digit.is_ascii_digit()) || coded.len() != 53
    {
        return Err(MALFORMED);
    }
    let cost = digits.parse().map_err(|_| MALFORMED)?;
    let (salt, output) = coded.split_at_checked(22).ok_or(MALFORMED)?;
    let decode = |coded: &str, length: usize| {
        bcrypt::BASE_64
            .decode(coded)
            .ok()
            .filter(|octets| octets.len() == length)
            .map(Vec::into_boxed_slice)
            .ok_or(MALFORMED)
    };
    Ok(Stored {
        work: Work::Bcrypt { cost },
        salt: decode(salt, 16)?,
        output: decode(output, BCRYPT_OUTPUT_LEN)?,
    })
}

fn phc(text: &str) -> Result<PasswordHash, PasswordsError> {
    PasswordHash::new(text)
        .map_err(|_| PasswordsError::MalformedHash("it does not follow the PHC string format"))
}

/// Exactly these parameters, each once: others (`keyid`, `data`) would change the hash.
fn parameters(params: &ParamsString, names: [&str; 3]) -> Result<[u32; 3], PasswordsError> {
    const MALFORMED: PasswordsError =
        PasswordsError::MalformedHash("a parameter is missing, foreign or no number");
    if params.iter().count() != names.len() {
        return Err(MALFORMED);
    }
    let mut values = [0; 3];
    for (value, name) in values.iter_mut().zip(names) {
        *value = params.get_decimal(name).ok_or(MALFORMED)?;
    }
    Ok(values)
}

fn stored(hash: &PasswordHash, work: Work) -> Result<Stored, PasswordsError> {
    // Of at least 8 octets, as RFC 9106 §3.1 has it: the PHC reader refuses shorter ones.
    let salt = hash
        .salt
        .as_ref()
        .ok_or(PasswordsError::MalformedHash("it ends before the salt"))?;
    let output = hash
        .hash
        .as_ref()
        .ok_or(PasswordsError::MalformedHash("it ends before the hash"))?;
    Ok(Stored {
        work,
        salt: salt.as_ref().into(),
        output: output.as_bytes().into(),
    })
}

/// Which of the known forms it is that is not accepted.
fn refused(text: &str) -> RefusedHash {
    let crypt64 = |text: &str| {
        text.bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'/'))
    };
    match text.strip_prefix('$').and_then(|rest| rest.split_once('$')) {
        Some(("apr1", _)) => RefusedHash::Apr1,
        Some(("2x", _)) => RefusedHash::Bcrypt2x,
        Some(("argon2d", _)) => RefusedHash::Argon2d,
        Some(("1" | "2" | "3" | "5" | "6" | "7" | "y" | "gy" | "md5" | "sha1", _)) => {
            RefusedHash::Crypt
        }
        Some(_) => RefusedHash::OtherAlgorithm,
        None if text.starts_with('{') && text.contains('}') => RefusedHash::Sha1,
        // DES, and DES in the extended form of BSDi
        None if text.len() == 13 && crypt64(text) => RefusedHash::Crypt,
        None if text.len() == 20 && text.strip_prefix('_').is_some_and(crypt64) => {
            RefusedHash::Crypt
        }
        None => RefusedHash::Plain,
    }
}

pub(super) fn random(octets: usize) -> Result<Box<[u8]>, PasswordsError> {
    let mut random = vec![0; octets];
    getrandom::fill(&mut random).map_err(|_| PasswordsError::Randomness)?;
    Ok(random.into_boxed_slice())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::work::Algorithms;
    use super::*;

    fn matches(hash: &str, password: &str) -> bool {
        Stored::parse(hash)
            .unwrap()
            .matches(&Algorithms::default(), password.as_bytes())
            .unwrap()
            .into()
    }

    fn problem(hash: &str) -> PasswordsError {
        match Stored::parse(hash) {
            Ok(_) => panic!("{hash} was accepted"),
            Err(problem) => problem,
        }
    }

    // Made with argon2-cffi 25.1, Python's hashlib.scrypt, passlib 1.7.4 and bcrypt 5.0, and crypt(3)
    // of libxcrypt (the 2y line).
    const ARGON2ID: &str = "$argon2id$v=19$m=64,t=1,p=1$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do";
    const ACCEPTED: [&str; 8] = [
        ARGON2ID,
        // 24 octets of hash
        "$argon2i$v=19$m=64,t=3,p=1$1T3Z5YjgfOB0E0eG6JYmYw$9To+VGiYwtIM3IPCnvtbUBv+1o+NKSDj",
        "$scrypt$ln=4,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$Q7EcH175P/kcU7JE2HRU+qTRrq/BS6UbCRYPdBaC5y8",
        "$scrypt$ln=5,r=8,p=2$AwQFBgcICQoLDA0ODxAREg$ZTqetS7LwiBSlrdGnK7iHDsSdBUJPs02kSn5Ptv+M88",
        "$2b$04$sGhm09/TsyNEuDHybyX/EuvwBFsx7lIj.J3KtM9Q1.nTDYcLJL86a",
        "$2b$05$ohbWhs6UCHzVBmzmIxeXZuW9GEDlVDM8DvCE5gTlZpYG98QQB39WK",
        "$2a$04$Tof7YihuS/pn2yeN4Aiuy.oBhdu3TVzk8TyadLToj7nXYbdBENn/e",
        "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
    ];

    #[test]
    fn hashes_of_independent_tools_are_verified_b9() {
        for hash in ACCEPTED {
            assert!(matches(hash, "correct horse"), "{hash}");
            assert!(!matches(hash, "correct horsf"), "{hash}");
            assert!(!matches(hash, ""), "{hash}");
        }
        assert!(matches(
            "$argon2id$v=19$m=128,t=2,p=2$o+H33zkUxUlari35ngoilw$J7WWgf/Tq0tsyJouFPQKpbQR3LU1maLS98psOAj/Y58",
            "battery staple"
        ));
    }

    #[test]
    fn bcrypt_reads_utf8() {
        let hash = "$2b$04$7Bc40h1IpbnzOoGM7GD6nORv8ErrjY76NC4uBcSt9B6rrBI0fbT7O";
        assert!(matches(hash, "caf\u{e9}"));
    }

    #[test]
    fn other_forms_are_refused_by_name() {
        for (text, form) in [
            ("$apr1$abcdefgh$sIQmFnT1CuEXAsyjuXjUX/", RefusedHash::Apr1),
            ("{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=", RefusedHash::Sha1),
            ("{SSHA}L55TUjtiq8FBorTWAZ0jy6g129A=", RefusedHash::Sha1),
            ("abhfCpXqd4GrI", RefusedHash::Crypt),
            ("_J9..abcdabcdabcdabc", RefusedHash::Crypt),
            ("$1$abcdefgh$y6iHhJNbuC0xpbk0w9pm80", RefusedHash::Crypt),
            (
                "$6$rounds=1000$abcdefgh$DbXqPck5ABZumVXwcH5eMV",
                RefusedHash::Crypt,
            ),
            ("$y$j9T$abc$def", RefusedHash::Crypt),
            ("hunter2", RefusedHash::Plain),
            ("argon2id$v=19", RefusedHash::Plain),
            ("$", RefusedHash::Plain),
            (
                "$2x$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
                RefusedHash::Bcrypt2x,
            ),
            (
                "$argon2d$v=19$m=64,t=3,p=1$Ktj1T0p+L/jZHk/KeFKFWw$7ZT7jkJeMU9ytSyg4Un2tlL1wtkZphhl0BGly1cR4tg",
                RefusedHash::Argon2d,
            ),
            (
                "$pbkdf2-sha256$i=1$YWJjZGVmZ2g$YWJj",
                RefusedHash::OtherAlgorithm,
            ),
            ("$ARGON2ID$v=19$", RefusedHash::OtherAlgorithm),
        ] {
            match problem(text) {
                PasswordsError::RefusedHash(found) => assert_eq!(found, form, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn broken_texts_are_refused() {
        for text in [
            "",
            "$argon2id",
            "$argon2id$",
            "$argon2id$v=19",
            "$argon2id$v=19$m=64,t=1,p=1",
            "$argon2id$v=19$m=64,t=1,p=1$a6iTHShEVz2xcMHtrHyDkg",
            "$argon2id$v=19$m=64,t=1,p=1$$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do",
            "$argon2id$v=19$m=64,t=1,p=1$YWI$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do",
            "$argon2id$v=19$m=64,t=1,p=1$a6iTHShEVz2xcMHtrHyDkg$AAAA",
            "$argon2id$v=19$m=64,t=1,p=1$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do$x",
            "$argon2id$v=20$m=64,t=1,p=1$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do",
            "$argon2id$v=19$m=64,t=1$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do",
            "$argon2id$v=19$m=64,t=1,m=64$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do",
            "$argon2id$v=19$m=64,t=1,p=1,p=1$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do",
            "$argon2id$v=19$m=64,t=1,p=1,data=AAAA$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do",
            "$argon2id$v=19$m=-64,t=1,p=1$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do",
            "$argon2id$v=19$m=99999999999,t=1,p=1$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do",
            "$scrypt$ln=300,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$Q7EcH175P/kcU7JE2HRU+qTRrq/BS6UbCRYPdBaC5y8",
            "$2b$",
            "$2b$04$",
            "$2b$4$sGhm09/TsyNEuDHybyX/EuvwBFsx7lIj.J3KtM9Q1.nTDYcLJL86a",
            "$2b$+4$sGhm09/TsyNEuDHybyX/EuvwBFsx7lIj.J3KtM9Q1.nTDYcLJL86a",
            "$2b$03$sGhm09/TsyNEuDHybyX/EuvwBFsx7lIj.J3KtM9Q1.nTDYcLJL86a",
            "$2b$04$sGhm09/TsyNEuDHybyX/EuvwBFsx7lIj.J3KtM9Q1.nTDYcLJL86",
            "$2b$04$sGhm09/TsyNEuDHybyX/EuvwBFsx7lIj.J3KtM9Q1.nTDYcLJL86aa",
            "$2b$04$sGhm09/TsyNEuDHybyX/E\u{e9}vwBFsx7lIj.J3KtM9Q1.nTDYcLJL86",
            "$2b$\u{e9}$sGhm09/TsyNEuDHybyX/EuvwBFsx7lIj.J3KtM9Q1.nTDYcLJL86a",
        ] {
            assert!(
                matches!(problem(text), PasswordsError::MalformedHash(_)),
                "{text}: {:?}",
                problem(text)
            );
        }
    }

    #[test]
    fn every_truncation_is_refused_and_none_panics() {
        for hash in ACCEPTED {
            let minimum = hash.rfind('$').unwrap() + 14;
            for end in 0..minimum {
                let _ = problem(hash.get(..end).unwrap());
            }
        }
    }

    #[test]
    fn a_file_cannot_ask_for_the_whole_machine() {
        for text in [
            "$argon2id$v=19$m=67108864,t=1,p=1$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do",
            "$argon2id$v=19$m=64,t=4294967295,p=1$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do",
            "$scrypt$ln=40,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$Q7EcH175P/kcU7JE2HRU+qTRrq/BS6UbCRYPdBaC5y8",
            "$scrypt$ln=4,r=4294967295,p=4294967295$AAECAwQFBgcICQoLDA0ODw$Q7EcH175P/kcU7JE2HRU+qTRrq/BS6UbCRYPdBaC5y8",
            "$2b$31$sGhm09/TsyNEuDHybyX/EuvwBFsx7lIj.J3KtM9Q1.nTDYcLJL86a",
        ] {
            assert!(
                matches!(problem(text), PasswordsError::TooCostly(_)),
                "{text}"
            );
        }
    }
}
