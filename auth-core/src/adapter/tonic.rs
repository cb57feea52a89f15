//! tonic 0.14: services behind a layer, and methods that check for themselves. A refusal is a gRPC status.
//!
//! # One policy for a service
//!
//! [`GuardLayer`] stands before a service, and nothing of the request's message is read until it has admitted the caller.
//! Services beside it stay open: reflection and health, say. On the server, `Server::builder().layer(..)` guards all of
//! them.
//!
//! ```
//! use auth_core::tonic::GuardLayer;
//! use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, auth_policy};
//! use std::sync::Arc;
//! use tonic::service::LayerExt as _;
//!
//! #[derive(AuthState)]
//! struct App {
//!     #[auth(Bearer)]
//!     tokens: FnVerifier<Bearer, String>,
//! }
//!
//! #[auth_policy(scheme = "Bearer", realm = "API")]
//! struct Api;
//!
//! # fn example<S>(app: Arc<App>, greeter_server: S, health_server: S) -> tonic::service::Routes
//! # where
//! #     S: tonic::codegen::Service<http::Request<tonic::body::Body>, Response = http::Response<tonic::body::Body>, Error = std::convert::Infallible>
//! #         + tonic::server::NamedService + Clone + Send + Sync + 'static,
//! #     S::Future: Send + 'static,
//! # {
//! // In a method: `request.extensions().get::<Authenticated<String>>()`.
//! let guard = GuardLayer::<Api, _, Authenticated<String>>::new(app);
//! # let builder = tonic::service::Routes::default();
//! // let builder = Server::builder();
//! builder
//!     .add_service(guard.named_layer(greeter_server)) // GreeterServer::new(..)
//!     .add_service(health_server)
//! # }
//! ```
//!
//! # A policy for each method
//!
//! A method takes [`#[requires_auth]`](macro@crate::requires_auth) with `request` and `state`, or the whole `impl` block
//! does, above or below `#[tonic::async_trait]`. Both forms together: the layer asks who it is, a method for a scope.
//!
//! ```
//! use auth_core::{AuthState, Bearer, FnVerifier, requires_auth};
//! use std::sync::Arc;
//! use tonic::{Request, Response, Status};
//!
//! # #[derive(AuthState)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
//! # #[tonic::async_trait]
//! # trait Greeter: Send + Sync + 'static {
//! #     async fn greet(&self, request: Request<String>) -> Result<Response<String>, Status>;
//! # }
//! struct MyGreeter {
//!     app: Arc<App>,
//! }
//!
//! #[tonic::async_trait]
//! impl Greeter for MyGreeter {
//!     #[requires_auth(scheme = "Bearer", realm = "API", scope = "greet", request = request, state = self.app, identity = user: String)]
//!     async fn greet(&self, request: Request<String>) -> Result<Response<String>, Status> {
//!         Ok(Response::new(format!("{}, {}", request.into_inner(), *user)))
//!     }
//! }
//! ```
//!
//! Add [`InlineLayer`] to the server then: it keeps the request's trailers out of what is checked.
//!
//! # What differs
//!
//! | | [`GuardLayer`] | in the method |
//! | --- | --- | --- |
//! | policy | one for a service, or for the server | one for each method |
//! | before the decision | nothing is read | a unary or server streaming call: tonic has decoded the message; else nothing is read |
//! | forgotten | the service is open | the method is open: on the `impl` block, the attribute misses none |
//! | identity | `request.extensions()` | `identity = user: Claims` |
//! | what is checked | the fields of the request's head | the metadata; that is the same, **if** there is an [`InlineLayer`] |
//! | method and target | those of the request | `POST`; the target, if there is an `InlineLayer`, else `/` |
//! | Digest | `qop=auth`, with `Authentication-Info` | `qop=auth` with an `InlineLayer`, without `Authentication-Info` |
//!
//! `qop=auth-int` of Digest is not to be had: it covers contents as they are sent, and those of gRPC are streams of frames.
//! A [`GuardLayer`] with such a policy does not compile, and a method refuses with `INTERNAL`.
//!
//! Interceptors run in the order in which they are added. One outside of a `GuardLayer` runs for everybody, and what it puts
//! into the metadata is checked; `GreeterServer::with_interceptor` is inside of it, and finds the identity in the
//! extensions. A method's own check comes after all of them.
//!
//! `tonic_web::GrpcWebLayer` goes around everything here: it then translates the refusals too.
//!
//! Fields whose names end in `-bin` hold base64 in gRPC. Checks see them as they are sent, so an API key in one of them is
//! that base64 text; a field of another name takes the key as it is.
//!
//! # How a refusal is told
//!
//! As a status without any message before it (HTTP 200 with `grpc-status` in the header fields, which gRPC calls
//! Trailers-Only). The text is that of [`Refusal::message`]; [`BodyFormat`](crate::BodyFormat) has no say.
//!
//! | HTTP answer | gRPC status | metadata |
//! | --- | --- | --- |
//! | 401 | `UNAUTHENTICATED` | `www-authenticate`, once for each challenge |
//! | 400 | `UNAUTHENTICATED` | the same |
//! | 403 | `PERMISSION_DENIED` | the same, where HTTP has a challenge: a scope is missing |
//! | 413 | `RESOURCE_EXHAUSTED` | |
//! | 429 | `RESOURCE_EXHAUSTED` | `grpc-retry-pushback-ms` |
//! | 503 | `UNAVAILABLE` | `grpc-retry-pushback-ms` |
//! | 500 | `INTERNAL` | |
//!
//! - All have `cache-control: no-store`. The [table of causes](crate::refusal) says which answer a cause gets.
//! - What HTTP answers with 400 are credentials that cannot be read. gRPC's guide to its status codes gives "incorrect auth
//!   metadata" `UNAUTHENTICATED`, and leaves `INVALID_ARGUMENT` to what a method says of its message. `error="invalid_request"`
//!   in the challenge of Bearer tells them from wrong ones.
//! - `grpc-retry-pushback-ms` is how gRPC itself says when to try again (gRFC A6): clients with a retry policy for the status
//!   obey it. It holds what `Retry-After` says over HTTP, in milliseconds.
//! - The [`Cause`] is for logs: [`cause`] finds it in a status, which tonic leaves in the extensions of the response; what
//!   a [`GuardLayer`] refuses has it there itself, as everywhere.
//!
//! tonic's server refuses header fields of more than 16 KiB in all before anything here sees them:
//! `Server::http2_max_header_list_size` sets that limit.
//!
//! To a program that uses tonic this feature adds no crate. Alone it adds 21: tonic, without its server and client, and
//! what it depends on.

mod guard;
mod inline;

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tonic::metadata::MetadataMap;
use tonic::{Code, Request, Status};

pub use self::guard::{GuardLayer, GuardService};
pub use self::inline::{InlineLayer, InlineService};
use crate::inline::ViewRequest;
use crate::refusal::{Cause, Refusal, whole_seconds};
use crate::request::RequestView;

/// gRFC A6, "Pushback".
const GRPC_RETRY_PUSHBACK_MS: HeaderName = HeaderName::from_static("grpc-retry-pushback-ms");

/// The status that tells a refusal: see [the table](crate::tonic#how-a-refusal-is-told).
impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        let mut fields = HeaderMap::with_capacity(3);
        for challenge in refusal.challenges() {
            fields.append(WWW_AUTHENTICATE, challenge);
        }
        fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(after) = refusal.cause().retry_after() {
            fields.insert(GRPC_RETRY_PUSHBACK_MS, pushback(after));
        }
        let mut status = Self::with_metadata(
            code(refusal.status()),
            refusal.message(),
            MetadataMap::from_headers(fields),
        );
        status.set_source(Arc::new(Refused(refusal.into_cause())));
        status
    }
}

/// Why a call was refused, if this status was made from a [`Refusal`] in this process: for layers that log.
///
/// ```
/// use auth_core::{Cause, tonic::cause};
///
/// fn reason<B>(response: &http::Response<B>) -> Option<&'static str> {
///     let status = response.extensions().get::<tonic::Status>()?;
///     cause(status).map(Cause::reason)
/// }
/// ```
#[must_use]
pub fn cause(status: &Status) -> Option<&Cause> {
    let source = core::error::Error::source(status)?;
    source.downcast_ref().map(|Refused(cause)| cause)
}

/// The metadata, seen as the header fields that they are on the wire.
impl<T> ViewRequest for Request<T> {
    fn view(&self) -> RequestView<'_> {
        let fields: &HeaderMap = self.metadata().as_ref();
        let extensions = self.extensions();
        RequestView::new("POST", inline::target(extensions), fields).with_extensions(extensions)
    }
}

/// A cause within a status. A status prints its source, and what statuses print is put into others, which are sent: so this
/// prints nothing of it.
struct Refused(Cause);

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refused")
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl core::error::Error for Refused {}

/// Never OK, whatever becomes of the table of causes.
fn code(status: StatusCode) -> Code {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST => Code::Unauthenticated,
        StatusCode::FORBIDDEN => Code::PermissionDenied,
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::TOO_MANY_REQUESTS => Code::ResourceExhausted,
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        _ => Code::Internal,
    }
}

/// A signed number of 32 bits without leading zeros: any other one means "never".
fn pushback(after: Duration) -> HeaderValue {
    let milliseconds = whole_seconds(after).saturating_mul(1000);
    HeaderValue::from(i32::try_from(milliseconds).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pushback_is_a_positive_number_of_32_bits() {
        for (after, value) in [
            (Duration::ZERO, "1000"),
            (Duration::from_millis(1500), "2000"),
            (Duration::from_secs(2_147_483), "2147483000"),
            (Duration::from_secs(2_147_484), "2147483647"),
            (Duration::MAX, "2147483647"),
        ] {
            assert_eq!(pushback(after), value, "{after:?}");
        }
    }

    #[test]
    fn no_status_of_http_is_ok_here() {
        for status in (100..1000).filter_map(|number| StatusCode::from_u16(number).ok()) {
            assert_ne!(code(status), Code::Ok, "{status}");
        }
    }
}
