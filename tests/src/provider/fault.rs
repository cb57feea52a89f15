//! How a provider misbehaves.

use std::sync::Arc;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::Reply;

/// What a provider does instead of answering well.
#[derive(Clone, Debug)]
pub enum Fault {
    /// This answer, whatever it is: a status, garbage, another content.
    Reply(Reply),
    /// Octets that are no HTTP.
    NotHttp,
    /// A body of so many octets, of which it says how many they are, or not.
    Huge { octets: usize, announced: bool },
    /// A good answer, after the gate has opened.
    Held(Gate),
    /// A good answer, one octet at a time, and the last one after the gate has opened.
    Trickle(Gate),
    /// No answer, and the connection is closed.
    Closed,
    /// The connection is closed within a good answer.
    Cut,
}

impl Fault {
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Reply(Reply::new(status, "text/plain", "out of order"))
    }

    #[must_use]
    pub fn body(body: impl Into<Vec<u8>>) -> Self {
        Self::Reply(Reply::new(200, "application/json", body))
    }

    #[must_use]
    pub fn redirect(to: &str) -> Self {
        Self::Reply(Reply::new(302, "text/plain", "").with("location", to))
    }

    /// The client may close the connection at any moment: then this ends.
    pub(super) async fn act(self, reply: Reply, stream: &mut TcpStream) -> std::io::Result<()> {
        let head = reply.head(reply.body.len());
        match self {
            Self::Reply(reply) => send(&reply, stream).await,
            Self::NotHttp => stream.write_all(&[0xff, 0x00, b'\n', 0x80]).await,
            Self::Huge { octets, announced } => huge(octets, announced, stream).await,
            Self::Held(gate) => {
                gate.passed().await;
                send(&reply, stream).await
            }
            Self::Trickle(gate) => {
                stream.set_nodelay(true)?;
                let answer = [head.as_bytes(), &reply.body].concat();
                let (last, most) = answer.split_last().unwrap();
                for octet in most {
                    stream.write_all(&[*octet]).await?;
                    tokio::task::yield_now().await;
                }
                gate.passed().await;
                stream.write_all(&[*last]).await
            }
            Self::Closed => Ok(()),
            Self::Cut => {
                stream.write_all(head.as_bytes()).await?;
                stream.write_all(&reply.body[..reply.body.len() / 2]).await
            }
        }
    }
}

pub(super) async fn send(reply: &Reply, stream: &mut TcpStream) -> std::io::Result<()> {
    let head = reply.head(reply.body.len());
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&reply.body).await
}

async fn huge(octets: usize, announced: bool, stream: &mut TcpStream) -> std::io::Result<()> {
    let head = if announced {
        format!("HTTP/1.1 200 OK\r\ncontent-length: {octets}\r\n\r\n")
    } else {
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_owned()
    };
    stream.write_all(head.as_bytes()).await?;
    let chunk = vec![b' '; 1 << 14];
    for _ in 0..octets / chunk.len() {
        stream.write_all(&chunk).await?;
    }
    Ok(())
}

/// Holds back until it is opened.
#[derive(Clone, Debug)]
pub struct Gate(Arc<watch::Sender<bool>>);

impl Gate {
    #[must_use]
    pub fn closed() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    pub fn open(&self) {
        self.0.send_replace(true);
    }

    async fn passed(&self) {
        let _ = self.0.subscribe().wait_for(|open| *open).await;
    }
}
