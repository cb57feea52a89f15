//! What Digest needs of a layer.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use axum::routing::MethodRouter;
use axum_core::extract::Request;
use axum_core::response::{IntoResponse, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::adapter::endpoint::Decision;
use crate::exchange::{Exchange, needs_exchange, offers_auth_int};

/// Shows guards of Digest (RFC 7616) what an extractor cannot see, and adds what they say to the answer:
///
/// - the content of the request, which `auth-int` covers. It is read if a guard asks for it, up to the limit of the
///   verifier, and the handler gets it as it was sent;
/// - the target as the client sent it, where layers behind this one rewrite it;
/// - `Authentication-Info` in the answer to an admitted request. With `auth-int` that covers the content of the answer,
///   which is read for it if its length is known and within the limit; a stream goes on as it is, without the field.
///
/// A [`GuardedRouter`](super::GuardedRouter) brings it along for the paths that need it. On a plain [`axum::Router`]
/// it is added once, around all routes. There, without it, `auth-int` is answered 500, and `auth` works without
/// `Authentication-Info`:
///
/// ```
/// use auth_core::axum::DigestLayer;
/// # fn example(router: axum::Router) -> axum::Router {
/// router.layer(DigestLayer::new())
/// # }
/// ```
///
/// How long a guard waits for content is up to the client, and to whoever limits it: a `TimeoutLayer` of tower-http around
/// this layer, the server, or a proxy. How much is held for all requests meanwhile is bounded by the verifier
/// ([`with_max_content_in_flight`](crate::digest::DigestVerifierBuilder::with_max_content_in_flight)).
///
/// What guards say is for whoever presented the credentials: if a handler makes a request of its own, with the extensions of
/// the one that it answers and other credentials, a guard there adds nothing to the answer here.
///
/// Layers that change bodies belong behind it: what the client sent is what its digest covers, and what the client gets is
/// what `Authentication-Info` covers. On a `GuardedRouter`, whose layers run before the guards, a handler that is under
/// `auth-int` decompresses for itself.
#[derive(Clone, Copy, Debug)]
pub struct DigestLayer {
    shows_content: bool,
}

impl DigestLayer {
    /// The layer. Each request pays for it with a few small allocations, whether a guard of Digest looks at it or not: on a
    /// large plain router, put it around the routes that need it.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            shows_content: true,
        }
    }

    /// What the guards of these decisions need; `None`, if they need nothing.
    pub(super) fn needed_by(decisions: impl IntoIterator<Item = Decision>) -> Option<Self> {
        let mut layer = None;
        for decision in decisions {
            if let Decision::Demands { spec, .. } = decision
                && needs_exchange(spec)
            {
                let Self { shows_content } = layer.unwrap_or(Self {
                    shows_content: false,
                });
                layer = Some(Self {
                    shows_content: shows_content || offers_auth_int(spec),
                });
            }
        }
        layer
    }

    /// Puts it around handlers whose decisions these are, if they need it. It knows no handler, so that its code exists
    /// once for each state.
    pub(super) fn around<S: Clone + 'static>(
        methods: MethodRouter<S>,
        decisions: impl IntoIterator<Item = Decision>,
    ) -> MethodRouter<S> {
        match Self::needed_by(decisions) {
            Some(layer) => methods.layer(layer),
            None => methods,
        }
    }
}

impl Default for DigestLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<Svc> Layer<Svc> for DigestLayer {
    type Service = DigestService<Svc>;

    fn layer(&self, inner: Svc) -> Self::Service {
        DigestService {
            inner,
            layer: *self,
        }
    }
}

/// Made by [`DigestLayer`].
#[derive(Clone)]
pub struct DigestService<Svc> {
    inner: Svc,
    layer: DigestLayer,
}

impl<Svc> fmt::Debug for DigestService<Svc> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DigestService")
    }
}

impl<Svc> Service<Request> for DigestService<Svc>
where
    Svc: Service<Request, Response: IntoResponse, Future: Send + 'static>,
{
    type Response = Response;
    type Error = Svc::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Svc::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Svc::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (mut parts, mut body) = request.into_parts();
        let exchange = if self.layer.shows_content {
            Exchange::of(&mut parts, &mut body)
        } else {
            Exchange::of_head(&mut parts)
        };
        let answer = self.inner.call(Request::from_parts(parts, body));
        Box::pin(async move {
            let response = answer.await?.into_response();
            Ok(exchange.complete(response).await)
        })
    }
}
