//! One program that serves all frameworks: see `tests/`.
