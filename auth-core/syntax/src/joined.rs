//! Telling one set of credentials from two that were joined by a comma.

use crate::cursor::Cursor;

/// Does this value of an `Authorization` field hold two sets of credentials, joined by a comma?
///
/// The field takes only one (RFC 9110 §11.6.2), but whoever passes on two field lines may join them
/// (§5.3); then a server must not pick one.
///
/// The rule: the field begins with a comma and goes on with something other than commas and white
/// space (an empty line came first); or, outside of quoted-strings, there is a comma and behind it a
/// token that could be the scheme of other credentials: the element ends with it, or white space
/// follows and then no `=`.
/// Well-formed credentials begin with their scheme, and only parameters and empty elements follow a
/// comma in them, so they are never taken for two. A quoted-string that does not end reaches to the
/// end of the field.
///
/// ```
/// use auth_syntax::is_joined;
///
/// assert!(is_joined(b"Bearer a, Basic b"));
/// assert!(!is_joined(br#"Digest username="x, Bearer y", realm="z""#));
/// assert!(is_joined(b", Bearer a")); // an empty line and a good one
/// assert!(is_joined(b"Bearer a, Basic")); // a scheme alone is well formed (RFC 9110 §11.4)
/// assert!(!is_joined(b"Bearer a, b/c")); // not well formed, but one
/// ```
pub fn is_joined(field_value: &[u8]) -> bool {
    let mut field = Cursor::new(field_value);
    if field.skip_commas() && field.peek().is_some() {
        return true;
    }
    while field.skip_element() {
        field.skip_commas();
        if begins_credentials(field) {
            return true;
        }
    }
    false
}

/// A token that stands alone, or white space behind it; but no parameter with white space before its
/// `=`. A tab does not end a scheme (`1*SP`), yet some reader behind us may think so.
fn begins_credentials(mut field: Cursor<'_>) -> bool {
    if field.token().is_err() {
        return false;
    }
    let white = field.skip_ows();
    field.ends_element() || (white && field.peek() != Some(b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    // H-15
    #[test]
    fn two_credentials_are_joined() {
        let joined: [&[u8]; 26] = [
            b"Bearer a,Bearer b",
            b"Bearer a, Basic b",
            b"Bearer a\t,\tBasic b",
            b"Basic a==,Digest x=y",
            b"Digest x=y, Bearer a",
            br#"Digest x="y", Bearer a"#,
            br#"Digest x="\"", Bearer a"#,
            b"Digest x=y, z=a, Bearer b",
            b"Bearer a,,, Bearer b",
            b",Bearer a, Bearer b",
            b"Bearer a b, Basic c",
            b"Bearer, Basic a",
            b"Bearer a, Basic  b",
            b"Bearer a, b, Basic c",
            b", Bearer a",
            b",Bearer a",
            b" ,\t, Bearer a",
            b",a=b",
            b",\x00",
            b"Basic YTpi, Bearer",
            b"Basic YTpi,Bearer\tgood",
            b"Basic a\tb,c\td",
            b"Bearer a, b",
            b"Bearer a, b,",
            b"Bearer a, b ",
            br#"Digest a="x", Negotiate"#,
        ];
        for value in joined {
            assert!(is_joined(value), "{}", value.escape_ascii());
        }
    }

    #[test]
    fn one_is_not_joined_whether_well_formed_or_not() {
        let single: [&[u8]; 21] = [
            b"",
            b",",
            b"Bearer",
            b"Bearer a",
            b"Bearer a,",
            b"Bearer a, \t,",
            b" , ,\t",
            b"Bearer a, b/c",
            b"Basic YTpi, eA==",
            b"Bearer a, b=c",
            b"Bearer a, b =c",
            b"Bearer a, b \t= c",
            br#"Digest username="x, Bearer y""#,
            br#"Digest a="x, Bearer y", b=c"#,
            br#"Digest a="x\", Bearer y", b=c"#,
            br#"Digest a="x\\", b=c"#,
            br#"Digest a="x, Bearer y"#,
            br#"Digest a="x\"#,
            br#"Bearer "a, Bearer b""#,
            b"AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host;date, Signature=d",
            b"Bearer a,\x00 b",
        ];
        for value in single {
            assert!(!is_joined(value), "{}", value.escape_ascii());
        }
    }
}
