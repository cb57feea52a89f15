//! The file in the file system.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use redb::StorageBackend;
use redb::backends::FileBackend;

use super::RevocationsError;
use super::disk::{MustBe, OpenFile};

/// Opens the file at this path, each time anew.
pub(super) fn at(path: &Path) -> OpenFile {
    let path = path.to_owned();
    Box::new(move |must_be| {
        let file = match must_be {
            MustBe::New => create(&path)?,
            MustBe::There => open(&path)?,
        };
        let file = FileBackend::new(file).map_err(|error| RevocationsError::of(&path, error))?;
        Ok(Box::new(file) as Box<dyn StorageBackend>)
    })
}

fn create(path: &Path) -> Result<File, RevocationsError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => RevocationsError::Exists(path.to_owned()),
        _ => RevocationsError::NotOpened(path.to_owned(), error),
    })?;
    sync_directory(path)?;
    Ok(file)
}

fn open(path: &Path) -> Result<File, RevocationsError> {
    let file = OpenOptions::new().read(true).write(true).open(path);
    let file = file.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => RevocationsError::Missing(path.to_owned()),
        _ => RevocationsError::NotOpened(path.to_owned(), error),
    })?;
    // The database would make an empty store of it.
    if file.metadata()?.len() == 0 {
        return Err(RevocationsError::Damaged {
            path: path.to_owned(),
            found: "it is empty".to_owned(),
        });
    }
    Ok(file)
}

/// A new file is there after a power failure only if its directory was written as well.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
