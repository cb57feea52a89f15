//! What one hash costs: the algorithm with its parameters, and the trait that runs it.

use core::fmt;

use std::sync::{Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Block, Params, Version};

use super::error::{LimitExceeded, PasswordsError};

/// Most memory that one hash may take, in KiB: 256 MiB.
const MAX_MEMORY_KIB: u64 = 256 * 1024;

/// Most memory times passes over it, in KiB: 4 GiB, some seconds of work.
const MAX_VOLUME_KIB: u64 = 4 * 1024 * 1024;

/// Highest bcrypt cost: 16 is some seconds of work.
const MAX_BCRYPT_COST: u32 = 16;

/// bcrypt reads 72 octets of key and nothing behind them.
const BCRYPT_KEY_LEN: usize = 72;

/// Octets of a bcrypt hash: the last of its 24 is not stored.
pub(super) const BCRYPT_OUTPUT_LEN: usize = 23;

/// An algorithm with its parameters. Two hashes with equal `Work` cost the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// RFC 9106.
    Argon2 {
        variant: Algorithm,
        version: Version,
        memory_kib: u32,
        passes: u32,
        lanes: u32,
    },
    /// RFC 7914; the cost N is 2 to the power of `log_n`.
    Scrypt { log_n: u8, r: u32, p: u32 },
    /// Provos and Mazières 1999.
    Bcrypt { cost: u32 },
}

impl Work {
    /// Refuses parameters that would eat the machine: a mistyped or hostile file must not.
    pub(super) fn check(self) -> Result<Self, PasswordsError> {
        let within = |value: u64, limit: u64, parameter: &'static str| {
            if value <= limit {
                Ok(())
            } else {
                Err(PasswordsError::TooCostly(LimitExceeded {
                    parameter,
                    limit,
                }))
            }
        };
        match self {
            Self::Argon2 {
                memory_kib, passes, ..
            } => {
                let memory = u64::from(memory_kib);
                within(memory, MAX_MEMORY_KIB, "Argon2 memory m, in KiB")?;
                within(
                    memory.saturating_mul(u64::from(passes)),
                    MAX_VOLUME_KIB,
                    "Argon2 memory times passes, m * t, in KiB",
                )?;
            }
            Self::Scrypt { log_n, r, p } => {
                // 128 * N * r octets (RFC 7914 §2), in KiB; both are checked before the crate sees
                // them, since it multiplies r and p in 32 bits.
                let n = 1u64.checked_shl(u32::from(log_n)).unwrap_or(u64::MAX);
                let memory = n.saturating_mul(u64::from(r)).div_ceil(8);
                within(memory, MAX_MEMORY_KIB, "scrypt memory 128 * N * r, in KiB")?;
                within(
                    memory.saturating_mul(u64::from(p)),
                    MAX_VOLUME_KIB,
                    "scrypt memory times passes, 128 * N * r * p, in KiB",
                )?;
                within(
                    u64::from(r).saturating_mul(u64::from(p)),
                    8 * MAX_MEMORY_KIB,
                    "scrypt r * p",
                )?;
            }
            Self::Bcrypt { cost } => {
                within(u64::from(cost), u64::from(MAX_BCRYPT_COST), "bcrypt cost")?;
            }
        }
        if self.is_possible() {
            Ok(self)
        } else {
            Err(PasswordsError::MalformedHash(
                "its parameters are out of range",
            ))
        }
    }

    /// Octets of the longest password that it takes whole; longer ones do not match, whatever their
    /// beginning (CVE-2025-22228).
    pub(super) fn max_password_len(self) -> usize {
        match self {
            Self::Bcrypt { .. } => BCRYPT_KEY_LEN,
            Self::Argon2 { .. } | Self::Scrypt { .. } => crate::verify::text::MAX_LEN,
        }
    }

    /// Octets of the salt and of the hash of a dummy.
    pub(super) fn dummy_lens(self) -> (usize, usize) {
        match self {
            Self::Bcrypt { .. } => (16, BCRYPT_OUTPUT_LEN),
            Self::Argon2 { .. } | Self::Scrypt { .. } => (16, 32),
        }
    }

    fn is_possible(self) -> bool {
        match self {
            Self::Argon2 {
                memory_kib,
                passes,
                lanes,
                ..
            } => Params::new(memory_kib, passes, lanes, None).is_ok(),
            // RFC 7914 §2: N is larger than 1.
            Self::Scrypt { log_n, r, p } => log_n > 0 && scrypt::Params::new(log_n, r, p).is_ok(),
            Self::Bcrypt { cost } => cost >= 4,
        }
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argon2 {
                variant,
                memory_kib,
                passes,
                lanes,
                ..
            } => write!(f, "{variant} m={memory_kib},t={passes},p={lanes}"),
            Self::Scrypt { log_n, r, p } => write!(f, "scrypt ln={log_n},r={r},p={p}"),
            Self::Bcrypt { cost } => write!(f, "bcrypt cost={cost}"),
        }
    }
}

/// Runs hash functions. Tests put one in that counts.
pub(crate) trait Hasher: Send + Sync {
    /// Fills `out` with the hash of the password.
    fn hash(
        &self,
        work: Work,
        password: &[u8],
        salt: &[u8],
        out: &mut [u8],
    ) -> Result<(), HashFailed>;
}

/// A hash could not be computed: no memory, or a caller that broke a limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HashFailed;

/// The real algorithms.
///
/// Argon2's memory is kept from one hash to the next, one piece for each hash that runs at the same time.
/// Given back each time, it is not always used again: glibc's allocator was seen to hold 400 MB after two
/// dozen hashes of 19 MB.
#[derive(Default)]
pub(crate) struct Algorithms {
    spare: Mutex<Vec<Vec<Block>>>,
}

impl Algorithms {
    fn argon2(
        &self,
        argon2: &Argon2<'_>,
        password: &[u8],
        salt: &[u8],
        out: &mut [u8],
    ) -> Result<(), HashFailed> {
        let count = argon2.params().block_count();
        let mut memory = self.spare().pop().unwrap_or_default();
        let missing = count.saturating_sub(memory.len());
        memory.try_reserve_exact(missing).map_err(|_| HashFailed)?;
        memory.resize(count.max(memory.len()), Block::default());
        let blocks = memory.get_mut(..count).ok_or(HashFailed)?;
        let hashed = argon2.hash_password_into_with_memory(password, salt, out, blocks);
        self.spare().push(memory);
        hashed.map_err(|_| HashFailed)
    }

    // A push and a pop cannot leave the list half changed, so a poisoned lock holds a whole one.
    fn spare(&self) -> std::sync::MutexGuard<'_, Vec<Vec<Block>>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hasher for Algorithms {
    fn hash(
        &self,
        work: Work,
        password: &[u8],
        salt: &[u8],
        out: &mut [u8],
    ) -> Result<(), HashFailed> {
        match work {
            Work::Argon2 {
                variant,
                version,
                memory_kib,
                passes,
                lanes,
            } => {
                let params = Params::new(memory_kib, passes, lanes, Some(out.len()))
                    .map_err(|_| HashFailed)?;
                self.argon2(&Argon2::new(variant, version, params), password, salt, out)
            }
            Work::Scrypt { log_n, r, p } => {
                let params = scrypt::Params::new(log_n, r, p).map_err(|_| HashFailed)?;
                scrypt::scrypt(password, salt, &params, out).map_err(|_| HashFailed)
            }
            Work::Bcrypt { cost } => bcrypt(cost, password, salt, out),
        }
    }
}

fn bcrypt(cost: u32, password: &[u8], salt: &[u8], out: &mut [u8]) -> Result<(), HashFailed> {
    let salt: [u8; 16] = salt.try_into().map_err(|_| HashFailed)?;
    if cost > MAX_BCRYPT_COST {
        return Err(HashFailed);
    }
    // The key is the password with a NUL behind it, where that still fits: 72 octets are read.
    let mut key = zeroize::Zeroizing::new([0; BCRYPT_KEY_LEN]);
    let used = (password.len() + 1).min(BCRYPT_KEY_LEN);
    // None for a password that is longer: it is not cut.
    key.get_mut(..password.len())
        .ok_or(HashFailed)?
        .copy_from_slice(password);
    let hash = bcrypt::bcrypt(cost, salt, key.get(..used).ok_or(HashFailed)?);
    out.copy_from_slice(hash.get(..out.len()).ok_or(HashFailed)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn argon2(memory_kib: u32, passes: u32, lanes: u32) -> Work {
        Work::Argon2 {
            variant: Algorithm::Argon2id,
            version: Version::V0x13,
            memory_kib,
            passes,
            lanes,
        }
    }

    fn too_costly(work: Work) -> bool {
        matches!(work.check(), Err(PasswordsError::TooCostly(_)))
    }

    #[test]
    fn limits_hold_on_both_sides() {
        assert!(argon2(256 * 1024, 1, 1).check().is_ok());
        assert!(too_costly(argon2(256 * 1024 + 1, 1, 1)));
        assert!(argon2(256 * 1024, 16, 1).check().is_ok());
        assert!(too_costly(argon2(256 * 1024, 17, 1)));
        let scrypt = |log_n, r, p| Work::Scrypt { log_n, r, p };
        assert!(scrypt(17, 8, 1).check().is_ok());
        assert!(scrypt(18, 8, 1).check().is_ok());
        assert!(too_costly(scrypt(19, 8, 1)));
        assert!(too_costly(scrypt(17, 8, 33)));
        assert!(Work::Bcrypt { cost: 16 }.check().is_ok());
        assert!(too_costly(Work::Bcrypt { cost: 17 }));
    }

    #[test]
    fn extreme_parameters_do_not_overflow() {
        assert!(argon2(u32::MAX, u32::MAX, u32::MAX).check().is_err());
        for (log_n, r, p) in [
            (255, u32::MAX, u32::MAX),
            (1, u32::MAX, 1),
            (1, 1, u32::MAX),
            (1, 65536, 65536),
            (63, 1, 1),
            (64, 1, 1),
        ] {
            assert!(
                Work::Scrypt { log_n, r, p }.check().is_err(),
                "{log_n} {r} {p}"
            );
        }
        for work in [
            argon2(0, 1, 1),
            argon2(8, 0, 1),
            argon2(8, 1, 0),
            argon2(8, 1, 2),
            Work::Scrypt {
                log_n: 0,
                r: 8,
                p: 1,
            },
            Work::Scrypt {
                log_n: 4,
                r: 0,
                p: 1,
            },
            Work::Scrypt {
                log_n: 4,
                r: 8,
                p: 0,
            },
            Work::Bcrypt { cost: 3 },
        ] {
            assert!(
                matches!(work.check(), Err(PasswordsError::MalformedHash(_))),
                "{work}"
            );
        }
    }

    #[test]
    fn argon2_keeps_its_memory() {
        let algorithms = Algorithms::default();
        let hash = |memory_kib, password: &[u8]| {
            let mut out = [0; 32];
            algorithms
                .hash(argon2(memory_kib, 1, 1), password, &[7; 16], &mut out)
                .unwrap();
            out
        };
        let first = hash(64, b"a");
        let kept = algorithms.spare()[0].as_ptr();
        // What the last hash left behind does not show in the next one.
        hash(64, b"b");
        assert_eq!(hash(64, b"a"), first);
        assert_eq!(hash(32, b"a"), {
            let mut alone = [0; 32];
            Algorithms::default()
                .hash(argon2(32, 1, 1), b"a", &[7; 16], &mut alone)
                .unwrap();
            alone
        });
        assert_eq!(algorithms.spare().len(), 1);
        assert_eq!(algorithms.spare()[0].as_ptr(), kept);
        assert_eq!(algorithms.spare()[0].len(), 64);
    }

    /// V22: bcrypt is never given more than it reads.
    #[test]
    fn bcrypt_takes_72_octets_and_no_more_v22() {
        let mut out = [0; BCRYPT_OUTPUT_LEN];
        let mut run = |password: &[u8]| {
            Algorithms::default().hash(Work::Bcrypt { cost: 4 }, password, &[7; 16], &mut out)
        };
        assert!(run(&[b'a'; 72]).is_ok());
        assert!(run(&[b'a'; 73]).is_err());
        assert!(run(b"").is_ok());
    }
}
