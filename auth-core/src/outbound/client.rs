//! Who sends requests of our own.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::time::Duration;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::{Request, Response, StatusCode};

/// An answer that is on its way.
pub type Exchange = Pin<Box<dyn Future<Output = Result<Response<Bytes>, FetchError>> + Send>>;

/// Sends requests to identity providers. One that suits most comes along: `reqwest` with `rustls`, the certificates that
/// this machine trusts, and for `https` the proxy that `HTTPS_PROXY` names. Write your own for other certificates,
/// proxies or networks.
///
/// ```
/// use auth_core::outbound::{Exchange, FetchError, HttpClient};
/// use bytes::Bytes;
/// use http::{Request, Response};
///
/// /// Answers from a table: for tests.
/// struct Canned(Bytes);
///
/// impl HttpClient for Canned {
///     fn send(&self, _request: Request<Bytes>, max_body: usize) -> Exchange {
///         let answer = if self.0.len() > max_body {
///             Err(FetchError::TooLong(max_body))
///         } else {
///             Ok(Response::new(self.0.clone()))
///         };
///         Box::pin(async move { answer })
///     }
/// }
/// ```
pub trait HttpClient: Send + Sync + 'static {
    /// Sends one request, to its URI, and reads the answer: at most `max_body` octets of its body, in any case not
    /// much more. It follows no redirect, keeps no cookies, and need not look at the time: whoever waits for the answer
    /// drops it when the deadline has passed.
    fn send(&self, request: Request<Bytes>, max_body: usize) -> Exchange;
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchError {
    /// No connection, or it broke: words for the log, without secrets.
    Unreachable(Box<str>),
    /// The deadline passed.
    Deadline(Duration),
    /// The body is longer than this many octets.
    TooLong(usize),
    /// The answer is a redirect, which is not followed.
    Redirect(StatusCode),
    /// No client could be made: words for the log.
    NoClient(Box<str>),
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(words) => write!(f, "not reachable: {words}"),
            Self::Deadline(limit) => write!(f, "no answer within {limit:?}"),
            Self::TooLong(limit) => write!(f, "the answer is longer than {limit} octets"),
            Self::Redirect(status) => write!(
                f,
                "the answer {status} redirects, which is not followed: configure the address itself"
            ),
            Self::NoClient(words) => write!(f, "no HTTP client: {words}"),
        }
    }
}

impl FetchError {
    /// One word for a label.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Unreachable(_) | Self::NoClient(_) => "unreachable",
            Self::Deadline(_) => "timeout",
            Self::TooLong(_) => "too_long",
            Self::Redirect(_) => "redirect",
        }
    }
}

impl core::error::Error for FetchError {}

const MAX_WORDS: usize = 300;

/// The client that comes along.
pub(super) fn built_in() -> Result<Arc<dyn HttpClient>, FetchError> {
    let client = built(settings())?;
    let direct = built(settings().no_proxy())?;
    Ok(Arc::new(Reqwest { client, direct }))
}

fn settings() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .user_agent(concat!("auth-core/", env!("CARGO_PKG_VERSION")))
}

fn built(settings: reqwest::ClientBuilder) -> Result<reqwest::Client, FetchError> {
    let client = settings.build();
    client.map_err(|error| FetchError::NoClient(words(error)))
}

struct Reqwest {
    /// By the proxy that the environment names, if it names one: it sees where `https` goes, and nothing more.
    client: reqwest::Client,
    /// For plain `http`, which stays on this machine: a proxy would read it.
    direct: reqwest::Client,
}

impl HttpClient for Reqwest {
    fn send(&self, request: Request<Bytes>, max_body: usize) -> Exchange {
        let client = match request.uri().scheme_str() {
            Some("https") => &self.client,
            _ => &self.direct,
        };
        let client = client.clone();
        Box::pin(async move { exchange(client, request, max_body).await })
    }
}

async fn exchange(
    client: reqwest::Client,
    request: Request<Bytes>,
    max_body: usize,
) -> Result<Response<Bytes>, FetchError> {
    let broken = |error| FetchError::Unreachable(words(error));
    let request = reqwest::Request::try_from(request).map_err(broken)?;
    let mut answer = client.execute(request).await.map_err(broken)?;
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = core::mem::take(answer.headers_mut());
    let too_long = FetchError::TooLong(max_body);
    if answer
        .content_length()
        .is_some_and(|length| length > max_body as u64)
    {
        return Err(too_long);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(broken)? {
        if chunk.len() > max_body.saturating_sub(body.len()) {
            return Err(too_long);
        }
        body.extend_from_slice(&chunk);
    }
    *response.body_mut() = body.freeze();
    Ok(response)
}

/// The error with what it came from, without the URL, which the caller names. It may quote names of a certificate that
/// was presented: a line of them is enough.
fn words(error: reqwest::Error) -> Box<str> {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut source = core::error::Error::source(&error);
    while let Some(error) = source {
        words = format!("{words}: {error}");
        source = error.source();
    }
    words.chars().take(MAX_WORDS).collect::<String>().into()
}
