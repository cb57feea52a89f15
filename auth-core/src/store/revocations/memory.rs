//! All that is revoked, and which of it is not on the disk yet.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::disk::Row;
use super::index::{Facts, IssuedUpTo, Name, Until};

pub(super) struct Memory {
    pub(super) tokens: Facts<Until>,
    pub(super) rules: Facts<IssuedUpTo>,
    /// What must still be written. Whoever adds facts holds this lock; readers of facts never do.
    unwritten: Mutex<HashMap<Name, Unwritten>>,
}

/// Only that there is something to write: what, is said by the facts in the moment in which it is written, so that of two
/// calls about one name none writes less than the other.
#[derive(Clone, Copy)]
struct Unwritten {
    is_rule: bool,
    /// When the row of this name in the file ends.
    in_file: Option<u64>,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            tokens: Facts::new(),
            rules: Facts::new(),
            unwritten: Mutex::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len() + self.rules.len()
    }

    /// Keeps what stands in the file. Returns when the fact that was known of this name before ends.
    pub(super) fn keep(&self, row: &Row) -> Option<u64> {
        let until = row.until;
        match row.issued_up_to {
            None => self.tokens.insert(row.name(), Until(until)),
            Some(second) => self.rules.insert(row.name(), IssuedUpTo { second, until }),
        }
    }

    /// Keeps rows that are to be written: all of them, or none if there would be more entries than this.
    #[must_use]
    pub(super) fn add(&self, rows: &[Row], max_entries: usize) -> bool {
        let mut unwritten = self.unwritten();
        if !self.has_room(rows, max_entries) {
            return false;
        }
        for row in rows {
            let in_file = self.keep(row);
            // What was unwritten before is not in the file, but perhaps what was there before it.
            unwritten.entry(row.name()).or_insert(Unwritten {
                is_rule: row.issued_up_to.is_some(),
                in_file,
            });
        }
        true
    }

    fn has_room(&self, rows: &[Row], max_entries: usize) -> bool {
        let room = max_entries.saturating_sub(self.len());
        if rows.len() <= room {
            return true;
        }
        let unknown = rows.iter().filter(|row| match row.issued_up_to {
            None => self.tokens.get(row.name()).is_none(),
            Some(_) => self.rules.get(row.name()).is_none(),
        });
        unknown.map(|row| row.name).collect::<HashSet<_>>().len() <= room
    }

    pub(super) fn is_written(&self) -> bool {
        self.unwritten().is_empty()
    }

    /// What must be written now. To be called by one at a time.
    pub(super) fn take_unwritten(&self) -> Taken<'_> {
        let mut unwritten = self.unwritten();
        let names = core::mem::take(&mut *unwritten).into_iter();
        let rows = names.filter_map(|(name, of)| self.row(name, of));
        Taken {
            rows: rows.collect(),
            memory: self,
        }
    }

    /// `None` if it was forgotten.
    fn row(&self, name: Name, of: Unwritten) -> Option<Row> {
        let (until, issued_up_to) = if of.is_rule {
            let rule = self.rules.get(name)?;
            (rule.until, Some(rule.second))
        } else {
            (self.tokens.get(name)?.0, None)
        };
        Some(Row {
            until,
            name: name.to_u128(),
            issued_up_to,
            replaces: of.in_file,
        })
    }

    /// Forgets what is known of a name, if it has ended.
    pub(super) fn forget(&self, row: &Row, now: u64) {
        match row.issued_up_to {
            None => self.tokens.forget(row.name(), now),
            Some(_) => self.rules.forget(row.name(), now),
        }
    }

    /// Forgets all that has ended. Looks at everything.
    pub(super) fn forget_ended(&self, now: u64) {
        self.tokens.forget_ended(now);
        self.rules.forget_ended(now);
    }

    fn unwritten(&self) -> MutexGuard<'_, HashMap<Name, Unwritten>> {
        self.unwritten
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Rows that are being written. Unless they are said to be written, they remain to be written.
pub(super) struct Taken<'a> {
    rows: Vec<Row>,
    memory: &'a Memory,
}

impl Taken<'_> {
    pub(super) fn rows(&mut self) -> &[Row] {
        // As in the file, where neighbours are written for less.
        self.rows.sort_unstable();
        &self.rows
    }

    pub(super) fn written(mut self) {
        self.rows.clear();
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if self.rows.is_empty() {
            return;
        }
        let mut unwritten = self.memory.unwritten();
        for row in &self.rows {
            let again = Unwritten {
                is_rule: row.issued_up_to.is_some(),
                in_file: row.replaces,
            };
            // In place of what was added meanwhile, which takes this row for written.
            unwritten.insert(row.name(), again);
        }
    }
}
