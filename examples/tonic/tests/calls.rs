//! Runs the programs and calls one with the other, over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Command;

use auth_tests::program::Program;
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

fn start() -> Program {
    Program::start(Command::new(env!("CARGO_BIN_EXE_tonic-example")).env("PORT", "0"))
}

/// The client's words of the lines that it printed: address, method, key.
fn lines(program: &Program) -> Vec<Vec<&str>> {
    let lines = program.printed.lines();
    let lines = lines.filter_map(|line| line.split_once(" -- "));
    lines.map(|(_, words)| words.split(' ').collect()).collect()
}

fn greet(words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greet"));
    let output = command.args(words).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

const CHALLENGE: &str =
    r#"www-authenticate: ApiKey realm="Greeter", in="header", name="x-api-key""#;

#[test]
fn the_printed_lines_do_what_they_say_a2() {
    let program = start();
    let missing = format!("Unauthenticated: x-api-key header missing\n{CHALLENGE}\n");
    let expected = [
        "Hello, Example Ltd\n",
        &missing,
        "PermissionDenied: A scope that is needed here was not granted\n",
        "1: Hello, Friends\n2: Hello, Friends\n3: Hello, Friends\n",
    ];
    let lines = lines(&program);
    assert_eq!(lines.len(), expected.len(), "{}", program.printed);
    for (words, expected) in lines.iter().zip(expected) {
        assert_eq!(greet(words), expected, "{words:?}");
    }
    let address = lines[0][0];
    let wrong = greet(&[address, "greetings", "invalid_key_123"]);
    let refused = format!("Unauthenticated: API key not found or revoked\n{CHALLENGE}\n");
    assert_eq!(wrong, refused);
}

#[tokio::test]
async fn the_health_service_is_public() {
    let program = start();
    let endpoint = Endpoint::try_from(format!("http://{}", program.address)).unwrap();
    let channel: Channel = endpoint.connect().await.unwrap();
    let answer = HealthClient::new(channel)
        .check(HealthCheckRequest::default())
        .await;
    assert_eq!(answer.unwrap().into_inner().status, 1);
}
