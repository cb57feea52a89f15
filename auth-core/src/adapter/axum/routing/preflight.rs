//! CORS preflights, before any guard.

use core::convert::Infallible;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use axum::routing::Route;
use axum::routing::future::RouteFuture;
use axum_core::extract::Request;
use axum_core::response::{IntoResponse, Response};
use http::header::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::service::HttpLayer;

/// Puts a layer around a route for all requests but those of `OPTIONS` that are no preflight.
#[derive(Clone, Debug)]
pub(super) struct Preflight<L>(pub(super) L);

impl<L: HttpLayer> Layer<Route> for Preflight<L> {
    type Service = PreflightService<L::Service>;

    fn layer(&self, route: Route) -> Self::Service {
        PreflightService {
            layered: self.0.layer(route.clone()),
            route,
        }
    }
}

/// Made by [`Preflight`].
#[derive(Clone, Debug)]
pub(super) struct PreflightService<Svc> {
    layered: Svc,
    route: Route,
}

impl<Svc> Service<Request> for PreflightService<Svc>
where
    Svc: Service<Request, Response: IntoResponse, Error: Into<Infallible>>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answer<Svc::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // Routes are always ready.
        self.layered.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if request.method() == Method::OPTIONS && !is_preflight(request.headers()) {
            Answer::Route {
                future: self.route.call(request),
            }
        } else {
            Answer::Layered {
                future: self.layered.call(request),
            }
        }
    }
}

/// Whether an `OPTIONS` request with these fields is a CORS preflight (Fetch standard, "CORS protocol"): it
/// has `Origin`, and `Access-Control-Request-Method` with a method, both once.
fn is_preflight(fields: &HeaderMap) -> bool {
    let method = once(fields, &ACCESS_CONTROL_REQUEST_METHOD);
    once(fields, &ORIGIN).is_some_and(|origin| !origin.is_empty())
        && method.is_some_and(|method| Method::from_bytes(method.as_bytes()).is_ok())
}

fn once<'r>(fields: &'r HeaderMap, name: &HeaderName) -> Option<&'r HeaderValue> {
    let mut lines = fields.get_all(name).iter();
    match (lines.next(), lines.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

pin_project! {
    /// The answer of the layer, or of the route without it.
    #[project = Projected]
    pub(super) enum Answer<F> {
        Layered { #[pin] future: F },
        Route { #[pin] future: RouteFuture<Infallible> },
    }
}

impl<F, R, E> Future for Answer<F>
where
    F: Future<Output = Result<R, E>>,
    R: IntoResponse,
    E: Into<Infallible>,
{
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            Projected::Layered { future } => {
                let answer = ready!(future.poll(cx));
                Poll::Ready(answer.map(R::into_response).map_err(Into::into))
            }
            Projected::Route { future } => future.poll(cx),
        }
    }
}
