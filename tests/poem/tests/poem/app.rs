//! Verifiers, policies, and requests that tell whether their body was looked at.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use auth_core::{
    ApiKey, ApiKeyCredentials, AsyncFnVerifier, AuthState, Basic, BasicCredentials, Bearer,
    BearerToken, Cause, FnVerifier, Grants, Registry, Secret, Verified, auth_policy,
};
use bytes::Bytes;
use futures_util::stream;
use poem::http::header::WWW_AUTHENTICATE;
use poem::http::{HeaderMap, HeaderValue};

use poem::{Body, Endpoint, IntoResponse, Request, Response};

#[derive(Clone, Debug)]
pub(crate) struct Claims {
    pub(crate) sub: String,
}

#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) name: String,
}

impl From<Claims> for User {
    fn from(claims: Claims) -> Self {
        Self { name: claims.sub }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Partner(pub(crate) String);

#[auth_policy(scheme = "Bearer", realm = "API")]
pub(crate) struct Api;

/// The tag of the verifier that awaits.
pub(crate) enum Slow {}

fn token(token: &str) -> Result<Verified<Claims>, Cause> {
    let claims = Claims {
        sub: "ada".to_owned(),
    };
    match token {
        "good" => Ok(Verified::new(claims).with_grants(
            Grants::none()
                .with_scopes(["orders:read"])
                .with_roles(["clerk"]),
        )),
        "narrow" => Ok(Verified::new(claims)),
        "down" => Err(Cause::unavailable(
            std::time::Duration::from_secs(5),
            "the store is down",
        )),
        _ => Err(Cause::InvalidToken("unknown".into())),
    }
}

pub(crate) fn tokens() -> FnVerifier<Bearer, Claims> {
    FnVerifier::new(|presented: BearerToken<'_>| token(presented.expose()))
}

pub(crate) fn slow_tokens() -> AsyncFnVerifier<Bearer, Claims> {
    AsyncFnVerifier::new(|presented: Secret<String>| async move {
        tokio::task::yield_now().await;
        token(presented.expose())
    })
}

pub(crate) fn users() -> FnVerifier<Basic, User> {
    FnVerifier::new(|credentials: BasicCredentials<'_>| {
        match (credentials.user_id(), credentials.expose_password()) {
            (name, "open sesame") => Ok(Verified::new(User {
                name: name.to_owned(),
            })),
            _ => Err(Cause::InvalidCredentials),
        }
    })
}

pub(crate) fn keys() -> FnVerifier<ApiKey, Partner> {
    FnVerifier::new(|key: ApiKeyCredentials<'_>| match key.expose() {
        "key" => Ok(Verified::new(Partner("acme".to_owned()))),
        _ => Err(Cause::InvalidCredentials),
    })
}

/// All that the handlers of these tests need, found while the program runs.
pub(crate) fn registry() -> Registry {
    Registry::builder()
        .bearer(tokens())
        .also_as::<User>()
        .with_tagged::<Slow, _>(slow_tokens())
        .basic(users())
        .api_key(keys())
        .together::<(Claims, Partner)>()
        .build()
        .unwrap()
}

/// The same, known to the compiler.
#[derive(AuthState)]
pub(crate) struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, Claims>,
    #[auth(Bearer, tag = Slow)]
    slow: AsyncFnVerifier<Bearer, Claims>,
    #[auth(Basic)]
    users: FnVerifier<Basic, User>,
    #[auth(ApiKey)]
    keys: FnVerifier<ApiKey, Partner>,
}

impl App {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            tokens: tokens(),
            slow: slow_tokens(),
            users: users(),
            keys: keys(),
        })
    }
}

/// A body that counts how often it is asked for more.
fn counted(content: &'static str) -> (Body, Arc<AtomicUsize>) {
    let polls = Arc::new(AtomicUsize::new(0));
    let (counter, mut rest) = (Arc::clone(&polls), Some(Bytes::from(content)));
    let body = Body::from_bytes_stream(stream::poll_fn(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(rest.take().map(Ok::<_, io::Error>))
    }));
    (body, polls)
}

/// Posts this content; the answer, and how often the content was asked for until then.
pub(crate) async fn post_counted(
    app: &impl Endpoint<Output: IntoResponse>,
    path: &str,
    credentials: &str,
    kind: &'static str,
    content: &'static str,
) -> (Response, usize) {
    let (body, polls) = counted(content);
    let mut request = request("POST", path, credentials);
    let kind = HeaderValue::from_static(kind);
    request.headers_mut().insert("content-type", kind);
    request.set_body(body);
    let answer = app.get_response(request).await;
    (answer, polls.load(Ordering::SeqCst))
}

/// A request with these credentials in `Authorization`, if any.
pub(crate) fn request(method: &str, path: &str, credentials: &str) -> Request {
    let mut request = Request::builder()
        .method(method.parse().unwrap())
        .uri(path.parse().unwrap())
        .finish();
    if !credentials.is_empty() {
        let value = HeaderValue::from_str(credentials).unwrap();
        request.headers_mut().insert("authorization", value);
    }
    request
}

pub(crate) async fn get(app: &impl Endpoint, path: &str, credentials: &str) -> Response {
    app.get_response(request("GET", path, credentials)).await
}

pub(crate) async fn text(response: Response) -> String {
    response.into_body().into_string().await.unwrap()
}

pub(crate) fn challenges(fields: &HeaderMap) -> Vec<&str> {
    let lines = fields.get_all(WWW_AUTHENTICATE).iter();
    lines.map(|line| line.to_str().unwrap()).collect()
}
