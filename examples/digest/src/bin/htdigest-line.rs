//! Prints the line of a user for an htdigest file. The password comes on standard input, so that it stands in no list of
//! processes and in no history of a shell.

use std::env;
use std::error::Error;
use std::io::{IsTerminal as _, Write as _, stderr, stdin, stdout};

use auth_core::DigestAlgorithm;
use auth_core::digest::htdigest_line;

const USAGE: &str = "usage: htdigest-line REALM USER [SHA-256 | SHA-512-256 | MD5], with the password on standard input";

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let (Some(realm), Some(user), algorithm, None) =
        (args.next(), args.next(), args.next(), args.next())
    else {
        return Err(USAGE.into());
    };
    let algorithm = match algorithm {
        None => DigestAlgorithm::Sha256,
        Some(name) => DigestAlgorithm::parse(&name).ok_or(USAGE)?,
    };
    if stdin().is_terminal() {
        write!(
            stderr(),
            "password of {user} in {realm} (it will be shown): "
        )?;
    }
    let mut password = String::new();
    stdin().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    writeln!(
        stdout(),
        "{}",
        htdigest_line(algorithm, &user, &realm, password)?
    )?;
    Ok(())
}
