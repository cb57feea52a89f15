//! The servers that answer alike, and what they guard.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use auth_core::axum::{DigestLayer, GuardedRouter};
use auth_core::digest::{DigestUserList, DigestVerifier, NonceSecret};
use auth_core::http::{Guarded, GuardedBody};
use auth_core::tower::{GuardLayer, SeenBodies};
use auth_core::{
    Accepts, Account, ApiKey, ApiKeyCredentials, AuthState, Authenticated, Basic, BasicCredentials,
    Bearer, BearerToken, Cause, Clock, ClockHand, DigestAlgorithm, FnVerifier, Grants, Policy,
    RequestView, Settings, Verified, auth_policy, requires_auth,
};
use auth_tests::digest::{Client, challenges};
use axum::body::Body;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::{Layer as _, ServiceExt as _};

pub(crate) const REALM: &str = "http-auth@example.org";
pub(crate) const OTHER_REALM: &str = "other@example.org";
pub(crate) const USER: &str = "Mufasa";
pub(crate) const PASSWORD: &str = "Circle of Life";
pub(crate) const NOW: u64 = 1_800_000_000;
pub(crate) const LIFETIME: Duration = Duration::from_mins(8);
pub(crate) const SECRET: [u8; 32] = [7; 32];
/// Octets that the verifier reads for `auth-int`.
pub(crate) const LIMIT: usize = 1000;
/// Octets that it reads of all requests together.
pub(crate) const IN_FLIGHT: usize = 3 * LIMIT;

pub(crate) type Users = DigestVerifier<DigestUserList<String>>;

#[derive(AuthState)]
pub(crate) struct App {
    #[auth(Digest)]
    users: Users,
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
    #[auth(Basic)]
    passwords: FnVerifier<Basic, String>,
    #[auth(ApiKey)]
    keys: FnVerifier<ApiKey, String>,
    #[auth(settings)]
    settings: Settings,
}

/// Mufasa, who may read orders and is a clerk, and Jäsøn.
pub(crate) fn users(secret: impl AsRef<[u8]>) -> Users {
    let kinds = [REALM, OTHER_REALM].into_iter().flat_map(|realm| {
        DigestAlgorithm::ALL
            .iter()
            .map(move |algorithm| (realm, *algorithm))
    });
    let grants = Grants::none()
        .with_scopes(["orders:read"])
        .with_roles(["clerk"]);
    let mufasa = Account::new(USER.to_owned()).with_grants(grants);
    let list = DigestUserList::builder(kinds)
        .user(USER, PASSWORD, mufasa)
        .and_then(|list| list.user("J\u{e4}s\u{f8}n Doe", PASSWORD, "Jason".to_owned()))
        .and_then(auth_core::digest::DigestUserListBuilder::build)
        .unwrap();
    DigestVerifier::builder(list, NonceSecret::new(secret).unwrap())
        .with_nonce_lifetime(LIFETIME)
        .with_max_content_len(LIMIT)
        .with_max_content_in_flight(IN_FLIGHT)
        .build()
        .unwrap()
}

pub(crate) fn app() -> (Arc<App>, ClockHand) {
    app_with(SECRET, Settings::new())
}

pub(crate) fn app_with(secret: impl AsRef<[u8]>, settings: Settings) -> (Arc<App>, ClockHand) {
    let (clock, hand) = Clock::manual(NOW);
    let app = App {
        users: users(secret),
        tokens: FnVerifier::new(|token: BearerToken<'_>| match token.expose() {
            "good" => Ok(Verified::new("bearer".to_owned())),
            _ => Err(Cause::InvalidCredentials),
        }),
        passwords: FnVerifier::new(|_: BasicCredentials<'_>| Err(Cause::InvalidCredentials)),
        keys: FnVerifier::new(|_: ApiKeyCredentials<'_>| Ok(Verified::new("key".to_owned()))),
        settings: settings.with_clock(clock),
    };
    (Arc::new(app), hand)
}

/// Who called, and with what content.
pub(crate) async fn tell(name: &str, request: Request<Body>) -> Response<Body> {
    let target = request.uri().to_string();
    let content = request.into_body().collect().await.unwrap().to_bytes();
    let content = String::from_utf8_lossy(&content).into_owned();
    Response::new(Body::from(format!("{name} {target} {content}")))
}

#[auth_policy(scheme = "Digest", realm = REALM, qop = "auth, auth-int")]
pub(crate) struct Signed;

#[requires_auth(Signed)]
pub(crate) async fn signed(user: Authenticated<String>, request: Request<Body>) -> Response<Body> {
    tell(&user, request).await
}

type Answer = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// A way to serve [`signed`], at every path.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) name: &'static str,
    serve: Arc<dyn Fn(Request<Body>) -> Answer + Send + Sync>,
}

impl Server {
    pub(crate) fn of<F>(
        name: &'static str,
        serve: impl Fn(Request<Body>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        Self {
            name,
            serve: Arc::new(move |request| Box::pin(serve(request))),
        }
    }

    pub(crate) fn router(name: &'static str, router: axum::Router) -> Self {
        Self::of(name, move |request| {
            let router = router.clone();
            async move { router.oneshot(request).await.unwrap() }
        })
    }

    pub(crate) async fn answer(&self, request: Request<Body>) -> Response<Body> {
        (self.serve)(request).await
    }

    pub(crate) async fn told(&self, request: Request<Body>) -> Told {
        Told::of(self.answer(request).await).await
    }

    /// The challenges for whoever presents nothing.
    pub(crate) async fn challenges(&self, target: &str) -> Vec<String> {
        let request = Request::get(target).body(Body::empty()).unwrap();
        challenges(&self.answer(request).await)
    }

    /// Mufasa, with a new nonce.
    pub(crate) async fn client(&self, target: &str) -> Client {
        let challenges = self.challenges(target).await;
        Client::of(&challenges[0], USER, PASSWORD).asking("GET", target)
    }
}

/// All servers of one application.
pub(crate) fn all(app: &Arc<App>) -> Vec<Server> {
    use auth_core::axum::any;
    let guarded = GuardedRouter::new()
        .route("/{*path}", any(signed))
        .with_state(Arc::clone(app))
        .into_router();
    let plain = axum::Router::new()
        .route("/{*path}", axum::routing::any(signed))
        .layer(DigestLayer::new())
        .with_state(Arc::clone(app));
    let http = Guarded::new(Arc::clone(app), signed);
    let layer = GuardLayer::<Signed, _, Authenticated<String>, SeenBodies>::seeing_bodies;
    let tower = layer(Arc::clone(app)).layer(tower::service_fn(async |request: Request<Body>| {
        let user = request.extensions().get::<Authenticated<String>>();
        let user = user.unwrap().to_string();
        Ok::<_, Infallible>(tell(&user, request).await)
    }));
    let checked = Arc::clone(app);
    vec![
        Server::router("axum, guarded", guarded),
        Server::router("axum", plain),
        Server::of("http", move |request| http.call(request)),
        Server::of("tower", move |request| {
            let tower = tower.clone();
            async move { tower.oneshot(request).await.unwrap() }
        }),
        Server::of("check", move |request| {
            let app = Arc::clone(&checked);
            async move { check::<Signed>(&app, request).await }
        }),
    ]
}

/// A program that asks by itself, of requests that its server has received.
async fn check<P>(app: &App, request: Request<Body>) -> Response<Body>
where
    P: Policy<Accepts: Accepts<App, Authenticated<String>>>,
{
    let request = GuardedBody::received(request);
    let view = RequestView::of(&request);
    match auth_core::http::check::<P, Authenticated<String>, _>(app, view).await {
        Ok(user) => tell(&user, request.map(Body::new)).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// What a policy says, without a server.
pub(crate) fn under<P>(app: &Arc<App>) -> Server
where
    P: Policy<Accepts: Accepts<App, Authenticated<String>>>,
{
    let app = Arc::clone(app);
    Server::of("check", move |request| {
        let app = Arc::clone(&app);
        async move { check::<P>(&app, request).await }
    })
}

/// A request with these credentials.
pub(crate) fn request(method: &str, target: &str, field: &[u8], content: &[u8]) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(target)
        .body(Body::from(content.to_vec()))
        .unwrap();
    let value = HeaderValue::from_bytes(field).unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, value);
    request
}

/// What the client means to send.
pub(crate) fn honest(client: &Client) -> Request<Body> {
    let field = client.params().field();
    request(&client.method, &client.uri, &field, &client.content)
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) reason: Option<&'static str>,
    pub(crate) challenges: Vec<String>,
    pub(crate) info: Option<String>,
    pub(crate) content: String,
}

impl Told {
    pub(crate) async fn of(response: Response<Body>) -> Self {
        let challenges = challenges(&response);
        let info = response.headers().get("authentication-info");
        let info = info.map(|info| String::from_utf8(info.as_bytes().to_vec()).unwrap());
        let reason = response.extensions().get::<Cause>().map(Cause::reason);
        let status = response.status();
        let content = response.into_body().collect().await.unwrap().to_bytes();
        Self {
            status,
            reason,
            challenges,
            info,
            content: String::from_utf8(content.to_vec()).unwrap(),
        }
    }

    /// The code in the body of a refusal.
    pub(crate) fn error(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.content).unwrap();
        body["error"].as_str().unwrap().to_owned()
    }

    pub(crate) fn outcome(&self) -> (u16, &'static str) {
        (self.status.as_u16(), self.reason.unwrap_or("admitted"))
    }
}
