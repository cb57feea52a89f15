//! Guards around routes of Rocket 0.5.
//!
//! For an application to copy. What Rocket does before any guard, and no guard can mend, is told on the page
//! `auth_core::frameworks::rocket`.

use std::io::Cursor;
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

use auth_core::http::check;
use auth_core::{Accepts, AuthState, Authenticated, Fields, Policy, Refusal, RequestView};
use bytes::Bytes;
use rocket::http::{HeaderMap, Status};
use rocket::request::{FromRequest, Request};
use rocket::route::{Handler, Outcome, Route};
use rocket::{Data, Response, async_trait};

/// The same routes, for those only who meet policy `P`. The state `App` is one that Rocket manages; handlers take the
/// caller as [`Caller<T>`].
pub(crate) fn guarded<P, App, T>(routes: Vec<Route>) -> Vec<Route>
where
    P: Policy,
    P::Accepts: Accepts<App, Authenticated<T>>,
    App: AuthState + 'static,
    T: Clone + Send + Sync + 'static,
{
    let routes = routes.into_iter().map(|mut route| {
        route.handler = Box::new(Guarded::<P, App, T> {
            inner: route.handler,
            policy: PhantomData,
        });
        route
    });
    routes.collect()
}

/// Whose credentials were verified. A route that is not [`guarded`] for this `T` answers 500.
pub(crate) struct Caller<T>(pub(crate) Authenticated<T>);

struct Guarded<P, App, T> {
    inner: Box<dyn Handler>,
    policy: PhantomData<Types<P, App, T>>,
}

type Types<P, App, T> = fn() -> (P, App, T);

impl<P, App, T> Clone for Guarded<P, App, T> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            policy: PhantomData,
        }
    }
}

#[async_trait]
impl<P, App, T> Handler for Guarded<P, App, T>
where
    P: Policy + 'static,
    P::Accepts: Accepts<App, Authenticated<T>>,
    App: AuthState + 'static,
    T: Clone + Send + Sync + 'static,
{
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let Some(app) = request.rocket().state::<App>() else {
            rocket::error!("no state was given to `rocket::build().manage(..)`");
            return Outcome::Error(Status::InternalServerError);
        };
        let target = request.uri().to_string();
        let lines = Lines(request.headers());
        let view = RequestView::new(request.method().as_str(), &target, &lines);
        match check::<P, Authenticated<T>, App>(app, view).await {
            Ok(caller) => {
                remember(request, Some(caller));
                let outcome = self.inner.handle(request, data).await;
                // A route that this one forwards to has a guard of its own, or none.
                remember::<T>(request, None);
                outcome
            }
            // As what a handler answers: catchers see errors only, and write answers of their own.
            Err(refusal) => Outcome::Success(answer(refusal)),
        }
    }
}

pub(crate) struct Lines<'a, 'h>(pub(crate) &'a HeaderMap<'h>);

impl Fields for Lines<'_, '_> {
    fn each<'f>(&'f self, name: &str, visit: &mut dyn FnMut(&'f [u8])) {
        for line in self.0.get(name) {
            visit(line.as_bytes());
        }
    }
}

struct Remembered<T>(Mutex<Option<Authenticated<T>>>);

fn remembered<'r, T: Send + Sync + 'static>(
    request: &'r Request<'_>,
) -> &'r Mutex<Option<Authenticated<T>>> {
    let Remembered(caller) = request.local_cache(|| Remembered(Mutex::new(None)));
    caller
}

fn remember<T: Send + Sync + 'static>(request: &Request<'_>, caller: Option<Authenticated<T>>) {
    let remembered = remembered(request).lock();
    *remembered.unwrap_or_else(PoisonError::into_inner) = caller;
}

#[async_trait]
impl<'r, T: Clone + Send + Sync + 'static> FromRequest<'r> for Caller<T> {
    type Error = &'static str;

    async fn from_request(request: &'r Request<'_>) -> rocket::request::Outcome<Self, Self::Error> {
        let remembered = remembered(request).lock();
        let caller = remembered.unwrap_or_else(PoisonError::into_inner).clone();
        match caller {
            Some(caller) => rocket::request::Outcome::Success(Self(caller)),
            None => rocket::request::Outcome::Error((
                Status::InternalServerError,
                "put `guarded::<..>(..)` around the routes",
            )),
        }
    }
}

fn answer(refusal: Refusal) -> Response<'static> {
    let (parts, content) = refusal.into_response::<Bytes>().into_parts();
    let mut response = Response::build();
    response.status(Status::new(parts.status.as_u16()));
    for (name, value) in &parts.headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        response.raw_header_adjoin(name.to_string(), value);
    }
    response
        .sized_body(content.len(), Cursor::new(content))
        .finalize()
}
