//! User names and passwords as they are compared: in Unicode normalisation form C (RFC 7617 §2.1,
//! RFC 7616 §4).

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use zeroize::Zeroizing;

/// Octets of the longest user name and of the longest password, after normalisation.
pub(super) const MAX_LEN: usize = 1024;

/// The text in normalisation form C; `None` if it is longer than [`MAX_LEN`] octets then.
///
/// Memory stays bounded, and is never moved while it grows, so that no copy of a password is left
/// behind.
pub(super) fn normal(text: &str) -> Option<Zeroizing<String>> {
    let mut normal = Zeroizing::new(String::with_capacity(
        MAX_LEN.min(text.len().saturating_mul(3)),
    ));
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        if text.len() > MAX_LEN {
            return None;
        }
        normal.push_str(text);
        return Some(normal);
    }
    for character in text.nfc() {
        if normal.len() + character.len_utf8() > MAX_LEN {
            return None;
        }
        normal.push(character);
    }
    Some(normal)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn composed_and_decomposed_are_one_b7() {
        assert_eq!(*normal("cafe\u{301}").unwrap(), "caf\u{e9}");
        assert_eq!(*normal("caf\u{e9}").unwrap(), "caf\u{e9}");
        // form C, not KC: a ligature is not taken apart
        assert_eq!(*normal("\u{fb01}").unwrap(), "\u{fb01}");
    }

    #[test]
    fn the_length_counts_after_normalisation() {
        assert!(normal(&"x".repeat(1024)).is_some());
        assert!(normal(&"x".repeat(1025)).is_none());
        // 3 octets become 2, or 3 become 6
        assert!(normal(&"e\u{301}".repeat(512)).is_some());
        assert!(normal(&"e\u{301}".repeat(513)).is_none());
        assert!(normal(&"\u{958}".repeat(170)).is_some());
        assert!(normal(&"\u{958}".repeat(171)).is_none());
    }
}
