//! Requests of this library to identity providers: where they may go, how long they may take, and who sends them.
//!
//! Only addresses that were configured are asked, or that a configured issuer named in its own metadata; nothing of a
//! request to the application ever becomes an address. Redirects are not followed, answers are read up to a limit, and
//! every exchange has a deadline.

mod address;
mod client;
mod flight;

use core::time::Duration;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};

pub use address::{Address, AddressError, PlainHttp};
pub use client::{Exchange, FetchError, HttpClient};
pub(crate) use flight::Flight;
#[cfg(feature = "introspection")]
pub(crate) use flight::TakeOff;

/// A client with its limits.
#[derive(Clone)]
pub(crate) struct Outbound {
    pub(crate) client: Arc<dyn HttpClient>,
    /// For the whole exchange, from the first octet sent to the last one read.
    pub(crate) deadline: Duration,
    /// In octets.
    pub(crate) max_body: usize,
}

impl Outbound {
    /// The client that comes along, with these limits.
    pub(crate) fn new(deadline: Duration, max_body: usize) -> Result<Self, FetchError> {
        Ok(Self {
            client: client::built_in()?,
            deadline,
            max_body,
        })
    }

    /// Sends a request to a provider. Whatever the client does, an answer that redirects or is too long is none, and
    /// the deadline holds.
    pub(crate) async fn send(
        &self,
        to: &Address,
        mut request: Request<Bytes>,
    ) -> Result<Response<Bytes>, FetchError> {
        *request.uri_mut() = to.uri().clone();
        let exchange = self.client.send(request, self.max_body);
        let answer = tokio::time::timeout(self.deadline, exchange)
            .await
            .map_err(|_| FetchError::Deadline(self.deadline))??;
        if answer.status().is_redirection() && answer.status() != http::StatusCode::NOT_MODIFIED {
            return Err(FetchError::Redirect(answer.status()));
        }
        if answer.body().len() > self.max_body {
            return Err(FetchError::TooLong(self.max_body));
        }
        Ok(answer)
    }
}

impl core::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Outbound")
            .field("deadline", &self.deadline)
            .field("max_body", &self.max_body)
            .finish_non_exhaustive()
    }
}
