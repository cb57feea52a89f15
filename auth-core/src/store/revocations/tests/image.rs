//! A disk in memory: it records what is done to it, fails when told so, and shows what a power failure would leave.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use redb::StorageBackend;

use crate::clock::Clock;
use crate::store::revocations::disk::{MustBe, OpenFile};
use crate::store::{Revocations, RevocationsBuilder, RevocationsError};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Write(u64, Vec<u8>),
    SetLen(u64),
    Sync,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Image(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    octets: Vec<u8>,
    log: Vec<Op>,
    fails: Option<Fails>,
    /// Held by somebody while a sync is to take its time.
    slow: Option<Arc<Mutex<()>>>,
    syncs_begun: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fails {
    /// The disk is full from the nth write on.
    Write(usize),
    /// From the nth sync on.
    Sync(usize),
}

impl Image {
    pub(super) fn of(octets: Vec<u8>) -> Self {
        let image = Self::default();
        image.put(octets);
        image
    }

    /// Puts another file into its place.
    pub(super) fn put(&self, octets: Vec<u8>) {
        self.state().octets = octets;
    }

    pub(super) fn octets(&self) -> Vec<u8> {
        self.state().octets.clone()
    }

    pub(super) fn log(&self) -> Vec<Op> {
        self.state().log.clone()
    }

    pub(super) fn fail(&self, fails: impl Into<Option<Fails>>) {
        self.state().fails = fails.into();
    }

    /// Until the guard of this lock is dropped, syncs do not end.
    pub(super) fn slow_down(&self, lock: &Arc<Mutex<()>>) {
        self.state().slow = Some(Arc::clone(lock));
    }

    pub(super) fn syncs_begun(&self) -> usize {
        self.state().syncs_begun
    }

    pub(super) fn create(&self, clock: &Clock) -> Revocations {
        self.create_with(Revocations::builder().with_clock(clock.clone()))
    }

    pub(super) fn create_with(&self, builder: RevocationsBuilder) -> Revocations {
        builder
            .create_at(Path::new("image"), self.opener())
            .unwrap()
    }

    pub(super) fn open(&self, clock: &Clock) -> Result<Revocations, RevocationsError> {
        let builder = Revocations::builder().with_clock(clock.clone());
        builder.open_at(Path::new("image"), self.opener())
    }

    fn opener(&self) -> OpenFile {
        let image = self.clone();
        Box::new(move |must_be| {
            assert_eq!(must_be == MustBe::New, image.state().octets.is_empty());
            Ok(Box::new(image.clone()) as Box<dyn StorageBackend>)
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

/// Does what was done to an image to another one.
pub(super) fn replay<'a>(octets: &mut Vec<u8>, log: impl IntoIterator<Item = &'a Op>) {
    for op in log {
        match op {
            Op::Write(offset, data) => {
                let offset = usize::try_from(*offset).unwrap();
                octets.resize(octets.len().max(offset + data.len()), 0);
                octets[offset..offset + data.len()].copy_from_slice(data);
            }
            Op::SetLen(len) => octets.resize(usize::try_from(*len).unwrap(), 0),
            Op::Sync => {}
        }
    }
}

impl State {
    fn act(&mut self, op: Op) -> io::Result<()> {
        let fails = match (&mut self.fails, &op) {
            (Some(Fails::Write(left)), Op::Write(..) | Op::SetLen(_))
            | (Some(Fails::Sync(left)), Op::Sync) => {
                let fails = *left == 0;
                *left = left.saturating_sub(1);
                fails
            }
            _ => false,
        };
        if fails {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        replay(&mut self.octets, [&op]);
        self.log.push(op);
        Ok(())
    }
}

impl StorageBackend for Image {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().octets.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let offset = usize::try_from(offset).unwrap();
        let state = self.state();
        let found = state.octets.get(offset..offset + out.len());
        out.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.state().act(Op::SetLen(len))
    }

    fn sync_data(&self) -> io::Result<()> {
        let slow = {
            let mut state = self.state();
            state.syncs_begun += 1;
            state.slow.clone()
        };
        if let Some(slow) = slow {
            drop(slow.lock().unwrap());
        }
        self.state().act(Op::Sync)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.state().act(Op::Write(offset, data.to_vec()))
    }
}
