//! One attribute on an `impl` block: which methods check, and which do not (V12). What must not compile
//! stands in `tests/ui/impl_block`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]
#![allow(
    clippy::unused_async,
    clippy::unused_self,
    reason = "methods are written in all shapes that users write"
)]

use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use auth_core::{auth_policy, requires_auth};
use auth_tests::app::{App, Claims, Pace};
use auth_tests::tokens;
use bytes::Bytes;
use http::{Request, Response, StatusCode};

type Call = Request<Bytes>;
type Answer = Response<Bytes>;

fn nobody() -> Call {
    Request::new(Bytes::new())
}

fn somebody() -> Call {
    let mut request = nobody();
    let value = format!("Bearer {}", tokens::good());
    let value = value.try_into().unwrap();
    request.headers_mut().insert("authorization", value);
    request
}

fn answer(text: &str) -> Answer {
    Response::new(Bytes::copy_from_slice(text.as_bytes()))
}

/// Nobody gets this challenge, and a bearer of a good token what the method is called.
async fn guards<Fut: Future<Output = Answer>>(method: impl Fn(Call) -> Fut, expected: &str) {
    let refused = method(nobody()).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{expected}");
    assert_eq!(
        refused.headers()["www-authenticate"],
        r#"Bearer realm="API""#
    );
    let admitted = method(somebody()).await;
    assert_eq!(admitted.status(), StatusCode::OK);
    assert_eq!(admitted.into_body(), expected);
}

struct Orders {
    app: Arc<App>,
}

fn orders() -> Orders {
    Orders {
        app: App::new(Pace::Awaiting),
    }
}

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Api;

#[requires_auth(scheme = "Bearer", realm = "API", request = req, state = self.app, identity = user: Claims)]
#[deny(unused_variables)]
impl Orders {
    const NAME: &'static str = "list";

    /// Documented.
    async fn list(&self, req: Call) -> Answer {
        assert_eq!(user.sub, "ada");
        drop(req);
        answer(Self::NAME)
    }

    async fn in_text(&self, req: Call) -> Answer {
        drop(req);
        answer(&format!("{user:?} is redacted"))
    }

    /// Takes no notice of the identity.
    async fn mutable(&self, mut req: Call) -> Answer {
        req.headers_mut().clear();
        answer("mutable")
    }

    async fn generic<T: Into<Bytes> + Send>(&self, req: Request<T>) -> Answer {
        let (_, body) = req.into_parts();
        assert_eq!(body.into(), "");
        answer("generic")
    }

    async fn fallible(&self, req: Call) -> Result<Answer, Box<dyn std::error::Error>> {
        let _ = req;
        "fallible"
            .parse::<u8>()
            .map_or_else(|_| Ok(answer("fallible")), |_| Err("number".into()))
    }

    #[cfg(not(test))]
    async fn twice(&self, req: NoSuchType) {}

    #[cfg(test)]
    #[tracing::instrument(skip_all)]
    async fn twice(&self, req: Call) -> Answer {
        let _ = req;
        answer("twice")
    }

    #[helper]
    fn name(&self) -> &'static str {
        "helper"
    }

    #[public(reason = "load balancer probe")]
    async fn health(&self) -> Answer {
        answer("open")
    }

    #[requires_auth(scheme = "Basic", realm = "Dev zone", request = req, state = self.app)]
    async fn of_its_own(&self, req: Call) -> Answer {
        drop(req);
        answer("of_its_own")
    }
}

#[tokio::test]
async fn v12_impl_block_guards_each_method_without_a_decision() {
    let orders = &orders();
    guards(|req| orders.list(req), "list").await;
    guards(
        |req| orders.in_text(req),
        "Authenticated([redacted]) is redacted",
    )
    .await;
    guards(|req| orders.mutable(req), "mutable").await;
    guards(|req| orders.generic(req), "generic").await;
    guards(async |req| orders.fallible(req).await.unwrap(), "fallible").await;
    guards(|req| orders.twice(req), "twice").await;
}

#[tokio::test]
async fn v12_own_decisions_and_helpers() {
    let orders = orders();
    assert_eq!(orders.name(), "helper");
    assert_eq!(orders.health().await.into_body(), "open");
    let refused = orders.of_its_own(somebody()).await;
    assert_eq!(
        refused.headers()["www-authenticate"],
        r#"Basic realm="Dev zone", charset="UTF-8""#
    );
}

// Traits: the attribute stands on the `impl` block.

trait Service {
    type Output;

    async fn call(&self, req: Call) -> Answer;

    /// An own body is not one of the `impl` block.
    fn name(&self) -> &'static str {
        "provided"
    }
}

#[requires_auth(Api, request = req, state = self.app)]
impl Service for Orders {
    type Output = u8;

    async fn call(&self, req: Call) -> Answer {
        drop(req);
        answer("call")
    }
}

#[async_trait]
trait Boxed {
    async fn above(&self, req: Call) -> Answer;
    fn plain(&self) -> u8;
}

#[requires_auth(Api, request = req, state = self.app, identity = user: Claims)]
#[async_trait]
impl Boxed for Orders {
    async fn above(&self, req: Call) -> Answer {
        drop(req);
        answer(if user.sub == "ada" { "above" } else { "" })
    }

    #[helper]
    fn plain(&self) -> u8 {
        1
    }
}

#[async_trait]
trait BoxedBelow {
    async fn below(&self, mut req: Call) -> Answer;
}

#[async_trait]
#[requires_auth(Api, request = req, state = self.app, identity = user: Claims)]
impl BoxedBelow for Orders {
    async fn below(&self, mut req: Call) -> Answer {
        req.headers_mut().clear();
        answer(if user.sub == "ada" { "below" } else { "" })
    }
}

#[tokio::test]
async fn v12_impl_of_trait() {
    let orders = &orders();
    guards(|req| orders.call(req), "call").await;
    guards(|req| orders.above(req), "above").await;
    guards(|req| orders.below(req), "below").await;
    assert_eq!(Service::name(orders), "provided");
    assert_eq!(orders.plain(), 1);
}

// Headers with generics and braces, and requests that are part of an argument.

struct Of<T, const N: usize> {
    app: T,
}

struct Context {
    request: Call,
}

#[requires_auth(Api, request = &context.request, state = self.app())]
impl<T: Fn() -> Arc<App>, const N: usize> Of<T, { N }>
where
    Of<u8, { N }>: Sized,
{
    #[helper]
    fn app(&self) -> Arc<App> {
        (self.app)()
    }

    async fn call(&self, context: Context) -> Answer {
        drop(context);
        answer("call")
    }
}

/// Without `self`.
#[requires_auth(Api, request = req, state = app)]
impl Context {
    async fn call(app: Arc<App>, req: &Call) -> Answer {
        let _ = (app, req);
        answer("static")
    }
}

#[tokio::test]
async fn headers_and_expressions() {
    let of = &Of::<_, 1> {
        app: || App::new(Pace::Awaiting),
    };
    guards(|request| of.call(Context { request }), "call").await;
    guards(
        async |req| Context::call(App::new(Pace::Awaiting), &req).await,
        "static",
    )
    .await;
}

// In a module, and written by macros.

#[requires_auth(scheme = "Bearer", realm = "Other")]
mod handlers {
    use super::{Answer, Api, App, Arc, Call, answer, requires_auth};

    pub(super) struct Methods(pub(super) Arc<App>);

    #[requires_auth(Api, request = req, state = self.0)]
    impl Methods {
        pub(super) async fn call(&self, req: Call) -> Answer {
            drop(req);
            answer("call")
        }
    }

    #[auth_core::public(reason = "all of them are open")]
    impl Methods {
        pub(super) async fn open() -> Answer {
            answer("open")
        }

        #[helper]
        pub(super) fn name() -> &'static str {
            "helper"
        }

        #[requires_auth(Api, request = req, state = self.0)]
        pub(super) async fn closed(&self, req: Call) -> Answer {
            drop(req);
            answer("closed")
        }
    }

    async fn needs_the_attribute() {}

    #[helper]
    pub(super) const fn used() -> usize {
        size_of_val(&needs_the_attribute)
    }
}

macro_rules! service {
    ($name:ident, $state:ident, $request:ident, $ty:ty, $body:block, $($rest:tt)*) => {
        struct $name {
            $state: Arc<App>,
        }

        #[requires_auth(Api, request = $request, state = self.$state)]
        impl $name {
            async fn first(&self, $request: Call) -> $ty {
                drop($request);
                $body
            }

            $($rest)*
        }
    };
}

service!(
    Generated,
    app,
    req,
    Answer,
    { answer("first") },
    #[helper]
    fn name() -> &'static str {
        "helper"
    }
);

#[tokio::test]
async fn v12_impl_blocks_in_modules_and_macros() {
    let methods = &handlers::Methods(App::new(Pace::Awaiting));
    guards(|req| methods.call(req), "call").await;
    guards(|req| methods.closed(req), "closed").await;
    assert_eq!(handlers::Methods::open().await.into_body(), "open");
    assert_eq!(handlers::Methods::name(), "helper");
    assert_eq!(handlers::used(), 0);
    let generated = &Generated {
        app: App::new(Pace::Awaiting),
    };
    guards(|req| generated.first(req), "first").await;
    assert_eq!(Generated::name(), "helper");
}
