use std::panic::Location;

use actix_web::dev::Payload;
use actix_web::{HttpRequest, HttpResponse};
use auth_core::actix::Arguments;

struct Open;
struct NoGuard;

impl<S> Arguments<S, Open> for NoGuard {
    fn mount(_: &S, _: &'static Location<'static>) {}

    async fn call(_: &Open, _: &S, _: &HttpRequest, _: &mut Payload) -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

fn main() {}
