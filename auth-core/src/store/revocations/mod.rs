//! The store of revocations.

mod builder;
mod disk;
mod error;
mod file;
mod index;
mod memory;
mod revoked;
#[cfg(test)]
mod tests;
mod watched;

pub use builder::RevocationsBuilder;
pub use error::RevocationsError;
pub use revoked::Revoked;

use core::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::disk::{Disk, Row};
use self::index::Name;
use self::memory::Memory;
use self::revoked::Of;
use crate::clock::Clock;
use crate::jwt::JwtVerifier;
use crate::verify::{RevocationAnswer, RevocationCheck, TokenFacts};

/// The durable store of revocations: a file that belongs to this process, and all of it in memory.
///
/// ```
/// use auth_core::store::Revocations;
/// use auth_core::Revocation;
///
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("revocations");
/// // Once, when the service is installed; from then on `Revocations::open`.
/// let revocations = Revocations::create(&path)?;
///
/// // For the verifier; a clone is the same store.
/// let by_store = Revocation::by(revocations.clone());
///
/// // One token, by its `iss`, `jti` and `exp`.
/// revocations.revoke_token("https://login.example.com", "a5c1…", 1_759_316_400)?;
/// # let _ = by_store;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What is revoked is refused from the moment in which it is told, by every verifier that asks this store, with
/// [`Cause::TokenRevoked`](crate::Cause::TokenRevoked); a cached token too.
///
/// # Durability
/// A call that revokes returns after the file was synced to the disk (twice: see below). It survives the end of the
/// process at any moment, and a power failure as far as the disk keeps what it has confirmed. If the call fails, the
/// revocation holds in this process all the same, and is written along with the next one that can be written; but it
/// may be lost with the process, so tell your caller that it failed, or call again. Only [`RevocationsError::Full`] and
/// what cannot be meant ([`RevocationsError::Implausible`], [`RevocationsError::Unnamed`]) take nothing.
///
/// Once the system has failed to *sync* the file, nobody knows what of it is on the disk, and nothing more is written until
/// a restart ([`RevocationsError::SyncFailed`]).
///
/// Syncing takes milliseconds and blocks the thread. In async code:
///
/// ```
/// # use auth_core::store::{Revocations, RevocationsError};
/// # async fn revoke(revocations: &Revocations, jti: String, exp: u64) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let revocations = revocations.clone();
/// tokio::task::spawn_blocking(move || {
///     revocations.revoke_token("https://login.example.com", &jti, exp)
/// })
/// .await??;
/// # Ok(())
/// # }
/// ```
///
/// # What it costs
/// A verifier is answered from memory and waits for no disk: less than a microsecond among ten million entries, which
/// take about half a GiB. Names are kept as hashes of 128 bits by a secret that stands in the file, which is readable for
/// its owner only.
///
/// Entries end by themselves [five minutes](crate::JwtVerifier::MAX_LEEWAY) and a second after their tokens: a verifier
/// may have that much leeway, and an `exp` may have a fraction. Each call that revokes removes some that have ended; opening the file takes none of them up;
/// [`purge`](Self::purge) removes all. Their room in the file is used again.
///
/// # Several instances
/// One process opens the file; a second one gets [`RevocationsError::InUse`]. Instances that share their revocations ask a
/// server: implement [`RevocationCheck`] for its client.
///
/// That is so for two instances of a rolling deployment as well: the new one cannot open the file while the old one runs.
/// Let the old one end first, or try [`open`](Self::open) again for as long as its shutdown takes. Where the old one is
/// stopped only once the new one is ready, neither would go on. Do not give the new one a file of its own, or a copy: each
/// would miss what the other one is told.
///
/// # Security
/// - Times come from the clock of the system. A clock that runs ahead forgets revocations early, and for good.
/// - A token without `jti` counts as revoked, unless
///   [the store was told otherwise](RevocationsBuilder::admitting_tokens_without_jti).
/// - A file that is damaged, missing or empty is an error when it is opened, never an empty store.
#[derive(Clone)]
pub struct Revocations(Arc<Inner>);

struct Inner {
    settings: RevocationsBuilder,
    secret: [u8; 16],
    memory: Memory,
    disk: Mutex<Disk>,
    /// Whether it was told that tokens without `jti` are refused.
    #[cfg(feature = "tracing")]
    told: std::sync::atomic::AtomicBool,
}

#[cfg(feature = "tracing")]
impl Inner {
    /// Says once, to the log, why every opaque token is refused: a riddle otherwise.
    fn warn_of_unnamed(&self) {
        if !self.told.swap(true, std::sync::atomic::Ordering::Relaxed) {
            tracing::warn!(
                target: "auth_core",
                "tokens without `jti` count as revoked, and there was one: if they cannot have one, as most opaque tokens, \
                 build the store with `admitting_tokens_without_jti`",
            );
        }
    }
}

/// How many entries that have ended each write removes, at most, of each kind.
const REMOVED_ALONG: usize = 64;

/// How many entries are written at once.
const BATCH: usize = 200_000;

impl Revocations {
    /// Opens the store at this path, and checks all of it: about a second for each million entries.
    ///
    /// # Errors
    /// If the file is missing, damaged, something else, or open already; if it cannot be read and written.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, RevocationsError> {
        Self::builder().open(path)
    }

    /// Makes a new, empty store. The directory must be there. If it fails or is interrupted on the way, remove the file.
    ///
    /// # Errors
    /// If there is a file already, or it cannot be made.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, RevocationsError> {
        Self::builder().create(path)
    }

    /// A store with other settings.
    pub fn builder() -> RevocationsBuilder {
        RevocationsBuilder::default()
    }

    /// Revokes one token, such as that of a caller who signs out: by its `jti`, until its `exp`. Blocks until it is on the
    /// disk.
    ///
    /// ```
    /// use auth_core::Authenticated;
    /// use auth_core::store::Revocations;
    ///
    /// # #[derive(Clone)] struct Claims;
    /// # type Error = Box<dyn std::error::Error + Send + Sync>;
    /// async fn sign_out(user: Authenticated<Claims>, revocations: Revocations) -> Result<(), Error> {
    ///     let token = user.grants().token().cloned().ok_or("the caller came without a token")?;
    ///     tokio::task::spawn_blocking(move || revocations.revoke(&token)).await??;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`RevocationsError::Unnamed`] if it has no `jti`, as most opaque tokens have none: then
    /// [its subject's](Self::revoke_subject) can be revoked. Also if it cannot be written, or the store is full.
    pub fn revoke(&self, token: &TokenFacts) -> Result<(), RevocationsError> {
        let jti = token.jti().ok_or(RevocationsError::Unnamed)?;
        let until = token.expires_at().unwrap_or(u64::MAX);
        self.revoke_token(token.issuer(), jti, until)
    }

    /// Revokes one token: its `iss`, its `jti`, its `exp` in seconds since 1970-01-01T00:00:00Z ([`u64::MAX`] if it has
    /// none). Blocks until it is on the disk.
    ///
    /// # Errors
    /// If it cannot be written, or the store is full.
    pub fn revoke_token(
        &self,
        issuer: &str,
        jti: &str,
        expires_at: u64,
    ) -> Result<(), RevocationsError> {
        self.load([Revoked::token(issuer, jti, expires_at)])
    }

    /// Revokes the tokens about one subject (`sub`) whose `iat` is `issued_up_to` or earlier, or that have none. `until`
    /// is when the last of them expires: `issued_up_to` and the longest time that the issuer gives. Both are in seconds
    /// since 1970-01-01T00:00:00Z. Blocks until it is on the disk.
    ///
    /// "All up to now" includes this very second, since `iat` tells no fractions: who logs in again within it must do so
    /// once more. It is the issuer's clock that wrote `iat`; add to `issued_up_to` what that may run ahead.
    ///
    /// # Errors
    /// If it cannot be written, or the store is full.
    pub fn revoke_subject(
        &self,
        issuer: &str,
        subject: &str,
        issued_up_to: u64,
        until: u64,
    ) -> Result<(), RevocationsError> {
        self.load([Revoked::subject(issuer, subject, issued_up_to, until)])
    }

    /// The same for the tokens of one client (`client_id`).
    ///
    /// # Errors
    /// If it cannot be written, or the store is full.
    pub fn revoke_client(
        &self,
        issuer: &str,
        client_id: &str,
        issued_up_to: u64,
        until: u64,
    ) -> Result<(), RevocationsError> {
        self.load([Revoked::client(issuer, client_id, issued_up_to, until)])
    }

    /// Revokes many. They are synced in batches, so after an error those of the batches before are on the disk; revoking
    /// all again does no harm.
    ///
    /// # Errors
    /// If they cannot be written, the store is full, or one of them cannot be meant
    /// ([`RevocationsError::Implausible`]).
    pub fn load<'a>(
        &self,
        revoked: impl IntoIterator<Item = Revoked<'a>>,
    ) -> Result<(), RevocationsError> {
        let now = now(&self.0.settings.clock);
        let mut revoked = revoked.into_iter().peekable();
        while revoked.peek().is_some() {
            let batch = revoked.by_ref().take(BATCH);
            let rows: Result<Vec<Row>, _> = batch.map(|revoked| self.row(&revoked)).collect();
            self.keep(&rows?, now)?;
        }
        Ok(())
    }

    /// How many tokens, subjects and clients it knows, with those that have ended and were not removed yet.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.memory.len()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes what has ended, from the memory and from the file. Blocks as long as that takes; verifiers do not wait.
    ///
    /// # Errors
    /// If the file cannot be written; it is removed from the memory all the same.
    pub fn purge(&self) -> Result<(), RevocationsError> {
        let now = now(&self.0.settings.clock);
        loop {
            match self.write(&mut self.disk(), now, BATCH) {
                Ok(removed) if removed >= BATCH => {}
                Ok(_) => return Ok(()),
                Err(error) => {
                    self.0.memory.forget_ended(now);
                    return Err(error);
                }
            }
        }
    }

    fn keep(&self, rows: &[Row], now: u64) -> Result<(), RevocationsError> {
        let Inner {
            memory, settings, ..
        } = &*self.0;
        let max_entries = settings.max_entries;
        // Before anything is written: whatever happens then, it is revoked here and now.
        if !memory.add(rows, max_entries) {
            // Makes room in memory whether or not the disk can be written.
            let _ = self.purge();
            if !memory.add(rows, max_entries) {
                return Err(RevocationsError::Full { max_entries });
            }
        }
        let mut disk = self.disk();
        if memory.is_written() {
            // Another call has written it along with its own.
            return Ok(());
        }
        self.write(&mut disk, now, REMOVED_ALONG).map(drop)
    }

    /// Writes what is not on the disk yet. Returns how many rows were removed.
    fn write(
        &self,
        disk: &mut Disk,
        now: u64,
        most_removed: usize,
    ) -> Result<usize, RevocationsError> {
        let memory = &self.0.memory;
        let mut unwritten = memory.take_unwritten();
        let removed = disk.write(unwritten.rows(), now, most_removed)?;
        unwritten.written();
        for row in &removed {
            memory.forget(row, now);
        }
        Ok(removed.len())
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        let disk = self.0.disk.lock();
        disk.unwrap_or_else(PoisonError::into_inner)
    }

    fn row(&self, revoked: &Revoked<'_>) -> Result<Row, RevocationsError> {
        if let Some(what) = revoked.implausible() {
            return Err(RevocationsError::Implausible(what));
        }
        let Revoked {
            of, issuer, name, ..
        } = revoked;
        Ok(Row {
            until: revoked.until.saturating_add(GRACE),
            name: Name::new(&self.0.secret, *of, issuer, name).to_u128(),
            issued_up_to: match of {
                Of::Token => None,
                Of::Subject(second) | Of::Client(second) => Some(*second),
            },
            replaces: None,
        })
    }

    fn is_token_revoked(&self, token: &TokenFacts) -> bool {
        let memory = &self.0.memory;
        let by_itself = match token.jti() {
            Some(jti) => memory
                .tokens
                .get(self.name(Of::Token, token, jti))
                .is_some(),
            None => {
                let revoked = !self.0.settings.tokens_without_jti;
                #[cfg(feature = "tracing")]
                if revoked {
                    self.0.warn_of_unnamed();
                }
                revoked
            }
        };
        by_itself
            || memory.rules.len() > 0
                && (self.is_ruled_out(Of::Subject(0), token.subject(), token)
                    || self.is_ruled_out(Of::Client(0), token.client_id(), token))
    }

    fn is_ruled_out(&self, of: Of, whose: Option<&str>, token: &TokenFacts) -> bool {
        let rule = whose.and_then(|whose| self.0.memory.rules.get(self.name(of, token, whose)));
        rule.is_some_and(|rule| token.issued_at().is_none_or(|iat| iat <= rule.second))
    }

    fn name(&self, of: Of, token: &TokenFacts, name: &str) -> Name {
        Name::new(&self.0.secret, of, token.issuer(), name)
    }
}

fn now(clock: &Clock) -> u64 {
    match clock.unix_seconds() {
        // A clock before 1970, under which every token has expired: that is no time to forget anything.
        u64::MAX => 0,
        now => now,
    }
}

/// In seconds. Verifiers may take a token so long after its `exp`, of which the fraction of a second is dropped here.
const GRACE: u64 = JwtVerifier::<()>::MAX_LEEWAY.as_secs() + 1;

impl RevocationCheck for Revocations {
    fn is_revoked<'a>(&'a self, token: &'a TokenFacts) -> RevocationAnswer<'a> {
        RevocationAnswer::now(self.is_token_revoked(token))
    }
}

impl fmt::Debug for Revocations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revocations")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
