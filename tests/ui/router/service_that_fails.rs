use auth_core::axum::GuardedRouter;
use axum::{body::Body, extract::Request, response::Response};
use tower_service::Service;

fn routes<Proxy>(proxy: Proxy) -> GuardedRouter
where
    Proxy: Service<Request, Response = Response<Body>, Error = std::io::Error>,
    Proxy: Clone + Send + Sync + 'static,
    Proxy::Future: Send,
{
    GuardedRouter::new().public_service("/api/{*rest}", "it asks for itself", proxy)
}

fn main() {}
