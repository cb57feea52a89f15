//! A second way to read a user's name.

use crate::hex;

/// The name behind `J%C3%A4s%C3%B8n`: so curl 8.21 and later write every octet of a name that is no printable ASCII, while
/// they compute the digest over the name itself. `None` for what they would not have written so.
///
/// Whoever is really called like this is found first.
pub(super) fn decoded(name: &str) -> Option<String> {
    if !name.is_ascii() || !name.contains('%') {
        return None;
    }
    let mut octets = Vec::with_capacity(name.len());
    let mut coded = false;
    let mut rest = name.as_bytes();
    loop {
        rest = match rest {
            [] => break,
            [b'%', high, low, rest @ ..] => {
                let octet = hex::octet([*high, *low])?;
                coded |= !octet.is_ascii();
                octets.push(octet);
                rest
            }
            [octet, rest @ ..] => {
                octets.push(*octet);
                rest
            }
        };
    }
    let name = String::from_utf8(octets).ok()?;
    (coded && !name.chars().any(char::is_control)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn only_names_that_curl_writes_so_are_decoded() {
        assert_eq!(
            decoded("J%C3%A4s%c3%b8n Doe").as_deref(),
            Some("J\u{e4}s\u{f8}n Doe")
        );
        for name in [
            "Mufasa",
            "100%",
            "a%20b",
            "%C3",
            "%C3%",
            "%+1%C3%A4",
            "%C3%A4%00",
            "%C2%85",
            "J\u{e4}s%C3%B8n",
        ] {
            assert_eq!(decoded(name), None, "{name}");
        }
    }
}
