//! What a guard is shown of a request beside its head, and what it may add to the answer.
//!
//! Only Digest needs any of it (feature `digest`): see [`crate::exchange`].

use poem::http::Extensions;
use poem::{Request, RequestBody, Response};

#[cfg(feature = "digest")]
use super::content;
use crate::adapter::endpoint::Decision;
#[cfg(feature = "digest")]
use crate::exchange::{self, Exchange};
use crate::policy::Spec;

/// What the guard of a handler needs to be shown.
#[derive(Clone, Copy)]
pub(super) struct Needs {
    #[cfg(feature = "digest")]
    exchange: bool,
    #[cfg(feature = "digest")]
    content: bool,
}

impl Needs {
    pub(super) fn of(decision: Decision) -> Self {
        #[cfg(feature = "digest")]
        {
            let spec = match decision {
                Decision::Demands { spec, .. } => Some(spec),
                _ => None,
            };
            Self {
                exchange: spec.is_some_and(exchange::needs_exchange),
                content: spec.is_some_and(exchange::offers_auth_int),
            }
        }
        #[cfg(not(feature = "digest"))]
        {
            let _ = decision;
            Self {}
        }
    }

    /// Shows it.
    pub(super) fn show(self, request: &mut Request) -> Shown {
        let _ = &request;
        Shown {
            #[cfg(feature = "digest")]
            exchange: self.exchange.then(|| content::show(request, self.content)),
        }
    }
}

/// What an extractor, which cannot change the request, shows the guard of this policy in place of its extensions. The body
/// gives the same afterwards.
pub(super) fn shown_to(
    spec: &Spec,
    request: &Request,
    body: &mut RequestBody,
) -> Option<Extensions> {
    #[cfg(feature = "digest")]
    if exchange::offers_auth_int(spec) {
        return Some(content::beside(request, body));
    }
    let _ = (spec, request, body);
    None
}

/// What the guard was shown.
pub(super) struct Shown {
    #[cfg(feature = "digest")]
    exchange: Option<Exchange>,
}

impl Shown {
    /// Adds what the guard says to the answer.
    pub(super) async fn complete(self, response: Response) -> Response {
        #[cfg(feature = "digest")]
        if let Some(exchange) = self.exchange {
            return content::complete(exchange, response).await;
        }
        response
    }
}
