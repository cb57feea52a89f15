//! What checks inside of methods need around the server.

use core::task::{Context, Poll};
use std::error::Error;

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{Extensions, HeaderMap, Request};
use http_body::Frame;
use http_body_util::BodyExt as _;
use tonic::body::Body;
use tonic::server::NamedService;
use tower_layer::Layer;
use tower_service::Service;

/// Goes around a server whose methods check for themselves (`request = request`): their checks see the request as it was
/// sent.
///
/// - Trailers of the request are taken out. tonic puts those of a unary or server streaming call into the metadata, in place
///   of fields of the same names, before the method runs. So without this layer a client can send in the trailers what only
///   your proxy may set: the field of [`Transport::from_field`](crate::Transport::from_field), say. RFC 9110 §6.5.1 forbids
///   to merge such fields, and requests of gRPC have no trailers at all.
/// - The target is remembered (`/package.Service/Method`), for schemes that sign it, such as Digest.
///
/// ```no_run
/// use auth_core::tonic::InlineLayer;
///
/// # fn example<S>(greeter_server: S) -> impl Sized
/// # where
/// #     S: tonic::codegen::Service<http::Request<tonic::body::Body>, Response = http::Response<tonic::body::Body>, Error = std::convert::Infallible>
/// #         + tonic::server::NamedService + Clone + Send + Sync + 'static,
/// #     S::Future: Send + 'static,
/// # {
/// tonic::transport::Server::builder()
///     .layer(InlineLayer)
///     .add_service(greeter_server) // GreeterServer::new(..)
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct InlineLayer;

impl<Svc> Layer<Svc> for InlineLayer {
    type Service = InlineService<Svc>;

    fn layer(&self, inner: Svc) -> InlineService<Svc> {
        InlineService(inner)
    }
}

/// A service in an [`InlineLayer`].
#[derive(Clone, Copy, Debug)]
pub struct InlineService<Svc>(Svc);

impl<Svc: NamedService> NamedService for InlineService<Svc> {
    const NAME: &'static str = Svc::NAME;
}

impl<Svc, B> Service<Request<B>> for InlineService<Svc>
where
    Svc: Service<Request<Body>>,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Svc::Response;
    type Error = Svc::Error;
    type Future = Svc::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if let Some(target) = request.uri().path_and_query().cloned() {
            request.extensions_mut().insert(Target(target));
        }
        self.0
            .call(request.map(|body| Body::new(body.map_frame(without_trailers))))
    }
}

fn without_trailers(frame: Frame<Bytes>) -> Frame<Bytes> {
    if frame.is_trailers() {
        Frame::trailers(HeaderMap::new())
    } else {
        frame
    }
}

/// The target of a request. tonic does not show it to methods.
#[derive(Clone)]
struct Target(PathAndQuery);

pub(super) fn target(extensions: &Extensions) -> &str {
    extensions
        .get::<Target>()
        .map_or("/", |Target(target)| target.as_str())
}
