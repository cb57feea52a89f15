//! How much is hashed: what shows that unknown, disabled and wrong users cost the same (DD18).

use core::cell::RefCell;

use auth_syntax::DigestAlgorithm;

/// One run of a hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify::digest) struct Run {
    pub(in crate::verify::digest) algorithm: DigestAlgorithm,
    /// How often its compression function ran, by which the time goes.
    pub(in crate::verify::digest) blocks: usize,
}

// By thread: tests run side by side.
thread_local! {
    static RUNS: RefCell<Vec<Run>> = const { RefCell::new(Vec::new()) };
}

/// What `act` returns, and all that it hashed on this thread, in order.
pub(in crate::verify::digest) fn of<T>(act: impl FnOnce() -> T) -> (T, Vec<Run>) {
    RUNS.take();
    let returned = act();
    (returned, RUNS.take())
}

pub(super) fn count(algorithm: DigestAlgorithm, parts: &[&[u8]]) {
    let algorithm = algorithm.base();
    let colons = parts.len().saturating_sub(1);
    let octets = colons + parts.iter().map(|part| part.len()).sum::<usize>();
    // FIPS 180-4 §5.1, RFC 1321 §3.1: one octet for the bit behind the message, and its length.
    let blocks = match algorithm {
        DigestAlgorithm::Sha512_256 => (octets + 1 + 16).div_ceil(128),
        _ => (octets + 1 + 8).div_ceil(64),
    };
    RUNS.with_borrow_mut(|runs| runs.push(Run { algorithm, blocks }));
}
