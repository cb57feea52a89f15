//! Runs the programs and calls them over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write as _;
use std::process::{Command, Stdio};

use auth_tests::program::Program;
use auth_tests::raw::{Answer, exchange};
use digest_auth::{AuthContext, WwwAuthenticateHeader};

struct Client {
    program: Program,
}

impl Client {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_digest-example"));
        Self {
            program: Program::start(command.env("PORT", "0")),
        }
    }

    async fn call(&self, method: &str, path: &str, authorization: &str, content: &str) -> Answer {
        let field = match authorization {
            "" => String::new(),
            value => format!("Authorization: {value}\r\n"),
        };
        let length = content.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: {length}\r\n{field}\r\n{content}"
        );
        exchange(self.program.address, request).await.unwrap()
    }

    /// Answers the first challenge for this path.
    async fn log_in(&self, user: &str, password: &str, path: &str) -> Answer {
        let challenge = self.call("GET", path, "", "").await;
        assert_eq!(challenge.status(), 401);
        let mut challenge = first_challenge(&challenge);
        let context = AuthContext::new(user, password, path);
        let answer = challenge.respond(&context).unwrap().to_string();
        self.call("GET", path, &answer, "").await
    }
}

fn first_challenge(answer: &Answer) -> WwwAuthenticateHeader {
    answer.field("www-authenticate")[0].parse().unwrap()
}

#[tokio::test]
async fn users_of_the_file_are_admitted() {
    let client = Client::start();
    for path in ["/", "/api/me", "/legacy", "/either"] {
        let answer = client.log_in("Mufasa", "Circle of Life", path).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert!(answer.body.starts_with("hello Mufasa"), "{}", answer.body);
        assert_eq!(answer.field("authentication-info").len(), 1, "{path}");
    }
    let answer = client
        .log_in("J\u{e4}s\u{f8}n Doe", "Secret, or not?", "/api/me")
        .await;
    assert_eq!(answer.body, "hello J\u{e4}s\u{f8}n Doe\n");
    let search = "/search?q=%22hakuna%20matata%22";
    let found = client.log_in("Mufasa", "Circle of Life", search).await;
    assert_eq!(found.body, "Mufasa looks for q=%22hakuna%20matata%22\n");

    for (user, password, path) in [
        ("Mufasa", "circle of life", "/"),
        ("Scar", "Circle of Life", "/"),
        // In this realm there is nobody.
        ("Mufasa", "Circle of Life", "/other"),
    ] {
        let refused = client.log_in(user, password, path).await;
        assert_eq!(refused.status(), 401, "{user} {password} {path}");
        assert!(refused.field("authentication-info").is_empty());
    }
    assert_eq!(client.call("GET", "/health", "", "").await.status(), 200);
}

#[tokio::test]
async fn content_is_covered_where_the_client_can() {
    let client = Client::start();
    let note = r#"{"note": "remember"}"#;
    let mut challenge = first_challenge(&client.call("POST", "/notes", "", note).await);
    let (user, content) = ("Mufasa", Some(note.as_bytes()));
    let context = AuthContext::new_post(user, "Circle of Life", "/notes", content);
    let answer = challenge.respond(&context).unwrap().to_string();
    assert!(answer.contains("auth-int"), "{answer}");
    let other = r#"{"note": "removed!"}"#;
    let refused = client.call("POST", "/notes", &answer, other).await;
    assert_eq!(refused.status(), 401);
    let admitted = client.call("POST", "/notes", &answer, note).await;
    assert_eq!((admitted.status(), &*admitted.body), (200, note));
}

// What it writes is what the file has.
#[test]
fn the_helper_writes_lines_of_the_file() {
    let run = |arguments: &[&str]| {
        let mut helper = Command::new(env!("CARGO_BIN_EXE_htdigest-line"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = helper.stdin.take().unwrap();
        // It may have ended without.
        let _ = stdin.write_all(b"Circle of Life\n");
        drop(stdin);
        let output = helper.wait_with_output().unwrap();
        (
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let file = include_str!("../users.htdigest");
    let realm = "http-auth@example.org";
    for arguments in [&[realm, "Mufasa"][..], &[realm, "Mufasa", "md5"]] {
        let (line, _) = run(arguments);
        assert!(file.contains(&line) && line.ends_with('\n'), "{line}");
    }
    let (line, told) = run(&[realm, "Mufasa", "SHA-1"]);
    assert!(line.is_empty() && told.contains("SHA-256"), "{told}");
    let (line, told) = run(&[realm, "Mu:fasa"]);
    assert!(line.is_empty() && told.contains("colon"), "{told}");
}
