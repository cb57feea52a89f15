//! Features only add: one program serves the same handler on every framework at once, and all answer alike.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use auth_core::{
    AuthState, Authenticated, Bearer, BearerToken, Cause, FnVerifier, Grants, Registry, Verified,
    auth_policy, requires_auth,
};
use auth_grpc::Text;
use auth_grpc::orders_client::OrdersClient;
use auth_tests::raw::{self, Answer};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tonic::Code;
use tower::ServiceExt as _;

#[derive(Clone)]
struct User(&'static str);

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, User>,
}

#[auth_policy(scheme = "Bearer", realm = "Shop")]
struct Shop;

#[auth_policy(Shop, scope = "orders:read")]
struct ReadOrders;

fn tokens() -> FnVerifier<Bearer, User> {
    FnVerifier::new(|token: BearerToken<'_>| match token.expose() {
        "good" => {
            Ok(Verified::new(User("ann")).with_grants(Grants::none().with_scopes(["orders:read"])))
        }
        "narrow" => Ok(Verified::new(User("bob"))),
        _ => Err(Cause::invalid_token("unknown")),
    })
}

fn app() -> Arc<App> {
    Arc::new(App { tokens: tokens() })
}

fn registry() -> Registry {
    Registry::builder().bearer(tokens()).build().unwrap()
}

fn hello(user: &User) -> String {
    format!("hello {}", user.0)
}

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn serve_axum(router: axum::Router) -> SocketAddr {
    let (listener, address) = listener();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn on_axum() -> SocketAddr {
    #[requires_auth(ReadOrders)]
    async fn orders(user: Authenticated<User>) -> String {
        hello(&user)
    }
    let router = auth_core::axum::GuardedRouter::new()
        .route("/orders", auth_core::axum::get(orders))
        .with_state(app());
    serve_axum(router.into_router())
}

fn on_hyper() -> SocketAddr {
    #[requires_auth(ReadOrders)]
    async fn orders(
        user: Authenticated<User>,
        _: Request<hyper::body::Incoming>,
    ) -> Response<Full<Bytes>> {
        Response::new(hello(&user).into())
    }
    let (listener, address) = listener();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let orders = auth_core::http::Guarded::new(app(), orders);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let orders = orders.clone();
            let service = hyper::service::service_fn(move |request| {
                let answer = orders.call(request);
                async move { Ok::<_, Infallible>(answer.await) }
            });
            let stream = hyper_util::rt::TokioIo::new(stream);
            tokio::spawn(
                hyper::server::conn::http1::Builder::new().serve_connection(stream, service),
            );
        }
    });
    address
}

fn on_tower() -> SocketAddr {
    let service = tower::service_fn(async |request: axum::extract::Request| {
        let user = request.extensions().get::<Authenticated<User>>().unwrap();
        Ok::<_, Infallible>(Response::new(axum::body::Body::from(hello(user))))
    });
    let guard = auth_core::tower::GuardLayer::<ReadOrders, _, Authenticated<User>>::new(app());
    serve_axum(axum::Router::new().route_service("/orders", tower::Layer::layer(&guard, service)))
}

fn on_mcp() -> SocketAddr {
    let service = tower::service_fn(
        async |request: Request<auth_core::mcp::McpBody<axum::body::Body>>| {
            let user = request.extensions().get::<Authenticated<User>>().unwrap();
            Ok::<_, Infallible>(Response::new(Full::<Bytes>::from(hello(user))))
        },
    );
    let guard = auth_core::mcp::McpLayer::<ReadOrders, _, Authenticated<User>>::builder(app())
        .build()
        .unwrap();
    let service = tower::Layer::layer(&guard, service);
    let service = service.map_response(|answer| answer.map(axum::body::Body::new));
    serve_axum(axum::Router::new().route_service("/orders", service))
}

/// actix-web runs on threads of its own.
fn serve_actix(
    configure: impl Fn(&mut actix_web::web::ServiceConfig) + Clone + Send + 'static,
) -> SocketAddr {
    let (listener, address) = listener();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(
            actix_web::HttpServer::new(move || actix_web::App::new().configure(configure.clone()))
                .workers(1)
                .disable_signals()
                .listen(listener)
                .unwrap()
                .run(),
        )
    });
    address
}

fn on_actix() -> SocketAddr {
    #[actix_web::get("/orders")]
    #[requires_auth(ReadOrders)]
    async fn orders(user: Authenticated<User>) -> String {
        hello(&user)
    }
    let registry = registry();
    serve_actix(move |config| {
        config.app_data(registry.clone()).service(orders);
    })
}

fn on_actix_scope() -> SocketAddr {
    #[requires_auth(ReadOrders)]
    async fn orders(user: Authenticated<User>) -> String {
        hello(&user)
    }
    let scope = auth_core::actix::GuardedScope::new("", app())
        .route("/orders", auth_core::actix::get(orders));
    serve_actix(move |config| {
        config.service(scope.clone());
    })
}

fn serve_poem(endpoint: impl poem::Endpoint + 'static) -> SocketAddr {
    let (listener, address) = listener();
    let acceptor = poem::listener::TcpAcceptor::from_std(listener).unwrap();
    tokio::spawn(poem::Server::new_with_acceptor(acceptor).run(endpoint));
    address
}

fn on_poem() -> SocketAddr {
    #[requires_auth(ReadOrders)]
    #[poem::handler]
    async fn orders(user: Authenticated<User>) -> String {
        hello(&user)
    }
    let route = poem::Route::new().at("/orders", poem::get(orders));
    serve_poem(poem::EndpointExt::data(route, registry()))
}

fn on_poem_routes() -> SocketAddr {
    #[requires_auth(ReadOrders)]
    async fn orders(user: Authenticated<User>) -> String {
        hello(&user)
    }
    let routes = auth_core::poem::GuardedRoute::new(app());
    serve_poem(routes.at("/orders", auth_core::poem::get(orders)))
}

fn on_salvo() -> SocketAddr {
    use salvo::Writer as _;

    #[requires_auth(ReadOrders)]
    #[salvo::handler]
    async fn orders(user: Authenticated<User>) -> String {
        hello(&user)
    }
    let (listener, address) = listener();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let acceptor = salvo::conn::tcp::TcpAcceptor::try_from(listener).unwrap();
    let router = salvo::Router::new()
        .hoop(registry())
        .push(salvo::Router::with_path("orders").get(orders));
    tokio::spawn(salvo::Server::new(acceptor).serve(router));
    address
}

async fn ask(address: SocketAddr, token: Option<&str>) -> Answer {
    let credentials = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
    let request = format!(
        "GET /orders HTTP/1.1\r\nHost: shop.example\r\n{}\r\n",
        credentials.unwrap_or_default()
    );
    raw::exchange(address, request).await.unwrap()
}

const PLAIN: &str = r#"Bearer realm="Shop", scope="orders:read""#;
const INVALID: &str = r#"Bearer realm="Shop", scope="orders:read", error="invalid_token", error_description="Token invalid""#;
const NARROW: &str = r#"Bearer realm="Shop", scope="orders:read", error="insufficient_scope""#;

#[tokio::test(flavor = "multi_thread")]
async fn one_program_serves_them_all() {
    let servers = [
        ("axum", on_axum()),
        ("hyper", on_hyper()),
        ("tower", on_tower()),
        ("mcp", on_mcp()),
        ("actix-web", on_actix()),
        ("actix-web, scope", on_actix_scope()),
        ("poem", on_poem()),
        ("poem, routes", on_poem_routes()),
        ("salvo", on_salvo()),
    ];
    for (name, address) in servers {
        for (token, status, challenge) in [
            (None, 401, PLAIN),
            (Some("bad"), 401, INVALID),
            (Some("narrow"), 403, NARROW),
        ] {
            let answer = ask(address, token).await;
            assert_eq!(answer.status(), status, "{name} {token:?}");
            assert_eq!(
                answer.field("www-authenticate"),
                [challenge],
                "{name} {token:?}"
            );
            assert_eq!(
                answer.field("cache-control"),
                ["no-store"],
                "{name} {token:?}"
            );
        }
        let answer = ask(address, Some("good")).await;
        assert_eq!(
            (answer.status(), &*answer.body),
            (200, "hello ann"),
            "{name}"
        );
    }
}

/// What the method tells whom it finds in the extensions.
struct Orders;

#[tonic::async_trait]
impl auth_grpc::orders_server::Orders for Orders {
    type GivesStream = tokio_stream::Empty<Result<Text, tonic::Status>>;
    type TalksStream = tokio_stream::Empty<Result<Text, tonic::Status>>;

    async fn unary(
        &self,
        request: tonic::Request<Text>,
    ) -> Result<tonic::Response<Text>, tonic::Status> {
        let user = request.extensions().get::<Authenticated<User>>().unwrap();
        Ok(tonic::Response::new(Text::from(&*hello(user))))
    }

    async fn gives(
        &self,
        _: tonic::Request<Text>,
    ) -> Result<tonic::Response<Self::GivesStream>, tonic::Status> {
        Ok(tonic::Response::new(tokio_stream::empty()))
    }

    async fn takes(
        &self,
        _: tonic::Request<tonic::Streaming<Text>>,
    ) -> Result<tonic::Response<Text>, tonic::Status> {
        Ok(tonic::Response::new(Text::from("")))
    }

    async fn talks(
        &self,
        _: tonic::Request<tonic::Streaming<Text>>,
    ) -> Result<tonic::Response<Self::TalksStream>, tonic::Status> {
        Ok(tonic::Response::new(tokio_stream::empty()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn and_grpc_beside_them() {
    let (listener, address) = listener();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let incoming = tonic::transport::server::TcpIncoming::from(listener);
    let guard = auth_core::tonic::GuardLayer::<ReadOrders, _, Authenticated<User>>::new(app());
    let service = auth_grpc::orders_server::OrdersServer::new(Orders);
    let server = tonic::transport::Server::builder()
        .layer(guard)
        .add_service(service)
        .serve_with_incoming(incoming);
    tokio::spawn(server);
    let mut client = OrdersClient::connect(format!("http://{address}"))
        .await
        .unwrap();
    for (token, code) in [
        (None, Code::Unauthenticated),
        (Some("narrow"), Code::PermissionDenied),
        (Some("good"), Code::Ok),
    ] {
        let mut request = tonic::Request::new(Text::from(""));
        if let Some(token) = token {
            let credentials = format!("Bearer {token}").parse().unwrap();
            request.metadata_mut().insert("authorization", credentials);
        }
        let answer = client.unary(request).await;
        assert_eq!(
            answer
                .as_ref()
                .map_or_else(tonic::Status::code, |_| Code::Ok),
            code
        );
        if let Ok(answer) = answer {
            assert_eq!(answer.into_inner().text, "hello ann");
        }
    }
}
