//! `cargo bench --bench requests [-- FILTER]` prints the tables of the README; with
//! `-- --repeat N NAME` it runs one variant N times and measures nothing, for `instructions.py`.

use std::convert::Infallible;
use std::hint::black_box;

use auth_benches::allocations::Counting;
use auth_benches::measure::{Variant, interleaved, print};
use auth_benches::request::{Template, serve};
use auth_benches::{app, causes, jwt};
use axum::body::Body;
use http::{Request, Response, StatusCode};
use tower::Service;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Rounds of interleaved stretches; each figure is a median over so many.
const ROUNDS: usize = 301;

const TOKEN: &str = "opaque token";
const KEY: &str = "API key";
const ROUTED: &str = "refused by a route";
const ALONE: &str = "refusal and response alone";

fn main() {
    // Cargo itself appends `--bench`.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    match &arguments[..] {
        [flag, times, name] if flag == "--repeat" => {
            repeat(times.parse().expect("a number"), name);
        }
        filters => each(
            |group| {
                filters.is_empty() || filters.iter().any(|filter| group.contains(filter.as_str()))
            },
            |group, mut variants| print(group, &interleaved(&mut variants, ROUNDS)),
        ),
    }
}

fn repeat(times: u32, wanted: &str) {
    let (group, name) = wanted.split_once('/').expect("group/variant");
    let is = |other: &str| other == group;
    each(is, |_, variants| {
        for mut variant in variants {
            if variant.name == name {
                (0..times).for_each(|_| (variant.run)());
            }
        }
    });
}

/// The wanted groups, one after the other; the first variant of each is what the others are compared
/// with.
fn each(wanted: impl Fn(&str) -> bool, mut with: impl FnMut(&str, Vec<Variant<'_>>)) {
    if wanted(TOKEN) || wanted(KEY) {
        in_memory(|group, variants| {
            if wanted(group) {
                with(group, variants);
            }
        });
    }
    for case in jwt::cases(&wanted) {
        signed(&case, &mut with);
    }
    if wanted(ROUTED) {
        routed(&mut with);
    }
    if wanted(ALONE) {
        alone(&mut with);
    }
}

fn in_memory(mut with: impl FnMut(&str, Vec<Variant<'_>>)) {
    let (state, key) = app::state();
    let open = app::unguarded(&state);
    let token = Template::authorization(&format!("Bearer {}", app::TOKEN));
    let key = Template::api_key(&key);
    for (group, template, [guarded, by_hand]) in [
        (TOKEN, token, app::by_token(&state)),
        (KEY, key, app::by_key(&state)),
    ] {
        with(
            group,
            vec![
                served("unguarded", &open, &template, StatusCode::OK),
                served("guarded", &guarded, &template, StatusCode::OK),
                served("by hand", &by_hand, &template, StatusCode::OK),
            ],
        );
    }
}

fn signed(case: &jwt::Case, with: &mut impl FnMut(&str, Vec<Variant<'_>>)) {
    let token = Template::authorization(&format!("Bearer {}", case.token));
    let [open, guarded, by_hand] = case.routers();
    let seen = case.seen_before();
    let (authorizer, resource_server) = case.peers();
    with(
        case.name,
        vec![
            served("unguarded", &open, &token, StatusCode::OK),
            served("guarded", &guarded, &token, StatusCode::OK),
            served("guarded, seen before", &seen, &token, StatusCode::OK),
            served("by hand", &by_hand, &token, StatusCode::OK),
            served("jwt-authorizer", authorizer, &token, StatusCode::OK),
            served(
                "tower-oauth2-resource-server",
                resource_server,
                &token,
                StatusCode::OK,
            ),
            Variant::new("jsonwebtoken alone", || {
                black_box(case.decoded());
            }),
            Variant::new("raw", || {
                black_box(case.raw());
            }),
            Variant::new("signature alone", || assert!(case.signature())),
        ],
    );
}

fn routed(with: &mut impl FnMut(&str, Vec<Variant<'_>>)) {
    let open = app::unguarded(&app::state().0);
    let nobody = Template::without_credentials();
    let refused = causes::all();
    let expired = jwt::cases(|name| name == "HS256").remove(0);
    let [_, guarded, by_hand] = expired.routers();
    let late = Template::authorization(&format!("Bearer {}", expired.expired));
    let mut variants = vec![served("unguarded", &open, &nobody, StatusCode::OK)];
    for case in &refused {
        variants.push(served(case.name, &case.router, &case.template, case.status));
    }
    let unauthorized = StatusCode::UNAUTHORIZED;
    variants.push(served("JWT (HS256) expired", &guarded, &late, unauthorized));
    variants.push(served("the same, by hand", &by_hand, &late, unauthorized));
    with(ROUTED, variants);
}

fn alone(with: &mut impl FnMut(&str, Vec<Variant<'_>>)) {
    let refused = causes::all();
    let variants = refused.iter().map(|case| {
        let request = case.template.request();
        Variant::new(case.name, move || {
            let refusal = (case.refuse)(&case.app, &request);
            black_box(refusal.into_response::<Body>());
        })
    });
    with(ALONE, variants.collect());
}

/// A route, which is first seen to answer as it should.
fn served<'a, S, B>(
    name: &'a str,
    router: &'a S,
    template: &'a Template,
    status: StatusCode,
) -> Variant<'a>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone,
{
    assert_eq!(serve(router, template), status, "{name}");
    Variant::new(name, move || {
        black_box(serve(router, template));
    })
}
