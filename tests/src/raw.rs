//! A client that sends octets as they are, over a real connection.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One connection; answers are read by their `Content-Length`.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer as it came: status line and fields, and the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub head: String,
    pub body: String,
}

impl Answer {
    #[must_use]
    pub fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    #[must_use]
    pub fn status_line(&self) -> &str {
        self.head.split("\r\n").next().unwrap()
    }

    /// The fields, in order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.head.split("\r\n");
        lines.filter_map(|line| line.split_once(": "))
    }

    /// The values of a field, in order.
    #[must_use]
    pub fn field(&self, name: &str) -> Vec<&str> {
        self.fields()
            .filter(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        Self {
            stream: TcpStream::connect(address).await.unwrap(),
            buffer: Vec::new(),
        }
    }

    pub async fn send(&mut self, octets: impl AsRef<[u8]>) {
        self.stream.write_all(octets.as_ref()).await.unwrap();
    }

    /// Whether the server still took it.
    pub async fn try_send(&mut self, octets: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(octets.as_ref()).await.is_ok()
    }

    /// The next answer; `None` if the server closed the connection. `to_head` says that the request
    /// was HEAD, whose answer has no body whatever its `Content-Length` says.
    pub async fn answer(&mut self, to_head: bool) -> Option<Answer> {
        loop {
            let answer = self.next(to_head).await?;
            if answer.status() != 100 {
                return Some(answer);
            }
        }
    }

    /// The same, `100 Continue` included.
    pub async fn next(&mut self, to_head: bool) -> Option<Answer> {
        let end = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end;
            }
            if !self.more().await {
                return None;
            }
        };
        let head = String::from_utf8(self.buffer[..end].to_vec()).unwrap();
        self.buffer.drain(..end + 4);
        let mut answer = Answer {
            head,
            body: String::new(),
        };
        let length: usize = match answer.field("content-length")[..] {
            [length] if !to_head => length.parse().unwrap(),
            _ => 0,
        };
        while self.buffer.len() < length {
            assert!(self.more().await, "closed within a body");
        }
        answer.body = String::from_utf8(self.buffer.drain(..length).collect()).unwrap();
        Some(answer)
    }

    /// Whether the server has sent nothing more so far, and has not closed.
    #[must_use]
    pub fn nothing_left(&self) -> bool {
        self.buffer.is_empty()
    }

    async fn more(&mut self) -> bool {
        let mut chunk = [0; 4096];
        match self.stream.read(&mut chunk).await {
            Ok(0) | Err(_) => false,
            Ok(length) => {
                self.buffer.extend_from_slice(&chunk[..length]);
                true
            }
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

/// One request on a connection of its own.
pub async fn exchange(address: SocketAddr, octets: impl AsRef<[u8]>) -> Option<Answer> {
    let mut connection = Connection::open(address).await;
    let to_head = octets.as_ref().starts_with(b"HEAD ");
    connection.send(octets).await;
    connection.answer(to_head).await
}
