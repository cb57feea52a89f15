//! A program that is run, and called over real connections.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

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
}
