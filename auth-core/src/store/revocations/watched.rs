//! The file below the database, and whether it could always be synced.

use core::ops::Bound;
use core::sync::atomic::{AtomicBool, Ordering};
use std::io;
use std::sync::Arc;

use redb::{BackendError, StorageBackend};

/// After a sync has failed, the system may call pages written that never reached the disk: whoever reads the file again
/// sees them, syncs what he adds, and believes that all of it is there.
#[derive(Debug)]
pub(super) struct Watched {
    file: Box<dyn StorageBackend>,
    sync_failed: Arc<AtomicBool>,
}

impl Watched {
    pub(super) fn new(file: Box<dyn StorageBackend>, sync_failed: &Arc<AtomicBool>) -> Self {
        Self {
            file,
            sync_failed: Arc::clone(sync_failed),
        }
    }
}

type Start = Bound<u64>;
type End = Bound<u64>;

impl StorageBackend for Watched {
    fn sync_data(&self) -> io::Result<()> {
        let synced = self.file.sync_data();
        if synced.is_err() {
            self.sync_failed.store(true, Ordering::SeqCst);
        }
        synced
    }

    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Start, end: End) -> Result<bool, BackendError> {
        self.file.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Start, end: End) -> Result<bool, BackendError> {
        self.file.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Start, end: End) -> Result<(), BackendError> {
        self.file.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Start, end: End) -> Result<(), BackendError> {
        self.file.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Start, end: End) -> Result<(), BackendError> {
        self.file.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Start, end: End) -> Result<bool, BackendError> {
        self.file.query_lock_range(start, end)
    }
}
