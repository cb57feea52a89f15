//! One handler on each framework, open and guarded by an opaque token that is known in memory. The first variant of each
//! is the open one, behind as many routes as the others.

use std::hint::black_box;

use auth_core::auth_policy;

use crate::app;
use crate::measure::Variant;
use crate::request::Template;

pub mod actix;
mod axum;
mod http;
mod poem;
mod salvo;
mod tonic;
mod tower;

/// What is compared on one framework.
pub type Variants = fn() -> Vec<Variant<'static>>;

/// All frameworks, by name.
pub const ALL: [(&str, Variants); 7] = [
    ("axum", axum::variants),
    ("http", http::variants),
    ("tower", tower::variants),
    ("tonic", tonic::variants),
    ("actix", actix::variants),
    ("poem", poem::variants),
    ("salvo", salvo::variants),
];

/// What guards services.
#[auth_policy(scheme = "Bearer", realm = "API")]
#[derive(Debug)]
pub(crate) struct Api;

fn template() -> Template {
    Template::authorization(&format!("Bearer {}", app::TOKEN))
}

/// One request, whose status is returned. It is first seen to be admitted.
fn served(name: &str, mut status: impl FnMut() -> u16 + 'static) -> Variant<'static> {
    assert_eq!(status(), 200, "{name}");
    Variant::new(name, move || {
        black_box(status());
    })
}
