//! Runs the program beside the real provider, and every line that it prints, as a user would.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::env;
use std::process::{Command, Stdio};

use auth_tests::program::Program;

#[test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
fn every_printed_call_is_answered_as_it_says() {
    let directory = tempfile::tempdir().unwrap();
    let program = Program::start(
        Command::new(env!("CARGO_BIN_EXE_oauth-resource-server"))
            .env("PORT", "0")
            .env(
                "ISSUER",
                env::var("E2E_ISSUER").expect("run tests/end-to-end/run.sh"),
            )
            .env("REVOCATIONS", directory.path().join("revocations"))
            .env_remove("RESOURCE")
            .stderr(Stdio::null()),
    );
    let (_, script) = program.printed.split_once("\n\n").unwrap();
    let lines: Vec<&str> = script.lines().collect();
    let calls = lines
        .windows(2)
        .filter(|pair| pair[1].starts_with("curl -i "));
    let (titles, promised): (Vec<&str>, Vec<&str>) = calls
        .map(|pair| pair[0].rsplit_once(": ").unwrap())
        .map(|(title, promise)| (title, &promise[..3]))
        .unzip();
    assert_eq!(titles.len(), 15);

    let answers = Command::new("sh").args(["-c", script]).output().unwrap();
    let answers = String::from_utf8(answers.stdout).unwrap();
    // A body need not end with a line.
    let statuses: Vec<&str> = answers
        .split("HTTP/1.1 ")
        .skip(1)
        .map(|answer| &answer[..3])
        .collect();
    assert_eq!(statuses, promised, "{titles:#?}\n{answers}");
}
