//! A server on the loopback interface and clients for it, over real sockets.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;

/// A client that waits longer than this for an answer ends the benchmark.
const PATIENCE: Duration = Duration::from_secs(20);

/// A listener on a free port.
pub fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.set_nonblocking(true).expect("an option");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

/// Starts a server that runs until the process ends. With 0 threads it runs on a single one; else on so many, as
/// `#[tokio::main]` does with one for each processor.
pub fn start<F, Fut>(threads: usize, serve: F) -> SocketAddr
where
    F: FnOnce(tokio::net::TcpListener) -> Fut + Send + 'static,
    Fut: Future<Output = io::Result<()>>,
{
    let (listener, address) = listener();
    thread::spawn(move || {
        let mut builder = match threads {
            0 => Builder::new_current_thread(),
            _ => Builder::new_multi_thread(),
        };
        let runtime = builder
            .worker_threads(threads.max(1))
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener);
            serve(listener.expect("a listener")).await
        })
    });
    address
}

/// A connection that is kept and always carries the same request.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
    request: String,
    status: &'static str,
    length: usize,
}

impl Client {
    /// Connects, and sends the request once to see that it is answered so, in how many octets.
    pub fn connect(
        server: SocketAddr,
        path: &str,
        authorization: &str,
        status: &'static str,
    ) -> Self {
        let stream = TcpStream::connect(server).expect("a connection");
        stream.set_nodelay(true).expect("an option");
        stream.set_read_timeout(Some(PATIENCE)).expect("an option");
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: curl/8.5.0\r\n\
             Accept: */*\r\nAuthorization: {authorization}\r\n\r\n"
        );
        let mut client = Self {
            stream,
            request,
            status,
            length: 0,
        };
        client.send();
        client.length = client.first_answer();
        client
    }

    /// Sends the request, and waits for the answer.
    pub fn exchange(&mut self) {
        self.send();
        self.receive();
    }

    /// Sends the request; [`receive`](Self::receive) comes next.
    pub fn send(&mut self) {
        let sent = self.stream.write_all(self.request.as_bytes());
        sent.expect("the server reads");
    }

    /// Waits for the answer. All answers to one request are of one length.
    pub fn receive(&mut self) {
        let mut answer = [0; 1024];
        let answer = &mut answer[..self.length];
        self.stream.read_exact(answer).expect("an answer in time");
        self.check(answer);
    }

    fn first_answer(&mut self) -> usize {
        let mut answer = Vec::new();
        let mut part = [0; 1024];
        loop {
            let read = self.stream.read(&mut part).expect("an answer in time");
            assert_ne!(read, 0, "closed after {}", answer.escape_ascii());
            answer.extend_from_slice(&part[..read]);
            if let Some(length) = whole(&answer) {
                assert_eq!(length, answer.len(), "one answer");
                assert!(length <= part.len(), "a short answer");
                self.check(&answer);
                return length;
            }
        }
    }

    fn check(&self, answer: &[u8]) {
        let status = answer.get(9..12).unwrap_or_default();
        assert_eq!(
            status,
            self.status.as_bytes(),
            "{}\n{}",
            self.request,
            answer.escape_ascii()
        );
    }
}

/// The length of the answer, once it is here with its body.
fn whole(answer: &[u8]) -> Option<usize> {
    let text = str::from_utf8(answer).expect("text");
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .expect("a length");
    let length: usize = length.parse().expect("a number");
    (body.len() >= length).then(|| head.len() + 4 + length)
}
