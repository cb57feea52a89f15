//! Which counts were used with a nonce (RFC 7616 §3.4, `nc`).
