//! Servers of salvo for the tests.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::wildcard_imports,
    missing_docs,
    reason = "tests"
)]

mod driver;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

pub use driver::SALVO;
use salvo::conn::tcp::TcpAcceptor;
use salvo::{Server, Service};

/// Serves on a free port of the loopback interface, until the test ends.
pub fn start(service: impl Into<Service>) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    serve(listener, service);
    address
}

pub fn serve(listener: TcpListener, service: impl Into<Service>) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let acceptor = TcpAcceptor::try_from(listener).unwrap();
    tokio::spawn(Server::new(acceptor).serve(service.into()));
}
