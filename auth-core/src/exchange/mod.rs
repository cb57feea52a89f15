//! What a guard is shown of a request beside its head, and what it may add to the answer.
//!
//! A guard sees the head of a request and nothing of the answer, which is enough for most schemes. Digest (RFC 7616) may
//! need more: the content, over which `auth-int` computes its digest (§3.4.3), the target as the client sent it (§3.4.6),
//! and a place for `Authentication-Info` (§3.5). Whoever owns request and answer puts an [`Exchange`] into the extensions
//! of the request, and lets it [complete](Exchange::complete) the answer.
//!
//! The content is read if the guard asks for it, and not before: what is refused by its head costs no memory. What was
//! read stays in the body: the handler gets all of it, whether the guard read it to its end, stopped at the limit, or was
//! dropped in between.

mod answer;
mod body;
mod read;
mod visible;

use core::any::Any;
use core::fmt;
use core::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use auth_syntax::DigestQop;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{Extensions, HeaderValue, Method, Request};

pub(crate) use answer::AuthInfo;
pub use body::GuardedBody;
pub use visible::VisibleBody;
pub(crate) use visible::is_visible;

use self::body::Parked;
use crate::digest::NonceId;
use crate::policy::Spec;
use crate::refusal::{Cause, InvalidRequest};
use crate::request::RequestView;
use crate::verify::digest::StoreId;

/// One request and its answer, as far as the guard takes part in them.
#[derive(Clone)]
pub(crate) struct Exchange(Arc<Shared>);

struct Shared {
    target: Option<PathAndQuery>,
    /// What `Content-Length` says.
    announced: u64,
    is_head: bool,
    /// Who gets the answer presented these.
    credentials: Option<HeaderValue>,
    content: Content,
    answer: Mutex<Option<AuthInfo>>,
    /// Shared with the exchanges behind it: it is one request.
    spent: Arc<Mutex<Vec<Spent>>>,
}

/// A count that a request has used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spent {
    pub(crate) store: StoreId,
    pub(crate) nonce: NonceId,
    pub(crate) count: u32,
}

/// Where the content of a request is.
pub(crate) enum Content {
    /// Nobody shows it.
    OutOfSight,
    /// Here, as a whole.
    Whole(Bytes),
    /// In the body, which shares it.
    Parked(Parked),
}

/// Why there is no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentProblem {
    /// It is longer than the limit: 413.
    TooLarge,
    /// It broke off: 400.
    Unreadable,
    /// No layer shows it, or it was handed on before the guard asked: the set-up is wrong, 500.
    OutOfSight,
}

/// What to do where nothing shows it.
pub(crate) const OUT_OF_SIGHT: &str = "nothing shows the guard the content of the request, which `auth-int` covers: on an `axum::Router` add `auth_core::axum::DigestLayer`, on a router of salvo `auth_core::salvo::DigestHoop`, elsewhere map the requests with `auth_core::http::GuardedBody::received`";

impl From<ContentProblem> for Cause {
    fn from(problem: ContentProblem) -> Self {
        match problem {
            ContentProblem::TooLarge => Self::ContentTooLarge,
            ContentProblem::Unreadable => Self::InvalidRequest(InvalidRequest::ContentUnreadable),
            ContentProblem::OutOfSight => Self::NotConfigured(OUT_OF_SIGHT.into()),
        }
    }
}

/// Whether the guard of this policy needs an exchange.
pub(crate) const fn needs_exchange(spec: &Spec) -> bool {
    any_member(spec, false)
}

/// Whether the guard of this policy may have to read the content.
pub(crate) const fn offers_auth_int(spec: &Spec) -> bool {
    any_member(spec, true)
}

const fn any_member(spec: &Spec, with_auth_int: bool) -> bool {
    let mut members = spec.members();
    while let [member, rest @ ..] = members {
        if let Some(terms) = member.declaration().digest_terms()
            && (!with_auth_int || terms.offers(DigestQop::AuthInt))
        {
            return true;
        }
        members = rest;
    }
    false
}

/// The target as the client sent it, if there is an exchange that knows it.
pub(crate) fn sent_target(extensions: &Extensions) -> Option<&str> {
    let Exchange(shared) = extensions.get()?;
    shared.target.as_ref().map(PathAndQuery::as_str)
}

impl Exchange {
    /// Begins one for a request whose content no guard has to see.
    pub(crate) fn of_head(parts: &mut Parts) -> Self {
        Self::begin(parts, Content::OutOfSight)
    }

    /// Begins one for a request with this body, which stays what it is: what is in it is read when a guard asks for it, or
    /// the handler.
    ///
    /// There may be an exchange of a layer outside. This one takes its place: the body may be another one by now, and what
    /// the guard is shown must be what the handler gets. The target stays that of the layer outside.
    pub(crate) fn of(parts: &mut Parts, body: &mut (dyn Any + Send)) -> Self {
        Self::begin(parts, visible::show(body))
    }

    fn begin(parts: &mut Parts, content: Content) -> Self {
        let credentials = parts.headers.get(AUTHORIZATION).cloned();
        let outer = parts.extensions.get();
        // Of the same request: another one may have come by these extensions.
        let outer = outer.filter(|Self(outer)| outer.credentials == credentials);
        let spent = outer.map(|Self(outer)| Arc::clone(&outer.spent));
        let announced = parts.headers.get(CONTENT_LENGTH);
        let announced = announced.and_then(|value| value.to_str().ok()?.parse().ok());
        let exchange = Self(Arc::new(Shared {
            target: first_target(parts),
            announced: announced.unwrap_or_default(),
            is_head: parts.method == Method::HEAD,
            credentials,
            content,
            answer: Mutex::default(),
            spent: spent.unwrap_or_default(),
        }));
        parts.extensions.insert(exchange.clone());
        exchange
    }

    /// Whether the answer to this request goes to whoever presented its credentials. Extensions are cloned: a handler may
    /// make a request of its own with them, and with credentials of its own, and what a guard says of those is not for the
    /// client.
    pub(crate) fn is_answer_to(&self, request: &RequestView<'_>) -> bool {
        let sent = self.0.credentials.as_ref().map(HeaderValue::as_bytes);
        request.field(AUTHORIZATION.as_str()) == sent
    }

    /// Whether a guard can be shown the content.
    pub(crate) fn shows_content(&self) -> bool {
        !matches!(self.0.content, Content::OutOfSight)
    }

    /// Whether this very request has used that up, before a guard outside: then it is no replay.
    pub(crate) fn has_spent(&self, spent: &Spent) -> bool {
        self.spent().contains(spent)
    }

    /// This request uses that up.
    pub(crate) fn spends(&self, spent: Spent) {
        self.spent().push(spent);
    }

    fn spent(&self) -> MutexGuard<'_, Vec<Spent>> {
        self.0.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many octets [`content`](Self::content) may come to hold: none, if it is here already.
    ///
    /// It goes by what the body says of itself, which servers take from `Content-Length`: where a layer has changed the
    /// body, the field says nothing of it.
    ///
    /// # Errors
    /// What stands against it, as far as is known before anything was read.
    pub(crate) fn room_for_content(&self, limit: usize) -> Result<usize, ContentProblem> {
        match &self.0.content {
            Content::OutOfSight => Err(ContentProblem::OutOfSight),
            Content::Whole(content) if content.len() > limit => Err(ContentProblem::TooLarge),
            Content::Whole(_) => Ok(0),
            Content::Parked(parked) => {
                let hint = parked.size_hint();
                let least = hint.lower().max(self.0.announced);
                if usize::try_from(least).map_or(true, |least| least > limit) {
                    return Err(ContentProblem::TooLarge);
                }
                let most = hint.upper().and_then(|most| usize::try_from(most).ok());
                Ok(most.map_or(limit, |most| most.min(limit)))
            }
        }
    }

    /// The content of the request, if it is not longer than this. Asked twice, it gives the same.
    ///
    /// Nothing is read if `Content-Length` is above the limit, and never more than one frame above it: the client that
    /// waits for `100 Continue` is not told to send what would not be read.
    ///
    /// # Errors
    /// What stands against it.
    pub(crate) async fn content(&self, limit: usize) -> Result<Bytes, ContentProblem> {
        match &self.0.content {
            Content::OutOfSight => Err(ContentProblem::OutOfSight),
            Content::Whole(content) if content.len() > limit => Err(ContentProblem::TooLarge),
            Content::Whole(content) => Ok(content.clone()),
            Content::Parked(_) if self.0.announced > u64::try_from(limit).unwrap_or(u64::MAX) => {
                Err(ContentProblem::TooLarge)
            }
            Content::Parked(parked) => poll_fn(|cx| parked.poll_content(cx, limit)).await,
        }
    }
}

/// The target of the exchange outside, or as axum remembers it, or as it is here.
fn first_target(parts: &Parts) -> Option<PathAndQuery> {
    if let Some(Exchange(outer)) = parts.extensions.get() {
        return outer.target.clone();
    }
    let uri = &parts.uri;
    #[cfg(feature = "axum")]
    let uri = parts
        .extensions
        .get::<axum::extract::OriginalUri>()
        .map_or(uri, |original| &original.0);
    uri.path_and_query().cloned()
}

impl GuardedBody {
    /// A request as the server received it, with a body that guards can see. Its target is remembered as well: guards
    /// behind layers that rewrite it find what the client sent, which Digest covers (RFC 7616 §3.4.6).
    ///
    /// ```
    /// use auth_core::http::GuardedBody;
    /// # fn example(request: http::Request<http_body_util::Full<bytes::Bytes>>) {
    /// let request: http::Request<GuardedBody> = GuardedBody::received(request);
    /// # }
    /// ```
    pub fn received<B>(request: Request<B>) -> Request<Self>
    where
        B: http_body::Body<Data = Bytes, Error: Into<body::BoxError>> + Send + 'static,
    {
        let (mut parts, body) = request.into_parts();
        let mut body = Self::new(body);
        Exchange::of(&mut parts, &mut body);
        Request::from_parts(parts, body)
    }
}

/// Contents and targets may hold anything: neither is printed.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exchange")
    }
}

#[cfg(test)]
mod tests;
