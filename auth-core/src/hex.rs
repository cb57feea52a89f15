//! Hexadecimal digits, of either case.

/// The octet that two digits write; `None` if they are none.
///
/// The standard library's way has no branch for each kind of digit, of which a processor would guess half wrong.
pub(crate) fn octet(digits: [u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? << 4 | low?).ok()
}

#[cfg(test)]
mod tests {
    use super::octet;

    #[test]
    fn two_digits_are_an_octet() {
        for value in 0..=u8::MAX {
            for text in [format!("{value:02x}"), format!("{value:02X}")] {
                let digits = text.as_bytes().first_chunk().copied();
                assert_eq!(digits.and_then(octet), Some(value), "{text}");
            }
        }
        for wrong in [
            b"g0", b"0g", b"+1", b" 1", b"0x", b"@0", b"/0", b":0", b"\xff0",
        ] {
            assert_eq!(octet(*wrong), None, "{wrong:?}");
        }
    }
}
