//! What client and server compute alike (RFC 7616 §3.4).
