//! A program that is run, and called over real connections.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::raw::exchange;

/// Stopped when dropped.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A program that listens.
pub struct Program {
    pub running: Running,
    pub address: SocketAddr,
    /// What it printed before it said where it listens.
    pub printed: String,
}

impl Program {
    /// Starts a program, and waits for its line `listening on http://…`.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        let mut running = Running(command.stdout(Stdio::piped()).spawn().unwrap());
        let mut printed = String::new();
        for line in BufReader::new(running.0.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(address) = line.strip_prefix("listening on http://") {
                return Self {
                    address: address.parse().unwrap(),
                    running,
                    printed,
                };
            }
            printed.push_str(&line);
            printed.push('\n');
        }
        panic!("it ended: {printed}");
    }

    /// The comment, the path and the header lines of each `curl` line that it printed, below a comment that says what it is
    /// answered.
    #[must_use]
    pub fn calls(&self) -> Vec<(&str, &str, String)> {
        let origin = format!("http://{}", self.address);
        let lines: Vec<&str> = self.printed.lines().collect();
        lines
            .windows(2)
            .filter(|pair| pair[1].starts_with("curl -i "))
            .map(|pair| {
                let mut path = "";
                let mut fields = String::new();
                // option, 'argument', option, 'argument', …
                let words: Vec<&str> = pair[1].split('\'').map(str::trim).collect();
                for option in words.chunks(2).filter(|option| option.len() == 2) {
                    match (option[0].trim_start_matches("curl -i").trim(), option[1]) {
                        ("-H", field) => fields.extend([field, "\r\n"]),
                        ("-u", pair) => {
                            let pair = STANDARD.encode(pair);
                            fields.extend(["Authorization: Basic ", &pair, "\r\n"]);
                        }
                        ("", url) => path = url.strip_prefix(&origin).unwrap(),
                        other => panic!("{other:?}"),
                    }
                }
                (pair[0].trim_start_matches("# "), path, fields)
            })
            .collect()
    }

    /// Makes each of these calls, and fails unless it is answered as its comment says.
    pub async fn answers_as_it_says(&self) {
        let calls = self.calls();
        assert!(calls.len() >= 19, "{}", self.printed);
        for (title, path, fields) in &calls {
            let (_, promise) = title.rsplit_once(": ").unwrap();
            let head = format!("GET {path} HTTP/1.1\r\nHost: api.example.com\r\n{fields}\r\n");
            let answer = exchange(self.address, head).await.unwrap();
            assert_eq!(answer.status().to_string(), promise[..3], "{title}");
            // H-1: also the two challenges of an alternative, each on a line of its own.
            let challenges = answer.field("www-authenticate").len();
            match answer.status() {
                401 if promise.ends_with("two challenges") => assert_eq!(challenges, 2, "{title}"),
                401 => assert_eq!(challenges, 1, "{title}"),
                200 => assert_eq!(challenges, 0, "{title}"),
                _ => {}
            }
        }
    }

    /// Fails unless this is the app of the quickstart, on another framework, in a package with this name.
    pub async fn answers_as_the_quickstart(&self, package: &str) {
        let missing =
            r#"{"error": "authentication_required", "message": "Authorization header missing"}"#;
        for (title, body) in [
            ("nothing presented: 401 and the challenge", missing),
            (
                "a good password: 200",
                "hello ada, this is the secured area\n",
            ),
            ("both at once: 200", "ada for Example Ltd\n"),
            ("a condition that holds: 200", "ada sees the page of ada\n"),
            ("a good key: 200", r#"{"owner":"Example Ltd","rows":3}"#),
            ("public: 200", "ok\n"),
        ] {
            let calls = self.calls();
            let (_, path, fields) = calls.iter().find(|call| call.0 == title).unwrap();
            let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n");
            let answer = exchange(self.address, head).await.unwrap();
            assert_eq!(answer.body, body, "{title}");
        }
        let first =
            format!("GET /orders {package}::handlers::orders requires Bearer (orders:read)\n");
        assert!(self.printed.starts_with(&first), "{}", self.printed);
    }
}
