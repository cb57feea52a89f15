//! One attempt to get the keys.

use core::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ETAG, IF_NONE_MATCH};
use http::{HeaderValue, Request, Response, StatusCode};

use super::freshness::Bounds;
use super::state::{Fetched, State};
use super::{AnswerError, KeysError, discovery, set};
use crate::jwt::{Algorithm, Issuer};
use crate::outbound::{Address, FetchError, Outbound, PlainHttp};
use crate::verify::jwt::keys::KeySet;

/// The longest `ETag` that is kept, in octets.
const MAX_TAG_LEN: usize = 256;

/// What is asked, of whom, within which limits.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) issuer: Issuer,
    pub(super) from: From,
    pub(super) plain: PlainHttp,
    pub(super) algorithms: Box<[Algorithm]>,
    pub(super) cache_times: Bounds,
    pub(super) max_keys: usize,
    pub(super) outbound: Outbound,
    /// No keys at all.
    pub(super) none: KeySet,
}

#[derive(Debug)]
pub(super) enum From {
    /// The keys are here.
    Address(Address),
    /// The metadata that says where they are is at one of these.
    Metadata(Vec<Address>),
}

impl Source {
    /// Asks for the keys, within the deadline for all of it.
    pub(super) async fn fetch(&self, state: &State, now: Duration) -> Result<Fetched, KeysError> {
        let deadline = self.outbound.deadline;
        tokio::time::timeout(deadline, self.attempt(state, now))
            .await
            .unwrap_or(Err(KeysError::Deadline(deadline)))
    }

    async fn attempt(&self, state: &State, now: Duration) -> Result<Fetched, KeysError> {
        let (address, named_until) = match (&self.from, state.named_address(now)) {
            (From::Address(address), _) => (address.clone(), None),
            (From::Metadata(_), Some((address, until))) => (address.clone(), Some(until)),
            (From::Metadata(places), None) => {
                let until = now.saturating_add(self.cache_times.longest);
                (self.discover(places).await?, Some(until))
            }
        };
        let tag = state.tag(&address);
        let answer = self.get(&address, tag).await.map_err(KeysError::Keys)?;
        let set = match answer.status() {
            StatusCode::OK => {
                let former = state.last().map_or(&self.none, AsRef::as_ref);
                let body = answer.body();
                Some(set::read(body, &self.algorithms, self.max_keys, former)?)
            }
            StatusCode::NOT_MODIFIED if tag.is_some() => None,
            status => return Err(KeysError::Keys(AnswerError::Status(status))),
        };
        let lifetime = self.cache_times.lifetime(answer.headers());
        let new_tag = answer
            .headers()
            .get(ETAG)
            .filter(|tag| tag.len() <= MAX_TAG_LEN);
        let tag = new_tag.or(tag.filter(|_| set.is_none())).cloned();
        Ok(Fetched {
            set,
            address,
            tag,
            lifetime,
            named_until,
        })
    }

    /// Asks at one place after another. What is found at a wrong place (often 404, but also a page for people, a
    /// redirect to it, or the metadata of another issuer) says nothing about the next; if nobody answers, or with a
    /// failure of its own, the next would not fare better.
    async fn discover(&self, places: &[Address]) -> Result<Address, KeysError> {
        let mut told = None;
        for place in places {
            let error = match self.metadata(place).await {
                Ok(address) => return Ok(address),
                Err(error) => error,
            };
            if is_down(&error) {
                return Err(error);
            }
            // "Not here" tells less than whatever else was found.
            if !is_not_found(&error) || told.is_none() {
                told = told.filter(|told| !is_not_found(told)).or(Some(error));
            }
        }
        Err(told.unwrap_or(KeysError::Metadata(AnswerError::Unreadable)))
    }

    async fn metadata(&self, place: &Address) -> Result<Address, KeysError> {
        let answer = self.get(place, None).await.map_err(KeysError::Metadata)?;
        match answer.status() {
            StatusCode::OK => discovery::read(answer.body(), &self.issuer, self.plain),
            status => Err(KeysError::Metadata(AnswerError::Status(status))),
        }
    }

    async fn get(
        &self,
        address: &Address,
        tag: Option<&HeaderValue>,
    ) -> Result<Response<Bytes>, AnswerError> {
        let mut request = Request::new(Bytes::new());
        let accepted = HeaderValue::from_static("application/jwk-set+json, application/json");
        request.headers_mut().insert(ACCEPT, accepted);
        if let Some(tag) = tag {
            request.headers_mut().insert(IF_NONE_MATCH, tag.clone());
        }
        let answer = self.outbound.send(address, request).await;
        answer.map_err(AnswerError::None)
    }
}

fn is_down(error: &KeysError) -> bool {
    match error {
        KeysError::Metadata(AnswerError::None(error)) => !matches!(error, FetchError::Redirect(_)),
        KeysError::Metadata(AnswerError::Status(status)) => {
            status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
        }
        _ => false,
    }
}

fn is_not_found(error: &KeysError) -> bool {
    matches!(error, KeysError::Metadata(AnswerError::Status(status)) if *status == StatusCode::NOT_FOUND)
}
