//! What can be wrong with a store, and what to do about it.

use core::fmt;
use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

/// Why a store of revocations cannot be opened, or does not take a revocation. It names nobody.
#[non_exhaustive]
pub enum RevocationsError {
    /// There is no file of this name. It is not made by itself: behind a wrong path, or a volume that is not mounted, an
    /// empty store would forget everything.
    Missing(PathBuf),
    /// [`Revocations::create`](super::Revocations::create) found a file of this name.
    Exists(PathBuf),
    /// The file is open already, here or in another process. A store belongs to one process.
    InUse(PathBuf),
    /// The file is something else, or of another version.
    NotAStore(PathBuf),
    /// The file is damaged, and nothing of it is used.
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What was found, for the log.
        found: String,
    },
    /// The system does not open or make the file.
    NotOpened(PathBuf, io::Error),
    /// Another store is in the place of the one that was opened.
    Replaced(PathBuf),
    /// Reading or writing failed; the source says how.
    Io(io::Error),
    /// The system failed to sync the file once, and what it holds since then is in doubt: it is not written any more.
    SyncFailed(PathBuf),
    /// The store has as many entries as it may have ([`with_max_entries`](super::RevocationsBuilder::with_max_entries)),
    /// and none that has ended.
    Full {
        /// The most entries.
        max_entries: usize,
    },
    /// What is to be revoked cannot be meant: says what is wrong with it. Nothing of its batch was taken.
    Implausible(&'static str),
    /// The token has no `jti` by which it could be revoked alone.
    Unnamed,
    /// The system gave no random octets for the secret of a new store.
    NoRandomness,
}

impl fmt::Display for RevocationsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(
                f,
                "there is no store of revocations at {}: is this the right path, is the volume there? \
                 `Revocations::create` makes a new one",
                path.display()
            ),
            Self::Exists(path) => write!(
                f,
                "there is a file at {} already: `Revocations::open` opens a store",
                path.display()
            ),
            Self::InUse(path) => write!(
                f,
                "the store of revocations at {} is open already: one process at a time, and one `Revocations` in it, \
                 which can be cloned",
                path.display()
            ),
            Self::NotAStore(path) => write!(
                f,
                "{} is no store of revocations, or one of another version",
                path.display()
            ),
            Self::Damaged { path, found } => write!(
                f,
                "the store of revocations at {} is damaged ({found}): bring it back from a backup, or move it away and \
                 make a new one, which knows of no revocation",
                path.display()
            ),
            Self::NotOpened(path, error) => write!(
                f,
                "the store of revocations at {} cannot be opened or made: {error}",
                path.display()
            ),
            Self::Replaced(path) => write!(
                f,
                "the file at {} is not the store that was opened there: put it back, or restart",
                path.display()
            ),
            Self::Io(_) => f.write_str(
                "the file of the store of revocations could not be read or written: is there room, and may this process \
                 write there? What was to be revoked is so in this process only, until the next call that can write",
            ),
            Self::SyncFailed(path) => write!(
                f,
                "the system failed to write {} to the disk, so that nobody knows what it holds: look after the disk, \
                 then restart; until then revocations hold in this process only",
                path.display()
            ),
            Self::Full { max_entries } => write!(
                f,
                "the store of revocations is full: {max_entries} entries whose tokens have not expired; \
                 `with_max_entries` allows more"
            ),
            Self::Implausible(what) => write!(f, "this cannot be revoked: {what}"),
            Self::Unnamed => f.write_str(
                "the token has no `jti`, so it cannot be revoked alone: revoke those of its subject with `revoke_subject`",
            ),
            Self::NoRandomness => f.write_str("the system gave no random octets for the store"),
        }
    }
}

impl Error for RevocationsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

crate::readable::debug_like_display!(RevocationsError);

impl From<io::Error> for RevocationsError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl RevocationsError {
    /// What the database says, of the file at this path.
    pub(super) fn of(path: &Path, error: impl Into<redb::Error>) -> Self {
        let path = path.to_owned();
        match error.into() {
            redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => {
                Self::InUse(path)
            }
            redb::Error::Io(error) => match error.kind() {
                // It does not begin as a database does.
                io::ErrorKind::InvalidData => Self::NotAStore(path),
                io::ErrorKind::UnexpectedEof => Self::Damaged {
                    path,
                    found: "it ends too early".to_owned(),
                },
                _ => Self::Io(error),
            },
            redb::Error::UpgradeRequired(_)
            | redb::Error::TableDoesNotExist(_)
            | redb::Error::TableTypeMismatch { .. }
            | redb::Error::TableIsMultimap(_)
            | redb::Error::TypeDefinitionChanged { .. } => Self::NotAStore(path),
            other => Self::Damaged {
                path,
                found: other.to_string(),
            },
        }
    }
}
