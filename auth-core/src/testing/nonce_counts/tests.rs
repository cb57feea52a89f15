//! Stores that keep the contract, and stores that break it in one way each.
#![allow(clippy::unwrap_used, reason = "what a test takes for granted fails it")]

use core::sync::atomic::{AtomicU32, Ordering};
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::thread::ThreadId;
use std::time::Instant;

use super::*;
use crate::digest::MemoryNonceCounts;
use crate::verify::StoreDown;

// D-9, D-10, D-11
#[test]
fn d10_our_own_store_keeps_the_contract() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    nonce_counts_contract(MemoryNonceCounts::default, |future| {
        runtime.block_on(future);
    });
}

/// What a store does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// Every count is fresh.
    Forgetful,
    /// Every count is used.
    Strict,
    /// Only rising counts are fresh.
    RisingOnly,
    /// One set of counts for all nonces.
    OneForAll,
    /// Goes by the random octets.
    TimeLeftOut,
    /// Goes by the time.
    RandomnessLeftOut,
    /// Removes what has half a lifetime left.
    Hasty,
    /// Keeps what is left of the nonce, by a clock of its own.
    EndsByItsClock,
    /// Removes what has expired for the one who asks.
    EndsByThatOfOthers,
    /// Another request may come between the look and the note.
    LooksFirst,
    /// Keeps the cnonce of the last.
    LastCnonce,
    /// Has one cnonce for all.
    OneCnonce,
    Down,
    /// Answers one thread only.
    DownElsewhere,
}

type Key = ([u8; NonceId::LEN], u32);

/// As a server of the Redis kind does it.
struct Plain {
    fault: Fault,
    seen: Mutex<HashSet<Key>>,
    cnonces: Mutex<HashMap<NonceId, String>>,
    /// When each ends, by the clock of this store and by that of the instances.
    ends: Mutex<HashMap<Key, (Instant, u64)>>,
    /// How many have looked so far.
    looking: AtomicU32,
    thread: ThreadId,
}

impl Plain {
    fn new(fault: Fault) -> Self {
        Self {
            fault,
            seen: Mutex::default(),
            cnonces: Mutex::default(),
            ends: Mutex::default(),
            looking: AtomicU32::new(0),
            thread: thread::current().id(),
        }
    }

    fn key(&self, nonce: NonceId) -> [u8; NonceId::LEN] {
        let mut key = nonce.to_octets();
        match self.fault {
            Fault::OneForAll => key.fill(0),
            Fault::TimeLeftOut => key[..8].fill(0),
            Fault::RandomnessLeftOut => key[8..].fill(0),
            _ => {}
        }
        key
    }
}

impl NonceCounts for Plain {
    async fn record<'s>(&'s self, used: NonceUse<'s>) -> Result<CountAnswer, StoreDown> {
        let key = (self.key(used.nonce()), used.count());
        if let Some(cnonce) = used.cnonce() {
            let mut cnonces = self.cnonces.lock().unwrap();
            if self.fault == Fault::LastCnonce {
                cnonces.insert(used.nonce(), cnonce.to_owned());
            } else {
                cnonces.entry(used.nonce()).or_insert(cnonce.to_owned());
            }
        }
        let left = used.expires_at_ms().saturating_sub(used.now_ms());
        let is_new = match self.fault {
            Fault::Forgetful => true,
            Fault::Strict => false,
            Fault::Down => return Err(StoreDown::new("it is down")),
            Fault::DownElsewhere if thread::current().id() != self.thread => {
                return Err(StoreDown::new("it is down"));
            }
            Fault::Hasty if left <= LIFETIME_MS / 2 => true,
            Fault::LooksFirst => {
                let is_new = !self.seen.lock().unwrap().contains(&key);
                // Until another one looks as well, if there is one.
                let looking = self.looking.fetch_add(1, Ordering::SeqCst);
                for _ in 0..1000 {
                    if self.looking.load(Ordering::SeqCst) != looking + 1 {
                        break;
                    }
                    thread::yield_now();
                }
                self.seen.lock().unwrap().insert(key);
                is_new
            }
            Fault::EndsByItsClock | Fault::EndsByThatOfOthers => {
                let now = Instant::now();
                let mut ends = self.ends.lock().unwrap();
                ends.retain(|_, (here, there)| match self.fault {
                    Fault::EndsByItsClock => *here > now,
                    _ => *there > used.now_ms(),
                });
                let end = (now + Duration::from_millis(left), used.expires_at_ms());
                ends.insert(key, end).is_none()
            }
            Fault::RisingOnly => {
                let mut seen = self.seen.lock().unwrap();
                seen.iter()
                    .all(|(nonce, count)| *nonce != key.0 || *count < key.1)
                    && seen.insert(key)
            }
            _ => self.seen.lock().unwrap().insert(key),
        };
        Ok(if is_new {
            CountAnswer::Fresh
        } else {
            CountAnswer::Used
        })
    }

    async fn first_cnonce(&self, nonce: NonceId) -> Result<Option<String>, StoreDown> {
        let cnonces = self.cnonces.lock().unwrap();
        Ok(match self.fault {
            Fault::OneCnonce => cnonces.values().next().cloned(),
            _ => cnonces.get(&nonce).cloned(),
        })
    }
}

fn keeps_the_contract(fault: Fault) -> bool {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let contract =
        || nonce_counts_contract(|| Plain::new(fault), |future| runtime.block_on(future));
    catch_unwind(AssertUnwindSafe(contract)).is_ok()
}

#[test]
fn a_store_with_one_set_keeps_the_contract() {
    assert!(keeps_the_contract(Fault::None));
}

#[test]
fn the_contract_finds_each_fault() {
    for fault in [
        Fault::Forgetful,
        Fault::Strict,
        Fault::RisingOnly,
        Fault::OneForAll,
        Fault::TimeLeftOut,
        Fault::RandomnessLeftOut,
        Fault::Hasty,
        Fault::EndsByItsClock,
        Fault::EndsByThatOfOthers,
        Fault::LooksFirst,
        Fault::LastCnonce,
        Fault::OneCnonce,
        Fault::Down,
        Fault::DownElsewhere,
    ] {
        assert!(!keeps_the_contract(fault), "{fault:?}");
    }
}
