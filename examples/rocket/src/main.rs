//! Guarded routes of Rocket 0.5. There is no adapter for it, since it does things before any guard that no guard should
//! allow (see `auth_core::frameworks::rocket`): this is the way that is left.
//!
//! ```text
//! cargo run -p rocket-example
//! ```
//!
//! prints a fresh API key and `curl` lines for it. `PORT=3000` takes another port than 8080, `PORT=0` a free one.

#![allow(
    clippy::needless_pass_by_value,
    reason = "request guards are taken by value"
)]

mod guarded;

use std::error::Error;
use std::io::{Write as _, stdout};

use auth_core::{ApiKeyGenerator, ApiKeys, AuthState, auth_policy};
use rocket::fairing::AdHoc;
use rocket::{Config, get, post, routes};

use guarded::{Caller, guarded};

#[derive(AuthState)]
struct App {
    #[auth(ApiKey)]
    keys: ApiKeys<Owner>,
}

#[derive(Clone)]
struct Owner(&'static str);

#[auth_policy(scheme = "ApiKey", header = "X-API-Key", realm = "API")]
#[derive(Debug)]
struct Api;

#[get("/hello")]
fn hello(owner: Caller<Owner>) -> String {
    format!("hello {}\n", owner.0.0)
}

/// The guard runs before `<count>` is parsed and `text` is read.
#[post("/repeat/<count>", data = "<text>")]
fn repeat(_owner: Caller<Owner>, count: u8, text: String) -> String {
    text.repeat(usize::from(count))
}

#[get("/health")]
fn health() -> &'static str {
    "ok\n"
}

#[rocket::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8080".to_owned());
    let port: u16 = port.parse().map_err(|error| format!("PORT: {error}"))?;

    let keys = ApiKeys::new();
    let (key, hash) = ApiKeyGenerator::new("demo")?.generate()?;
    keys.insert(&hash, Owner("Example Ltd"));

    let config = Config {
        port,
        // Else Rocket tells of each request.
        log_level: rocket::config::LogLevel::Off,
        ..Config::default()
    };
    let _ended = rocket::custom(config)
        .manage(App { keys })
        .mount("/", guarded::<Api, App, Owner>(routes![hello, repeat]))
        .mount("/", routes![health])
        .attach(AdHoc::on_liftoff("says where it listens", move |rocket| {
            Box::pin(async move {
                let origin = format!("http://127.0.0.1:{}", rocket.config().port);
                let _ = writeln!(
                    stdout(),
                    "curl -i -H 'X-API-Key: {}' {origin}/hello\ncurl -i {origin}/hello\nlistening on {origin}",
                    key.expose()
                );
            })
        }))
        .launch()
        .await?;
    Ok(())
}
