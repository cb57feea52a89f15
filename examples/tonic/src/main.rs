//! A gRPC service, guarded in both ways: a layer asks who it is, and a method asks for a scope beside that. The health
//! service is public.
//!
//! ```text
//! cargo run -p tonic-example
//! ```
//!
//! prints fresh API keys, and lines to call it with them: with the client, and with curl, which shows what is on the wire.
//! `PORT=3000` takes another port than 50051, `PORT=0` a free one.

use std::error::Error;
use std::io::{Write as _, stdout};
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::Arc;

use auth_core::tonic::{GuardLayer, InlineLayer};
use auth_core::{ApiKeyGenerator, ApiKeys, AuthState, Authenticated, Grants};
use auth_core::{auth_policy, requires_auth};
use tokio::net::TcpListener;
use tokio_stream::Stream;
use tonic::service::LayerExt as _;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};
use tonic_example::greeter_server::{Greeter, GreeterServer};
use tonic_example::{HelloReply, HelloRequest};

/// Who checks what.
#[derive(AuthState)]
struct App {
    #[auth(ApiKey)]
    keys: ApiKeys<&'static str>,
}

#[auth_policy(scheme = "ApiKey", header = "x-api-key", realm = "Greeter")]
struct Api;

struct MyGreeter {
    app: Arc<App>,
}

#[tonic::async_trait]
impl Greeter for MyGreeter {
    /// For everybody whom the layer in `main` lets through. It leaves the caller in the extensions.
    async fn hello(&self, request: Request<HelloRequest>) -> Result<Response<HelloReply>, Status> {
        let caller = request.extensions().get::<Authenticated<&'static str>>();
        let caller = caller.ok_or_else(|| Status::internal("there is no layer"))?;
        let message = format!("{}, {}", request.get_ref().greeting, **caller);
        Ok(Response::new(HelloReply { message }))
    }

    type GreetingsStream = Pin<Box<dyn Stream<Item = Result<HelloReply, Status>> + Send>>;

    /// Asks for more: the check stands before the first line.
    #[requires_auth(Api, scope = "many", request = request, state = self.app, identity = caller: &'static str)]
    async fn greetings(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<Self::GreetingsStream>, Status> {
        let greeting = request.into_inner().greeting;
        let replies = (1..=3).map(move |number| {
            let message = format!("{number}: {greeting}, {}", *caller);
            Ok(HelloReply { message })
        });
        Ok(Response::new(Box::pin(tokio_stream::iter(replies))))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "50051".to_owned());
    let port: u16 = port.parse().map_err(|error| format!("PORT: {error}"))?;
    let keys = ApiKeys::new();
    let (key, hash) = ApiKeyGenerator::new("demo")?.generate()?;
    keys.insert(&hash, "Example Ltd");
    let (friend, hash) = ApiKeyGenerator::new("demo")?.generate()?;
    keys.insert_with_grants(&hash, "Friends", Grants::none().with_scopes(["many"]));
    let app = Arc::new(App { keys });

    let guard = GuardLayer::<Api, _, Authenticated<&'static str>>::new(Arc::clone(&app));
    let (_, health) = tonic_health::server::health_reporter();
    let server = Server::builder()
        .layer(InlineLayer) // for the check in `greetings`
        .add_service(guard.named_layer(GreeterServer::new(MyGreeter { app })))
        .add_service(health);

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    let client = format!("cargo run -p tonic-example --bin greet -- http://{address}");
    let (key, friend) = (key.expose(), friend.expose());
    writeln!(
        stdout(),
        "{client} hello {key}\n{client} hello\n{client} greetings {key}\n{client} greetings {friend}\n\
         curl -i --http2-prior-knowledge -X POST -H 'Content-Type: application/grpc' http://{address}/example.Greeter/Hello\n\
         listening on http://{address}"
    )?;
    Ok(server
        .serve_with_incoming(TcpIncoming::from(listener))
        .await?)
}
