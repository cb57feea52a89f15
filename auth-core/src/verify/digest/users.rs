//! Who knows the users.
