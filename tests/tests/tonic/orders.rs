//! One service under every policy, guarded in both ways.

use std::marker::PhantomData;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use auth_core::tonic::{GuardLayer, InlineLayer};
use auth_core::{Authenticated, Policy, RequestView, Unseen, auth_policy, requires_auth};
use auth_grpc::Text;
use auth_grpc::orders_client::OrdersClient;
use auth_grpc::orders_server::{Orders, OrdersServer};
use auth_tests::app::{App, Failing, User};
use bytes::Bytes;
use http::HeaderMap;
use tokio::net::TcpListener;
use tokio_stream::{Stream, StreamExt as _, iter};
use tonic::service::{LayerExt as _, Routes};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status, Streaming};

pub(crate) type Texts = Pin<Box<dyn Stream<Item = Result<Text, Status>> + Send>>;

/// How often a method ran.
pub(crate) type Ran = Arc<AtomicUsize>;

/// What all methods do, once the caller may.
async fn answer(
    ran: &Ran,
    name: &str,
    texts: impl Stream<Item = Result<Text, Status>> + Send,
) -> Result<Text, Status> {
    ran.fetch_add(1, Ordering::SeqCst);
    let texts: Vec<_> = texts.collect::<Result<_, _>>().await?;
    let texts: Vec<_> = texts.iter().map(|text| &*text.text).collect();
    Ok(Text::from(&*format!("{name}: {}", texts.join("+"))))
}

fn once(text: Text) -> impl Stream<Item = Result<Text, Status>> + Send + use<> {
    iter([Ok(text)])
}

/// Behind a layer: tells whom it finds in the extensions.
#[derive(Clone, Default)]
pub(crate) struct Behind(pub(crate) Ran);

fn name<T>(request: &Request<T>) -> String {
    let user = request.extensions().get::<Authenticated<User>>();
    user.map_or_else(|| "nobody".to_owned(), |user| user.name.clone())
}

#[tonic::async_trait]
impl Orders for Behind {
    type GivesStream = Texts;
    type TalksStream = Texts;

    async fn unary(&self, request: Request<Text>) -> Result<Response<Text>, Status> {
        let name = name(&request);
        answer(&self.0, &name, once(request.into_inner()))
            .await
            .map(Response::new)
    }

    async fn gives(&self, request: Request<Text>) -> Result<Response<Texts>, Status> {
        let name = name(&request);
        let text = answer(&self.0, &name, once(request.into_inner())).await?;
        Ok(Response::new(Box::pin(once(text))))
    }

    async fn takes(&self, request: Request<Streaming<Text>>) -> Result<Response<Text>, Status> {
        let name = name(&request);
        answer(&self.0, &name, request.into_inner())
            .await
            .map(Response::new)
    }

    async fn talks(&self, request: Request<Streaming<Text>>) -> Result<Response<Texts>, Status> {
        let name = name(&request);
        let text = answer(&self.0, &name, request.into_inner()).await?;
        Ok(Response::new(Box::pin(once(text))))
    }
}

/// Checks in its methods.
pub(crate) struct Inline<P> {
    pub(crate) app: Arc<App>,
    pub(crate) ran: Ran,
    pub(crate) policy: PhantomData<fn() -> P>,
}

/// Where the check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Layer,
    Inline,
}

macro_rules! policies {
    ($($policy:ident: $attribute:meta,)*) => {
        $(
            #[$attribute]
            pub(crate) struct $policy;

            #[tonic::async_trait]
            impl Orders for Inline<$policy> {
                type GivesStream = Texts;
                type TalksStream = Texts;

                #[requires_auth($policy, request = request, state = self.app, identity = user: User)]
                async fn unary(&self, request: Request<Text>) -> Result<Response<Text>, Status> {
                    answer(&self.ran, &user.name, once(request.into_inner())).await.map(Response::new)
                }

                #[requires_auth($policy, request = request, state = self.app, identity = user: User)]
                async fn gives(&self, request: Request<Text>) -> Result<Response<Texts>, Status> {
                    let text = answer(&self.ran, &user.name, once(request.into_inner())).await?;
                    Ok(Response::new(Box::pin(once(text))))
                }

                #[requires_auth($policy, request = request, state = self.app, identity = user: User)]
                async fn takes(&self, request: Request<Streaming<Text>>) -> Result<Response<Text>, Status> {
                    answer(&self.ran, &user.name, request.into_inner()).await.map(Response::new)
                }

                #[requires_auth($policy, request = request, state = self.app, identity = user: User)]
                async fn talks(&self, request: Request<Streaming<Text>>) -> Result<Response<Texts>, Status> {
                    let text = answer(&self.ran, &user.name, request.into_inner()).await?;
                    Ok(Response::new(Box::pin(once(text))))
                }
            }
        )*

        /// The service under the policy of this name.
        pub(crate) fn routes(policy: &str, form: Form, app: &Arc<App>, ran: &Ran) -> Routes {
            match (policy, form) {
                $(
                    (stringify!($policy), Form::Layer) => {
                        let guard = GuardLayer::<$policy, _, Authenticated<User>>::new(Arc::clone(app));
                        Routes::new(guard.named_layer(OrdersServer::new(Behind(Arc::clone(ran)))))
                    }
                    (stringify!($policy), Form::Inline) => Routes::new(OrdersServer::new(Inline::<$policy> {
                        app: Arc::clone(app),
                        ran: Arc::clone(ran),
                        policy: PhantomData,
                    })),
                )*
                _ => panic!("no policy {policy}"),
            }
        }

        /// What the policy of this name answers over HTTP, if it refuses.
        pub(crate) async fn over_http(policy: &str, app: &Arc<App>, fields: HeaderMap) -> Option<http::Response<Bytes>> {
            match policy {
                $(stringify!($policy) => refused_over_http::<$policy>(app, fields).await,)*
                _ => panic!("no policy {policy}"),
            }
        }
    };
}

async fn refused_over_http<P>(app: &Arc<App>, fields: HeaderMap) -> Option<http::Response<Bytes>>
where
    P: Policy,
    P::Accepts: auth_core::Accepts<Arc<App>, Unseen>,
{
    let mut request = http::Request::post("/auth.test.Orders/Unary")
        .body(())
        .unwrap();
    *request.headers_mut() = fields;
    let decision = auth_core::http::check::<P, Unseen, _>(app, RequestView::of(&request)).await;
    decision.err().map(auth_core::Refusal::into_response)
}

policies! {
    Api: auth_policy(scheme = "Bearer", realm = "API"),
    Scoped: auth_policy(scheme = "Bearer", realm = "API", scope = "orders:read orders:write"),
    Area: auth_policy(scheme = "Basic", realm = "Secured area"),
    Key: auth_policy(scheme = "ApiKey", header = "X-API-Key", realm = "API"),
    BinaryKey: auth_policy(scheme = "ApiKey", header = "x-api-key-bin", realm = "API"),
    Either: auth_policy(any(Bearer(realm = "API"), Basic(realm = "Dev zone"))),
    Fails: auth_policy(Bearer(realm = "API"), verifier = Failing),
    Clerks: auth_policy(scheme = "Bearer", realm = "API", role = any("clerk", "admin")),
    SteppedUp: auth_policy(scheme = "Bearer", realm = "API", acr = "hwk mfa", max_age = 300),
    OverTls: auth_policy(scheme = "Bearer", realm = "API", secure),
}

/// Listens on a free port of the loopback interface, until the test ends.
pub(crate) async fn serve(routes: Routes) -> SocketAddr {
    let (address, incoming) = listen().await;
    let server = Server::builder().layer(InlineLayer).add_routes(routes);
    tokio::spawn(server.serve_with_incoming(incoming));
    address
}

pub(crate) async fn listen() -> (SocketAddr, TcpIncoming) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    (listener.local_addr().unwrap(), TcpIncoming::from(listener))
}

pub(crate) async fn client(address: SocketAddr) -> OrdersClient<Channel> {
    OrdersClient::connect(format!("http://{address}"))
        .await
        .unwrap()
}

/// The kinds of methods that gRPC has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Unary,
    Gives,
    Takes,
    Talks,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Unary, Self::Gives, Self::Takes, Self::Talks];

    /// Calls the method of this kind with these fields.
    pub(crate) async fn call(
        self,
        client: &mut OrdersClient<Channel>,
        fields: &HeaderMap,
    ) -> Result<String, Status> {
        let one = || with(Text::from("hi"), fields);
        let two = || with(iter([Text::from("a"), Text::from("b")]), fields);
        let answers = match self {
            Self::Unary => return Ok(client.unary(one()).await?.into_inner().text),
            Self::Takes => return Ok(client.takes(two()).await?.into_inner().text),
            Self::Gives => client.gives(one()).await?,
            Self::Talks => client.talks(two()).await?,
        };
        let answers: Vec<Text> = answers.into_inner().collect::<Result<_, _>>().await?;
        assert_eq!(answers.len(), 1);
        Ok(answers[0].text.clone())
    }

    /// What the method has to say to this caller.
    pub(crate) fn answer(self, name: &str) -> String {
        match self {
            Self::Unary | Self::Gives => format!("{name}: hi"),
            Self::Takes | Self::Talks => format!("{name}: a+b"),
        }
    }
}

/// A request with these header fields.
pub(crate) fn with<T>(message: T, fields: &HeaderMap) -> Request<T> {
    let mut request = Request::new(message);
    let metadata: &mut HeaderMap = request.metadata_mut().as_mut();
    for (name, value) in fields {
        metadata.append(name, value.clone());
    }
    request
}

/// Header fields.
pub(crate) fn fields<V: AsRef<[u8]>>(lines: &[(&'static str, V)]) -> HeaderMap {
    lines
        .iter()
        .map(|(name, value)| {
            (
                name.parse::<http::HeaderName>().unwrap(),
                value.as_ref().try_into().unwrap(),
            )
        })
        .fold(
            HeaderMap::new(),
            |mut fields, (name, value): (_, http::HeaderValue)| {
                fields.append(name, value);
                fields
            },
        )
}

pub(crate) fn bearer(token: impl std::fmt::Display) -> HeaderMap {
    fields(&[("authorization", format!("Bearer {token}"))])
}
