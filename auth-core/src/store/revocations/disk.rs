//! The file: a database whose rows are sorted by when they end, so that what has ended is removed from one side.

use core::sync::atomic::{AtomicBool, Ordering};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::{
    Database, ReadTransaction, ReadableDatabase, ReadableTable, StorageBackend, Table,
    TableDefinition, WriteTransaction,
};

use super::RevocationsError;
use super::index::Name;
use super::watched::Watched;

/// Until when, and which name.
type EndsAndName = (u64, u128);

const TOKENS: TableDefinition<'_, EndsAndName, ()> = TableDefinition::new("tokens");
/// With the second up to which the tokens were issued.
const RULES: TableDefinition<'_, EndsAndName, u64> = TableDefinition::new("rules");
const META: TableDefinition<'_, &str, u128> = TableDefinition::new("revocations-1");
const SECRET: &str = "secret";

/// In octets. Everything is read once and then kept in the index, so there is little to keep beside it.
const DATABASE_CACHE: usize = 32 << 20;

/// Sorted by when they end, as in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) until: u64,
    pub(super) name: u128,
    /// `None`: the name of a token.
    pub(super) issued_up_to: Option<u64>,
    /// When the row of this name that is in the file already ends.
    pub(super) replaces: Option<u64>,
}

impl Row {
    fn read((until, name): EndsAndName, issued_up_to: Option<u64>) -> Self {
        Self {
            until,
            name,
            issued_up_to,
            replaces: None,
        }
    }

    pub(super) fn name(&self) -> Name {
        Name::from_u128(self.name)
    }
}

/// Opens the file; if it must be new, makes it.
pub(super) type OpenFile =
    Box<dyn Fn(MustBe) -> Result<Box<dyn StorageBackend>, RevocationsError> + Send + Sync>;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MustBe {
    New,
    There,
}

pub(super) struct Disk {
    path: PathBuf,
    open_file: OpenFile,
    secret: [u8; 16],
    /// After an error the database takes no more; the next write opens it anew, which checks and repairs it.
    database: Option<Database>,
    sync_failed: Arc<AtomicBool>,
}

impl Disk {
    pub(super) fn create(
        path: &Path,
        open_file: OpenFile,
        secret: [u8; 16],
    ) -> Result<Self, RevocationsError> {
        let mut disk = Self::at(path, open_file, secret);
        let database = disk.database(MustBe::New)?;
        disk.transact(&database, |writing| {
            writing
                .open_table(META)?
                .insert(SECRET, u128::from_le_bytes(secret))?;
            writing.open_table(TOKENS)?;
            writing.open_table(RULES)?;
            Ok(())
        })?;
        disk.database = Some(database);
        Ok(disk)
    }

    /// Opens the store, and calls `keep` with everything that it holds.
    pub(super) fn open(
        path: &Path,
        open_file: OpenFile,
        keep: impl FnMut(Row),
    ) -> Result<Self, RevocationsError> {
        let mut disk = Self::at(path, open_file, [0; 16]);
        let database = disk.database(MustBe::There)?;
        disk.secret = disk.read(&database, secret)?;
        disk.read(&database, |reading| rows(reading, keep))?;
        disk.database = Some(database);
        Ok(disk)
    }

    fn at(path: &Path, open_file: OpenFile, secret: [u8; 16]) -> Self {
        Self {
            path: path.to_owned(),
            open_file,
            secret,
            database: None,
            sync_failed: Arc::default(),
        }
    }

    pub(super) fn secret(&self) -> [u8; 16] {
        self.secret
    }

    /// Returns after these rows are on the disk. Removes rows that have ended, at most this many of each kind, and returns
    /// them.
    pub(super) fn write(
        &mut self,
        rows: &[Row],
        now: u64,
        most_removed: usize,
    ) -> Result<Vec<Row>, RevocationsError> {
        let database = match self.database.take() {
            Some(database) => database,
            None => self.reopen()?,
        };
        let removed = self.transact(&database, |writing| {
            let mut removed = Vec::new();
            let mut tokens = writing.open_table(TOKENS)?;
            let mut rules = writing.open_table(RULES)?;
            for row in rows {
                match row.issued_up_to {
                    None => put(&mut tokens, row, ())?,
                    Some(second) => put(&mut rules, row, second)?,
                }
            }
            remove_ended(&mut tokens, now, most_removed, |key, ()| {
                removed.push(Row::read(key, None));
            })?;
            remove_ended(&mut rules, now, most_removed, |key, second| {
                removed.push(Row::read(key, Some(second)));
            })?;
            Ok(removed)
        })?;
        self.database = Some(database);
        Ok(removed)
    }

    fn reopen(&self) -> Result<Database, RevocationsError> {
        if self.sync_failed.load(Ordering::SeqCst) {
            return Err(RevocationsError::SyncFailed(self.path.clone()));
        }
        let database = self.database(MustBe::There)?;
        if self.read(&database, secret)? != self.secret {
            return Err(RevocationsError::Replaced(self.path.clone()));
        }
        Ok(database)
    }

    fn database(&self, must_be: MustBe) -> Result<Database, RevocationsError> {
        let file = Watched::new((self.open_file)(must_be)?, &self.sync_failed);
        redb::Builder::new()
            .set_cache_size(DATABASE_CACHE)
            // It is read from end to end anyway, and a damaged page is to be an error, not a forgotten revocation.
            .set_check_integrity_on_open(true)
            .create_with_backend(file)
            .map_err(|error| RevocationsError::of(&self.path, error))
    }

    fn read<T>(
        &self,
        database: &Database,
        read: impl FnOnce(&ReadTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, RevocationsError> {
        let reading = database.begin_read().map_err(redb::Error::from);
        reading
            .and_then(|reading| read(&reading))
            .map_err(|error| RevocationsError::of(&self.path, error))
    }

    /// Returns after everything was synced. On an error nothing of it holds, or all.
    fn transact<T>(
        &self,
        database: &Database,
        write: impl FnOnce(&WriteTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, RevocationsError> {
        let attempt = || {
            let mut writing = database.begin_write()?;
            // Costs a second sync. With one, a file whose last commit is damaged would open as it was before that
            // commit, without a word; with two it does not open.
            writing.set_two_phase_commit(true);
            let done = write(&writing)?;
            writing.commit()?;
            Ok::<_, redb::Error>(done)
        };
        attempt().map_err(|error| RevocationsError::of(&self.path, error))
    }
}

fn secret(reading: &ReadTransaction) -> Result<[u8; 16], redb::Error> {
    match reading.open_table(META)?.get(SECRET)? {
        Some(secret) => Ok(secret.value().to_le_bytes()),
        None => Err(redb::Error::Corrupted("no secret".to_owned())),
    }
}

fn rows(reading: &ReadTransaction, mut keep: impl FnMut(Row)) -> Result<(), redb::Error> {
    for row in reading.open_table(TOKENS)?.iter()? {
        let (key, _) = row?;
        keep(Row::read(key.value(), None));
    }
    for row in reading.open_table(RULES)?.iter()? {
        let (key, second) = row?;
        keep(Row::read(key.value(), Some(second.value())));
    }
    Ok(())
}

/// Removes rows from the side where the earliest end is.
fn remove_ended<V: for<'v> redb::Value<SelfType<'v> = T> + 'static, T>(
    table: &mut Table<'_, EndsAndName, V>,
    now: u64,
    most: usize,
    mut removed: impl FnMut(EndsAndName, T),
) -> Result<(), redb::Error> {
    for _ in 0..most {
        let first = table
            .first()?
            .map(|(key, value)| (key.value(), value.value()));
        match first {
            Some((key, value)) if key.0 <= now => {
                table.pop_first()?;
                removed(key, value);
            }
            _ => break,
        }
    }
    Ok(())
}

/// Writes what is known of one name in place of what was known before.
fn put<V: redb::Value + 'static>(
    table: &mut Table<'_, EndsAndName, V>,
    row: &Row,
    value: V::SelfType<'_>,
) -> Result<(), redb::Error> {
    if let Some(before) = row.replaces.filter(|before| *before != row.until) {
        table.remove((before, row.name))?;
    }
    table.insert((row.until, row.name), value)?;
    Ok(())
}
