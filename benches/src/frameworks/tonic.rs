//! tonic: a unary method, as the code generator of tonic calls it.

use std::convert::Infallible;
use std::future::Future;
use std::hint::black_box;
use std::sync::Arc;

use auth_core::tonic::{GuardLayer, InlineLayer};
use auth_core::{Authenticated, requires_auth};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use tonic::body::Body;
use tonic::server::Grpc;
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;
use tower::{Layer as _, Service, ServiceExt as _, service_fn};

use super::{Api, served, template};
use crate::app::{self, App, User};
use crate::measure::Variant;
use crate::request::run;

/// The message of the method.
#[derive(Clone, PartialEq, Eq, prost::Message)]
struct Text {
    #[prost(string, tag = "1")]
    text: String,
}

type Answer = Result<Response<Text>, Status>;

async fn open(request: Request<Text>, _: Arc<App>) -> Answer {
    Ok(Response::new(request.into_inner()))
}

async fn behind(request: Request<Text>, _: Arc<App>) -> Answer {
    let user: Option<&Authenticated<User>> = request.extensions().get();
    black_box(&user.expect("the layer puts it there").name);
    Ok(Response::new(request.into_inner()))
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app, identity = user: User)]
async fn inline(request: Request<Text>, app: Arc<App>) -> Answer {
    black_box(&user.name);
    Ok(Response::new(request.into_inner()))
}

pub(super) fn variants() -> Vec<Variant<'static>> {
    let (app, _) = app::state();
    let layer = GuardLayer::<Api, _, Authenticated<User>>::new(app.clone());
    vec![
        called("unguarded", server(&app, open)),
        called("GuardLayer", layer.layer(server(&app, behind))),
        called("in the method", InlineLayer.layer(server(&app, inline))),
    ]
}

fn server<F: Future<Output = Answer> + Send + 'static>(
    app: &Arc<App>,
    method: fn(Request<Text>, Arc<App>) -> F,
) -> impl Service<http::Request<Body>, Response = http::Response<Body>, Error = Infallible, Future: Send>
+ Clone
+ Send
+ 'static {
    let app = app.clone();
    service_fn(move |request: http::Request<Body>| {
        let app = app.clone();
        async move {
            let method = service_fn(|request| method(request, app.clone()));
            let mut grpc = Grpc::new(ProstCodec::default());
            Ok(grpc.unary(method, request).await)
        }
    })
}

fn called<S>(name: &str, server: S) -> Variant<'static>
where
    S: Service<http::Request<Body>, Response = http::Response<Body>, Error = Infallible>
        + Clone
        + 'static,
{
    // Not compressed, ten octets: the first field, of eight octets.
    let message = Bytes::from_static(b"\0\0\0\0\x0a\x0a\x08metadata");
    let template = template();
    served(name, move || {
        let message = http_body_util::Full::new(message.clone());
        let mut request = http::Request::new(Body::new(message));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = http::Uri::from_static("/auth.bench.Texts/Echo");
        template.fill(request.headers_mut());
        let kind = HeaderValue::from_static("application/grpc");
        request.headers_mut().insert(CONTENT_TYPE, kind);
        let answer = run(server.clone().oneshot(request)).expect("never fails");
        // Whatever it says, gRPC says it with 200.
        assert!(!answer.headers().contains_key("grpc-status"));
        answer.status().as_u16()
    })
}
