//! The settings of a store.

use std::path::Path;
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand;

use super::disk::{Disk, OpenFile};
use super::memory::Memory;
use super::{Inner, Revocations, RevocationsError, file, now};
use crate::clock::Clock;

/// A store of revocations with other settings than usual; made by [`Revocations::builder`].
///
/// ```no_run
/// use auth_core::store::Revocations;
///
/// let revocations = Revocations::builder()
///     .with_max_entries(50_000_000)
///     .open("/var/lib/orders/revocations")?;
/// # let _ = revocations;
/// # Ok::<(), auth_core::store::RevocationsError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "call `open` or `create` to get the store"]
pub struct RevocationsBuilder {
    pub(super) clock: Clock,
    pub(super) max_entries: usize,
    pub(super) tokens_without_jti: bool,
}

impl Default for RevocationsBuilder {
    fn default() -> Self {
        Self {
            clock: Clock::system(),
            max_entries: 10_000_000,
            tokens_without_jti: false,
        }
    }
}

impl RevocationsBuilder {
    /// Asks another clock than that of the system when entries end. It must be the clock of the verifiers.
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The most entries: 10,000,000 unless set, which take about half a GiB. A full store refuses to take more
    /// ([`RevocationsError::Full`]); it forgets nothing early. What it knows already it takes again.
    pub fn with_max_entries(mut self, max_entries: usize) -> Self {
        self.max_entries = max_entries;
        self
    }

    /// Admits tokens that have no `jti`: they can be taken back by their subject and client only. Without this they are
    /// revoked, all of them, because nobody could take one back. RFC 9068 demands a `jti`; the relaxed
    /// [profile](crate::jwt::Profile::Jwt) and introspection (RFC 7662) do not.
    pub fn admitting_tokens_without_jti(mut self) -> Self {
        self.tokens_without_jti = true;
        self
    }

    /// As [`Revocations::open`].
    ///
    /// # Errors
    /// As there.
    pub fn open(self, path: impl AsRef<Path>) -> Result<Revocations, RevocationsError> {
        let path = path.as_ref();
        self.open_at(path, file::at(path))
    }

    /// As [`Revocations::create`].
    ///
    /// # Errors
    /// As there.
    pub fn create(self, path: impl AsRef<Path>) -> Result<Revocations, RevocationsError> {
        let path = path.as_ref();
        self.create_at(path, file::at(path))
    }

    pub(super) fn open_at(
        self,
        path: &Path,
        open_file: OpenFile,
    ) -> Result<Revocations, RevocationsError> {
        let memory = Memory::new();
        let now = now(&self.clock);
        let disk = Disk::open(path, open_file, |row| {
            if row.until > now {
                memory.keep(&row);
            }
        })?;
        Ok(self.with(memory, disk))
    }

    pub(super) fn create_at(
        self,
        path: &Path,
        open_file: OpenFile,
    ) -> Result<Revocations, RevocationsError> {
        let mut secret = [0; 16];
        rand::fill(&mut secret).map_err(|_| RevocationsError::NoRandomness)?;
        let disk = Disk::create(path, open_file, secret)?;
        Ok(self.with(Memory::new(), disk))
    }

    fn with(self, memory: Memory, disk: Disk) -> Revocations {
        Revocations(Arc::new(Inner {
            secret: disk.secret(),
            memory,
            disk: Mutex::new(disk),
            #[cfg(feature = "tracing")]
            told: std::sync::atomic::AtomicBool::new(false),
            settings: self,
        }))
    }
}
