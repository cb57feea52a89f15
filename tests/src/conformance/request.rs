//! A row as octets on a connection.

use std::net::SocketAddr;
use std::time::Duration;

use crate::handlers::{CASE, new_case, ran};
use crate::raw::{Answer, Connection};

use super::Sent;
use super::rows::Row;

/// How long a server may take; nothing here takes as long.
const DEADLINE: Duration = Duration::from_secs(10);

/// What became of a request.
#[derive(Debug)]
pub(super) struct Asked {
    /// `None` if the connection was closed.
    pub(super) answer: Option<Answer>,
    pub(super) ran: Vec<&'static str>,
    pub(super) waited: bool,
    pub(super) continued: bool,
}

/// Sends a row. The body is withheld unless the handler is about to run.
pub(super) async fn ask(server: SocketAddr, row: &Row, sent: Sent, runs: bool) -> Asked {
    let case = new_case();
    let mut connection = Connection::open(server).await;
    connection.send(head(row, sent, &case)).await;
    if runs && sent != Sent::Expecting {
        connection.send(body(row, sent)).await;
    }
    let (mut waited, mut continued) = (false, false);
    let answer = loop {
        match tokio::time::timeout(DEADLINE, connection.next(false)).await {
            Ok(Some(answer)) if answer.status() == 100 => {
                continued = true;
                if runs {
                    connection.send(body(row, sent)).await;
                }
            }
            Ok(answer) => break answer,
            Err(_) if waited => break None,
            Err(_) => {
                waited = true;
                connection.try_send(body(row, sent)).await;
            }
        }
    };
    Asked {
        answer,
        ran: ran(&case),
        waited,
        continued,
    }
}

fn head(row: &Row, sent: Sent, case: &str) -> Vec<u8> {
    let (path, length) = (row.handler, row.content.len());
    let length = format!("Content-Length: {length}\r\n");
    let framing = match sent {
        Sent::WithLength => length,
        Sent::Chunked => "Transfer-Encoding: chunked\r\n".to_owned(),
        Sent::Expecting => length + "Expect: 100-continue\r\n",
    };
    let head = format!(
        "POST /{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{CASE}: {case}\r\n{framing}"
    );
    let mut head = head.into_bytes();
    for (name, value) in &row.fields {
        head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    head.extend(b"\r\n");
    head
}

fn body(row: &Row, sent: Sent) -> Vec<u8> {
    let content = row.content.as_bytes();
    if sent != Sent::Chunked {
        return content.to_vec();
    }
    let chunks = content.chunks(50_000);
    let mut body: Vec<u8> = chunks
        .flat_map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat())
        .collect();
    body.extend(b"0\r\n\r\n");
    body
}
