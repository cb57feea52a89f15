//! The servers that must all answer alike, each on a socket of its own.
//!
//! # A driver
//!
//! A framework comes into the tests by one [`Driver`]: a name, and a function that serves the handlers of
//! [`handlers!`](crate::handlers!) on a listener.
//!
//! 1. A macro makes handlers of the framework from the table: the decision of the row above a function that takes the
//!    caller of the row, reads the body, and answers 200 with what [`served`](crate::handlers::served) says and the field
//!    [`HANDLER`](crate::handlers::HANDLER).
//! 2. Each handler is routed at `/` and its name, for all methods; in a router or scope `/a` there are `GET bearer`,
//!    `GET items/{id}` for `bearer` as well, and in a further one `/a/b` `GET clerks`. Everything else gets `elsewhere`.
//! 3. The state is [`App::with_settings`](crate::app::App::with_settings), or
//!    [`registry`](crate::app::registry) where the framework knows no type of it.
//! 4. The framework says nothing by itself: no layers, catchers or error handlers, but those that its page asks for.
//! 5. It has a line in [`drivers!`](crate::drivers!), and so a test in each file that runs on all of them; one in a
//!    package of its own is given to the same functions there ([`conforms`](crate::conformance::conforms),
//!    [`no_spelling_leads_past_the_guard`](crate::paths::no_spelling_leads_past_the_guard),
//!    [`each_request_is_judged_by_itself`](crate::connections::each_request_is_judged_by_itself)).
//!
//! Where it cannot answer as the others do, the difference is listed in
//! [`ACCEPTED`](crate::conformance::accepted::ACCEPTED), with its reason.

mod hyper;
mod inline;
mod layer;
#[expect(non_camel_case_types, reason = "the names of the handlers")]
mod policies;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use auth_core::Settings;

use crate::app::{self, App, Pace};
use crate::servers;

/// A way to serve the handlers of [`handlers!`](crate::handlers!).
#[derive(Clone, Copy)]
pub struct Driver {
    pub name: &'static str,
    /// Serves until the test ends. It is called within a tokio runtime, and the listener does not block.
    pub serve: fn(TcpListener, Pace, Settings),
}

/// Hands the names of tests and the drivers of this package to a macro of the caller.
#[macro_export]
macro_rules! drivers {
    ($table:ident) => {
        $table! {
            http = HTTP;
            tower = TOWER;
            layer = LAYER;
            check = CHECK;
            axum = AXUM;
            axum_guarded_router = GUARDED_ROUTER;
        }
    };
}

macro_rules! all {
    ($($name:ident = $driver:ident;)*) => {
        /// All of this package.
        pub const ALL: &[Driver] = &[$($driver),*];
    };
}

crate::drivers!(all);

/// Handlers that actix-web routes by itself, with a registry: in the package `auth-actix`.
pub const ACTIX: &str = "actix";
/// The guarded scope of actix-web: in the same package.
pub const ACTIX_SCOPE: &str = "actix, guarded scope";
/// Handlers of poem's `#[handler]`, with a registry: in the package `auth-poem`.
pub const POEM: &str = "poem";
/// The guarded routes of poem: in the same package.
pub const POEM_ROUTE: &str = "poem, guarded route";
/// Handlers of salvo, with a registry: in the package `auth-salvo`.
pub const SALVO: &str = "salvo";
/// Those in packages of their own.
pub const ELSEWHERE: &[&str] = &[ACTIX, ACTIX_SCOPE, POEM, POEM_ROUTE, SALVO];

/// hyper, and `http::Guarded`. It has least between the guard and the wire, so the others are compared with it.
pub const HTTP: Driver = Driver {
    name: "http",
    serve: |listener, pace, settings| {
        let app = App::with_settings(pace, settings);
        hyper::serve(listener, move |request| {
            servers::plain(app.clone(), request)
        });
    },
};

/// hyper, and `http::Guarded` as a service of tower.
pub const TOWER: Driver = Driver {
    name: "tower",
    serve: |listener, pace, settings| {
        let app = App::with_settings(pace, settings);
        hyper::serve(listener, move |request| {
            servers::tower(app.clone(), request)
        });
    },
};

pub const AXUM: Driver = Driver {
    name: "axum",
    serve: |listener, pace, settings| {
        axum(
            listener,
            servers::router(App::with_settings(pace, settings)),
        );
    },
};

pub const GUARDED_ROUTER: Driver = Driver {
    name: "axum, guarded router",
    serve: |listener, pace, settings| {
        axum(
            listener,
            servers::guarded_router(App::with_settings(pace, settings)),
        );
    },
};

/// Handlers that decide nothing, behind the layer of tower.
pub const LAYER: Driver = Driver {
    name: "layer",
    serve: |listener, pace, settings| {
        axum(listener, layer::router(&App::with_settings(pace, settings)));
    },
};

/// `http::check`, called by hand, with a registry.
pub const CHECK: Driver = Driver {
    name: "check",
    serve: |listener, pace, settings| {
        let registry = app::registry(pace, settings);
        hyper::serve(listener, move |request| {
            inline::answer(registry.clone(), request)
        });
    },
};

impl Driver {
    /// Serves on a free port of the loopback interface, until the test ends.
    #[must_use]
    pub fn start(self, pace: Pace, settings: Settings) -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        (self.serve)(listener, pace, settings);
        address
    }

    /// The same with the settings of [`app::settings`].
    #[must_use]
    pub fn at(self, pace: Pace) -> SocketAddr {
        self.start(pace, app::settings())
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

fn axum(listener: TcpListener, router: axum::Router) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
}
