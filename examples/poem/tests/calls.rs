//! Runs the program and calls it over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Command;

use auth_tests::program::Program;

fn start() -> Program {
    Program::start(Command::new(env!("CARGO_BIN_EXE_poem-example")).env("PORT", "0"))
}

#[tokio::test]
async fn every_printed_call_is_answered_as_it_says() {
    start().answers_as_it_says().await;
}

#[tokio::test]
async fn the_answers_are_those_of_the_quickstart() {
    start().answers_as_the_quickstart("poem_example").await;
}
