//! Values that must not be printed, logged or compared with `==`.

use core::fmt;

use zeroize::Zeroize;

/// Holds a secret: `Debug` prints `[redacted]`, there is no `Display` and no `==`, and the memory is
/// cleared on drop.
///
/// ```
/// use auth_core::Secret;
/// let key = Secret::new(String::from("k-123"));
/// assert_eq!(format!("{key:?}"), "Secret([redacted])");
/// assert_eq!(key.expose(), "k-123");
/// ```
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Wraps a secret.
    pub fn new(secret: T) -> Self {
        Self(secret)
    }

    /// The secret itself; the name is meant to be seen in a review.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}
