//! Files in the form of Apache's `htdigest`.

use core::fmt;
use core::future::{Future, ready};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use auth_syntax::DigestAlgorithm;
use zeroize::Zeroizing;

use super::error::DigestUsersError;
use super::table::Table;
use super::{DigestLookup, DigestUserEntry, DigestUsers, terms};
use crate::refusal::Cause;
use crate::verify::Account;
use crate::verify::digest::hash::DigestHash;

/// Octets of the largest file: more than half a million users.
const MAX_FILE: u64 = 64 << 20;

/// Users in a file, which is read at the start and whenever it is told to.
///
/// ```no_run
/// use std::sync::Arc;
/// use auth_core::digest::Htdigest;
/// #[derive(Clone)]
/// struct User { name: String }
///
/// let users = Arc::new(Htdigest::open("/etc/example/users", |name: &str, _realm: &str| User {
///     name: name.to_owned(),
/// })?);
/// // the verifier takes a clone of the `Arc`; later, when somebody has changed the file:
/// match users.reload() {
///     Ok(hashes) => println!("{hashes} hashes were read"),
///     Err(error) => eprintln!("the users are those from before: {error}"),
/// }
/// # Ok::<(), auth_core::digest::DigestUsersError>(())
/// ```
///
/// # Form
/// UTF-8, one entry on each line: `user:realm:hash`. Blank lines and lines that begin with `#` are left out, and white space
/// around a line does not count. The hash is that of `user:realm:password`:
///
/// | hash | algorithm |
/// | --- | --- |
/// | 32 hexadecimal digits | MD5, as Apache's `htdigest` writes it |
/// | 64 hexadecimal digits | SHA-256 |
/// | `{SHA-512-256}` and 64 hexadecimal digits | SHA-512-256 |
/// | `{SHA-256}` or `{MD5}` and their digits | as it says |
///
/// [`htdigest_line`] makes such lines. One file may hold several realms, and several algorithms for one user, a line for
/// each. A line that cannot be read refuses the whole file, and the error tells its number; so does a user who occurs twice
/// for one realm and algorithm. A file has at most 64 MiB.
///
/// # Change
/// Write the new file beside the old one, and rename it: then it is never seen half written. A file that was cut at the end
/// of a line is whole to look at, and lacks users.
///
/// # Security
/// Whoever reads a hash can log in with it, in its realm (RFC 7616 §5.2): the file is to be kept as passwords are. A user is
/// found by name, compared in Unicode normalisation form C (§4), and by hashed name (§3.4.4).
pub struct Htdigest<U> {
    path: PathBuf,
    account: Box<Accounts<U>>,
    users: RwLock<Arc<Table<U>>>,
    /// Held from before the file is read until its users are there: of two readers the later one sees the later file.
    reloading: Mutex<()>,
}

/// Whom a user of a realm admits.
type Accounts<U> = dyn Fn(&str, &str) -> Account<U> + Send + Sync;

impl<U> Htdigest<U> {
    /// Reads a file; `account` says whom a user of a realm admits, and is asked for each line. This blocks while the file is
    /// read.
    ///
    /// # Errors
    /// [`DigestUsersError::File`] with what is wrong: the file cannot be read, holds no users, or has a wrong line.
    pub fn open<A: Into<Account<U>>>(
        path: impl Into<PathBuf>,
        account: impl Fn(&str, &str) -> A + Send + Sync + 'static,
    ) -> Result<Self, DigestUsersError> {
        let path = path.into();
        let account = Box::new(move |name: &str, realm: &str| account(name, realm).into());
        let users = read(&path, &account)?;
        not_empty(&users, &path)?;
        Ok(Self {
            path,
            account,
            users: RwLock::new(Arc::new(users)),
            reloading: Mutex::default(),
        })
    }

    /// Reads the file again, and takes all its users at once: who is not there any more is refused from now on. Returns how
    /// many hashes there are: a user may have several. This blocks while the file is read.
    ///
    /// # Errors
    /// As for [`open`](Self::open). Then the users stay as they were, also those who were to be removed: where nobody is to
    /// be left, take [`reload_even_if_empty`](Self::reload_even_if_empty).
    pub fn reload(&self) -> Result<usize, DigestUsersError> {
        self.reload_if(not_empty)
    }

    /// As [`reload`](Self::reload), and a file without users refuses everybody from now on. An empty file is mostly one that
    /// somebody is about to write.
    ///
    /// # Errors
    /// As for [`reload`](Self::reload), save for no users.
    pub fn reload_even_if_empty(&self) -> Result<usize, DigestUsersError> {
        self.reload_if(|_, _| Ok(()))
    }

    fn reload_if(
        &self,
        fits: impl FnOnce(&Table<U>, &Path) -> Result<(), DigestUsersError>,
    ) -> Result<usize, DigestUsersError> {
        // Nothing is left half done under either lock, so a poisoned one guards nothing less.
        let _one_at_a_time = self
            .reloading
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let users = Arc::new(read(&self.path, &self.account)?);
        fits(&users, &self.path)?;
        let hashes = users.len();
        let mut current = self.users.write().unwrap_or_else(PoisonError::into_inner);
        let former = core::mem::replace(&mut *current, users);
        // The lock is not held while the former users are dropped.
        drop(current);
        drop(former);
        Ok(hashes)
    }

    fn users(&self) -> Arc<Table<U>> {
        Arc::clone(&self.users.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<U: Clone + Send + Sync + 'static> DigestUsers for Htdigest<U> {
    type Identity = U;

    fn find<'r>(
        &'r self,
        wanted: DigestLookup<'r>,
    ) -> impl Future<Output = Result<Option<DigestUserEntry<U>>, Cause>> + Send + 'r {
        ready(Ok(self.users().find(&wanted)))
    }

    fn has_users(&self, realm: &str, algorithm: DigestAlgorithm) -> bool {
        self.users().has(realm, algorithm)
    }

    fn kinds(&self) -> Vec<(String, DigestAlgorithm)> {
        self.users().kinds()
    }
}

/// Prints the path and how many hashes there are, and none of them.
impl<U> fmt::Debug for Htdigest<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Htdigest")
            .field("path", &self.path)
            .field("hashes", &self.users().len())
            .finish_non_exhaustive()
    }
}

/// A line for an [`Htdigest`] file, without a line feed. It is as secret as the password.
///
/// ```
/// use auth_core::DigestAlgorithm;
/// use auth_core::digest::htdigest_line;
///
/// let line = htdigest_line(DigestAlgorithm::Sha256, "Mufasa", "http-auth@example.org", "Circle of Life")?;
/// assert_eq!(
///     line,
///     "Mufasa:http-auth@example.org:7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232",
/// );
/// # Ok::<(), auth_core::digest::DigestUsersError>(())
/// ```
///
/// # Errors
/// What [`DigestHash::new`] refuses, and [`DigestUsersError::NotInAFile`].
pub fn htdigest_line(
    algorithm: DigestAlgorithm,
    user: &str,
    realm: &str,
    password: &str,
) -> Result<String, DigestUsersError> {
    let user = terms::user_name(user)?;
    let hash = DigestHash::new(algorithm, &user, realm, password)?;
    if realm.contains(':') || user.starts_with(|c: char| c == '#' || c.is_whitespace() || c == BOM)
    {
        return Err(DigestUsersError::NotInAFile);
    }
    let name = match hash.algorithm() {
        DigestAlgorithm::Md5 | DigestAlgorithm::Sha256 => "",
        // As long as SHA-256.
        _ => "{SHA-512-256}",
    };
    let digits = hash.expose_hex();
    Ok(format!("{}:{realm}:{name}{}", *user, digits.expose()))
}

/// Adds the users of a text.
pub(super) fn read_into<U>(
    users: &mut Table<U>,
    text: &str,
    mut account: impl FnMut(&str, &str) -> Account<U>,
) -> Result<(), DigestUsersError> {
    for (line, entry) in entries(text) {
        entry
            .and_then(|(name, realm, hash)| users.insert(name, realm, hash, account(name, realm)))
            .map_err(|problem| problem.in_line(line))?;
    }
    Ok(())
}

fn read<U>(
    path: &Path,
    account: &dyn Fn(&str, &str) -> Account<U>,
) -> Result<Table<U>, DigestUsersError> {
    let mut users = Table::new();
    octets(path)
        .and_then(|octets| read_into(&mut users, utf8(&octets)?, account))
        .map_err(|problem| in_file(path, problem))?;
    Ok(users)
}

fn not_empty<U>(users: &Table<U>, path: &Path) -> Result<(), DigestUsersError> {
    if users.len() == 0 {
        return Err(in_file(path, DigestUsersError::NoUsers));
    }
    Ok(())
}

fn in_file(path: &Path, problem: DigestUsersError) -> DigestUsersError {
    DigestUsersError::File {
        path: path.to_owned(),
        problem: Box::new(problem),
    }
}

/// The file, in memory that is cleared and, as long as nobody writes to the file, never moved.
fn octets(path: &Path) -> Result<Zeroizing<Vec<u8>>, DigestUsersError> {
    let file = File::open(path).map_err(DigestUsersError::Unreadable)?;
    let len = file.metadata().map_or(0, |file| file.len()).min(MAX_FILE);
    // One more, in which the end shows.
    let capacity = usize::try_from(len).unwrap_or_default() + 1;
    let mut octets = Zeroizing::new(Vec::with_capacity(capacity));
    file.take(MAX_FILE + 1)
        .read_to_end(&mut octets)
        .map_err(DigestUsersError::Unreadable)?;
    if octets.len() as u64 > MAX_FILE {
        return Err(DigestUsersError::TooLarge);
    }
    Ok(octets)
}

fn utf8(octets: &[u8]) -> Result<&str, DigestUsersError> {
    str::from_utf8(octets).map_err(|error| {
        let good = octets.get(..error.valid_up_to()).unwrap_or_default();
        let line = good.split(|octet| *octet == b'\n').count();
        DigestUsersError::NotUtf8.in_line(line)
    })
}

const BOM: char = '\u{feff}';

/// User, realm and hash.
type Entry<'t> = (&'t str, &'t str, DigestHash);

/// The entries of the text, each with the number of its line.
fn entries(text: &str) -> impl Iterator<Item = (usize, Result<Entry<'_>, DigestUsersError>)> {
    text.strip_prefix(BOM)
        .unwrap_or(text)
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(number, line)| (number, entry(line)))
}

fn entry(line: &str) -> Result<Entry<'_>, DigestUsersError> {
    let mut fields = line.split(':');
    match (fields.next(), fields.next(), fields.next(), fields.next()) {
        (Some(user), Some(realm), Some(digits), None) => Ok((user, realm, hash(digits)?)),
        _ => Err(DigestUsersError::NotAnEntry {
            fields: line.split(':').count(),
        }),
    }
}

fn hash(text: &str) -> Result<DigestHash, DigestUsersError> {
    let (algorithm, digits) = match text.strip_prefix('{') {
        Some(named) => {
            let (name, digits) = named
                .split_once('}')
                .ok_or(DigestUsersError::UnknownAlgorithm)?;
            let algorithm = DigestAlgorithm::parse(name).filter(|known| !known.is_session());
            (algorithm.ok_or(DigestUsersError::UnknownAlgorithm)?, digits)
        }
        None => match text.len() {
            32 => (DigestAlgorithm::Md5, text),
            64 => (DigestAlgorithm::Sha256, text),
            _ => return Err(DigestUsersError::UnknownHash),
        },
    };
    DigestHash::from_hex(algorithm, digits)
}
