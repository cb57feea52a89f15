//! tower: a layer before a service.

use std::convert::Infallible;
use std::hint::black_box;

use auth_core::Authenticated;
use auth_core::tower::GuardLayer;
use axum::body::Body;
use http::{Request, Response};
use tower::{Layer as _, service_fn};

use super::{Api, served, template};
use crate::app::{self, User};
use crate::measure::Variant;
use crate::request::serve;

async fn open(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(Response::new("ok".into()))
}

async fn behind(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let user: Option<&Authenticated<User>> = request.extensions().get();
    black_box(&user.expect("the layer puts it there").name);
    Ok(Response::new("ok".into()))
}

pub(super) fn variants() -> Vec<Variant<'static>> {
    let (open, template, again) = (service_fn(open), template(), template());
    let layer = GuardLayer::<Api, _, Authenticated<User>>::new(app::state().0);
    let guarded = layer.layer(service_fn(behind));
    vec![
        served("unguarded", move || serve(&open, &template).as_u16()),
        served("GuardLayer", move || serve(&guarded, &again).as_u16()),
    ]
}
