//! The handlers of all frameworks, on salvo.

use std::fmt::Display;

use auth_core::salvo::DigestHoop;
use auth_tests::app::registry;
use auth_tests::drivers::{self, Driver};
use auth_tests::handlers::*;
use http_body_util::BodyExt as _;
use salvo::prelude::*;

use super::serve;

pub const SALVO: Driver = Driver {
    name: drivers::SALVO,
    serve: |listener, pace, settings| serve(listener, routes(registry(pace, settings))),
};

macro_rules! table {
    ($($(#[$($decision:tt)*])* $name:ident($($caller:ident: $identity:ty)?) => $who:expr;)*) => {
        $(
            $(#[$($decision)*])*
            #[handler]
            async fn $name($($caller: $identity,)? request: &mut Request, response: &mut Response) {
                answer(stringify!($name), &$who, request, response).await;
            }
        )*

        fn routes(registry: auth_core::Registry) -> Router {
            let deep = Router::with_path("b").push(Router::with_path("clerks").get(clerks));
            let nested = Router::with_path("a")
                .push(Router::with_path("bearer").get(bearer))
                .push(Router::with_path("items/{id}").get(bearer))
                .push(deep);
            Router::new()
                .hoop(registry)
                .hoop(DigestHoop::new())
                $(.push(Router::with_path(stringify!($name)).goal($name)))*
                .push(nested)
                .push(Router::with_path("{**rest}").goal(elsewhere))
        }
    };
}

auth_tests::handlers!(table);

async fn answer(
    handler: &'static str,
    who: &(dyn Display + Sync),
    request: &mut Request,
    response: &mut Response,
) {
    let body = request.take_body().collect().await.unwrap().to_bytes();
    let case = request.headers().get(CASE).map(http::HeaderValue::as_bytes);
    response.add_header(HANDLER, handler, true).unwrap();
    response
        .write_body(served(handler, who, case, &body))
        .unwrap();
}
