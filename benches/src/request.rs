//! Requests, and one turn of a router without a socket or a runtime.

use std::convert::Infallible;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::body::Body;
use http::header::{ACCEPT, AUTHORIZATION, HOST, HeaderName, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri};
use tower::{Service, ServiceExt as _};

/// The field that carries API keys here.
pub static X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// What a client sends besides its credentials, and these.
#[derive(Clone, Debug)]
pub struct Template {
    uri: Uri,
    credentials: Vec<(HeaderName, HeaderValue)>,
}

impl Template {
    /// A request without credentials.
    pub fn without_credentials() -> Self {
        Self {
            uri: Uri::from_static("/"),
            credentials: Vec::new(),
        }
    }

    /// A request with an Authorization field.
    pub fn authorization(value: &str) -> Self {
        Self::without_credentials().and(AUTHORIZATION, value)
    }

    /// A request with an API key.
    pub fn api_key(key: &str) -> Self {
        Self::without_credentials().and(X_API_KEY.clone(), key)
    }

    /// One field line more.
    #[must_use]
    pub fn and(mut self, name: HeaderName, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("a field value");
        self.credentials.push((name, value));
        self
    }

    /// The request. Field values are shared, as they are when hyper has read them.
    pub fn request(&self) -> Request<Body> {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = self.uri.clone();
        self.fill(request.headers_mut());
        request
    }

    /// Its field lines.
    pub fn fill(&self, fields: &mut HeaderMap) {
        fields.insert(HOST, HeaderValue::from_static("api.example.com"));
        fields.insert(USER_AGENT, HeaderValue::from_static("curl/8.5.0"));
        fields.insert(ACCEPT, HeaderValue::from_static("*/*"));
        for (name, value) in &self.credentials {
            fields.append(name.clone(), value.clone());
        }
    }
}

/// One request through a router, of whichever axum; the answer is dropped.
pub fn serve<S, B>(router: &S, template: &Template) -> StatusCode
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone,
{
    black_box(answer(router, template.request())).status()
}

/// The answer of a router to a request.
pub fn answer<S, B>(router: &S, request: Request<Body>) -> Response<B>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone,
{
    match run(router.clone().oneshot(request)) {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Runs a future that never waits.
pub fn run<F: Future>(future: F) -> F::Output {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing here waits"),
    }
}
