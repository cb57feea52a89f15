//! The socket: one request on each connection.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::{Asked, Site, fault, locked};

/// It listens until it is dropped.
pub(super) struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    pub(super) async fn listen(address: SocketAddr, site: &Arc<Site>) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let site = Arc::clone(site);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&site)));
            }
        });
        Self { address, task }
    }

    /// Refuses connections from now on.
    pub(super) async fn stop(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Clients may go away at any moment.
async fn serve(mut stream: TcpStream, site: Arc<Site>) -> io::Result<()> {
    let asked = read(&mut stream).await?;
    let reply = site.answer(&asked);
    let fault = site.fault(&asked.path);
    locked(&site.asked).push(asked);
    match fault {
        Some(fault) => fault.act(reply, &mut stream).await,
        None => fault::send(&reply, &mut stream).await,
    }
}

async fn read(stream: &mut TcpStream) -> io::Result<Asked> {
    let mut octets = Vec::new();
    let end = loop {
        if let Some(end) = octets.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        more(stream, &mut octets).await?;
    };
    let head = String::from_utf8(octets[..end].to_vec()).unwrap();
    let mut words = head.split(' ').map(str::to_owned);
    let mut asked = Asked {
        method: words.next().unwrap(),
        path: words.next().unwrap(),
        head,
        body: Vec::new(),
    };
    let length = asked.field("content-length").map(str::parse);
    let length: usize = length.transpose().unwrap().unwrap_or(0);
    while octets.len() < end + 4 + length {
        more(stream, &mut octets).await?;
    }
    asked.body = octets.split_off(end + 4);
    Ok(asked)
}

async fn more(stream: &mut TcpStream, octets: &mut Vec<u8>) -> io::Result<()> {
    match stream.read_buf(octets).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}
