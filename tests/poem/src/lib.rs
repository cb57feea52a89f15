//! Behaviour of guarded handlers on poem: see `tests/`.
