//! Files in the form of Apache's `htpasswd`.

use super::error::PasswordsError;

/// The entries of the text as name and hash, each with the number of its line.
///
/// As Apache reads them: blank lines and lines that begin with `#` are left out, white space around a
/// line does not count, and what follows a second colon is ignored.
pub(super) fn entries(
    text: &str,
) -> impl Iterator<Item = (usize, Result<(&str, &str), PasswordsError>)> {
    text.trim_start_matches('\u{feff}')
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(number, line)| (number, entry(line)))
}

fn entry(line: &str) -> Result<(&str, &str), PasswordsError> {
    let (name, rest) = line.split_once(':').ok_or(PasswordsError::NotAnEntry)?;
    let hash = rest.split_once(':').map_or(rest, |(hash, _)| hash);
    Ok((name, hash))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lines_as_apache_reads_them() {
        let text = "\u{feff}# users\r\n\r\nada:$2y$x\r\n  bob:$2b$y:Bob of sales \n\n#c:d\n:e\n";
        let read: Vec<_> = entries(text)
            .map(|(line, entry)| (line, entry.unwrap()))
            .collect();
        assert_eq!(
            read,
            [(3, ("ada", "$2y$x")), (4, ("bob", "$2b$y")), (7, ("", "e"))]
        );
    }

    #[test]
    fn a_line_without_colon_is_no_entry() {
        let (line, entry) = entries("\nada").next().unwrap();
        assert_eq!(line, 2);
        assert!(matches!(entry, Err(PasswordsError::NotAnEntry)));
    }
}
