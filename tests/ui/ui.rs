//! What users of the macros read when they make a mistake: one case for each, with the compiler's answer
//! in a `.stderr` beside it. `TRYBUILD=overwrite cargo test -p auth-ui` writes the answers anew; read
//! every line of the difference as the user who gets it.
//!
//! Cases that must compile are ordinary tests (`tests/tests/handlers.rs`, `placement.rs`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

#[test]
fn answers() {
    let (found, pinned) = (compiler(), pinned());
    if found != pinned {
        // Not `eprintln!`, which the test harness would keep to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: the UI cases of auth-macros hold the words of Rust {pinned}, and this is Rust {found}"
        );
        return;
    }
    let cases = trybuild::TestCases::new();
    for case in cases_with("rs") {
        cases.compile_fail(case);
    }
}

/// Every sentence in auth-macros/src/errors.rs occurs in the answer to some case.
#[test]
fn every_message_of_the_macros_has_a_case() {
    let source = read(root().join("auth-macros/src/errors.rs"));
    let messages = functions_returning_text(&source);
    assert!(messages.len() > 40, "found only {}", messages.len());
    all_occur(messages.iter().flat_map(|function| literals(function)));
}

/// The same for what the core says through the compiler: `on_unimplemented`, and panics in constants.
#[test]
fn every_message_of_the_core_has_a_case() {
    let core = root().join("auth-core/src");
    let mut messages = Vec::new();
    for file in [
        "state.rs",
        "guard.rs",
        "verify/mod.rs",
        "adapter/actix/extract.rs",
        "adapter/actix/routing/handler.rs",
        "adapter/actix/routing/methods.rs",
        "adapter/actix/routing/scope.rs",
        "adapter/decided.rs",
        "adapter/axum.rs",
        "adapter/axum/routing/handler.rs",
        "adapter/axum/routing/methods.rs",
        "adapter/axum/routing/router.rs",
        "inline.rs",
        "adapter/http.rs",
        "adapter/salvo.rs",
        "adapter/poem/extract.rs",
        "adapter/poem/routing/handler.rs",
        "adapter/poem/routing/methods.rs",
        "adapter/poem/routing/route.rs",
        "policy/mod.rs",
        "policy/rule.rs",
        "scheme/mod.rs",
        "exchange/visible.rs",
        "verify/digest/counts/mod.rs",
        "verify/digest/users/mod.rs",
    ] {
        let source = read(core.join(file));
        for attribute in source.split("#[diagnostic::on_unimplemented(").skip(1) {
            messages.extend(literals(attribute.split("\n)]").next().unwrap()));
        }
    }
    assert!(messages.len() >= 40, "found only {}", messages.len());
    for file in ["private.rs", "private/alias.rs", "private/own.rs"] {
        let source = read(core.join(file));
        for constant in source.split("pub const fn ").skip(1) {
            messages.extend(literals(constant.split("\n}").next().unwrap()));
        }
    }
    assert!(messages.len() >= 44, "found only {}", messages.len());
    all_occur(messages);
}

/// One fault is soon said, and read.
#[test]
fn cases_are_short() {
    for case in cases_with("rs") {
        let lines = read(&case).lines().count();
        assert!(lines <= 25, "{}: {lines} lines", case.display());
    }
}

fn all_occur(messages: impl IntoIterator<Item = Message>) {
    let answers: Vec<String> = cases_with("stderr").map(read).collect();
    let missing: Vec<Message> = messages
        .into_iter()
        .filter(|message| !answers.iter().any(|answer| message.occurs_in(answer)))
        .collect();
    assert!(missing.is_empty(), "no case shows {missing:#?}");
}

/// What stands between the placeholders of a format string.
#[derive(Debug)]
struct Message(Vec<String>);

impl Message {
    fn new(literal: &str) -> Self {
        let mut parts = vec![String::new()];
        let mut depth = 0;
        for character in literal.chars() {
            match character {
                '{' => depth += 1,
                '}' => {
                    depth -= 1;
                    parts.push(String::new());
                }
                other if depth == 0 => parts.last_mut().unwrap().push(other),
                _ => {}
            }
        }
        Self(parts)
    }

    fn occurs_in(&self, answer: &str) -> bool {
        let mut rest = answer;
        self.0.iter().all(|part| {
            let found = rest.find(part.as_str());
            if let Some(at) = found {
                rest = rest.split_at(at + part.len()).1;
            }
            found.is_some()
        })
    }
}

/// The bodies of `pub(crate) fn … -> String`.
fn functions_returning_text(source: &str) -> Vec<&str> {
    source
        .split("\npub(crate) fn ")
        .skip(1)
        .map(|function| function.split("\n}\n").next().unwrap())
        .filter(|function| function.lines().any(|line| line.ends_with("-> String {")))
        .collect()
}

/// String literals, without those that are patterns of a `match`.
fn literals(source: &str) -> Vec<Message> {
    let (mut found, mut rest) = (Vec::new(), source);
    while let Some((_, behind)) = rest.split_once('"') {
        let (mut text, mut characters) = (String::new(), behind.char_indices());
        let end = loop {
            match characters.next().expect("the literal ends") {
                (at, '"') => break at,
                (_, '\\') => text.push(characters.next().unwrap().1),
                (_, other) => text.push(other),
            }
        };
        rest = behind.split_at(end + 1).1;
        if !rest.trim_start().starts_with("=>") {
            found.push(Message::new(&text));
        }
    }
    found
}

/// Files in the folders of cases, sorted.
fn cases_with(extension: &str) -> impl Iterator<Item = PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = fs::read_dir(here)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    assert!(files.len() > 60, "found only {} cases", files.len());
    files
        .into_iter()
        .map(move |file| file.strip_prefix(here).unwrap().to_owned())
}

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The compiler that builds the cases, such as `1.95.0`.
fn compiler() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().unwrap();
    let version = String::from_utf8(output.stdout).unwrap();
    version.split(' ').nth(1).unwrap_or_default().to_owned()
}

/// The compiler that rust-toolchain.toml names.
fn pinned() -> String {
    let toolchain = read(root().join("rust-toolchain.toml"));
    let channel = toolchain
        .lines()
        .find_map(|line| line.strip_prefix("channel = "))
        .expect("rust-toolchain.toml names a channel");
    channel.trim_matches('"').to_owned()
}
