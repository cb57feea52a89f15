//! Nonces that need no memory until they are used (RFC 7616 §3.3).
