//! A body that was read ahead.

use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;

use super::ContentProblem;

pub(super) type BoxError = Box<dyn core::error::Error + Send + Sync>;

/// A body of which some or all was read, and is still here: it gives every octet once, whoever reads it.
///
/// `http_body_util::Limited` and `collect` lose what they have read when they stop or are dropped in between. Here it stays,
/// so that nobody after them gets the rest for the whole.
#[derive(Debug, Default)]
pub(super) struct ReadAhead {
    read: Read,
    rest: Rest,
    trailers: Option<HeaderMap>,
    failed: Option<BoxError>,
    /// Some of it was handed on: it is not whole any more.
    begun: bool,
    /// Its length was known before it was read.
    exact: bool,
}

#[derive(Debug, Default)]
enum Read {
    #[default]
    Nothing,
    /// One frame is not copied.
    One(Bytes),
    /// Several are, so that a client that sends single octets does not fill the memory with their bookkeeping.
    Many(BytesMut),
}

#[derive(Debug, Default)]
enum Rest {
    #[default]
    End,
    Body(UnsyncBoxBody<Bytes, BoxError>),
    /// It went on elsewhere, or panicked.
    Lost,
}

impl ReadAhead {
    pub(super) fn new(body: UnsyncBoxBody<Bytes, BoxError>) -> Self {
        Self {
            exact: body.size_hint().exact().is_some(),
            rest: Rest::Body(body),
            ..Self::default()
        }
    }

    pub(super) fn whole(content: Bytes) -> Self {
        Self {
            read: Read::One(content),
            exact: true,
            ..Self::default()
        }
    }

    /// All of it, which stays here as well.
    pub(super) fn poll_content(
        &mut self,
        cx: &mut Context<'_>,
        limit: usize,
    ) -> Poll<Result<Bytes, ContentProblem>> {
        if self.begun {
            return Poll::Ready(Err(ContentProblem::OutOfSight));
        }
        loop {
            if self.failed.is_some() {
                return Poll::Ready(Err(ContentProblem::Unreadable));
            }
            if self.shortest() > u64::try_from(limit).unwrap_or(u64::MAX) {
                return Poll::Ready(Err(ContentProblem::TooLarge));
            }
            match self.rest {
                Rest::Body(_) => ready!(self.poll_read(cx)),
                Rest::End => return Poll::Ready(Ok(self.read.shared())),
                Rest::Lost => return Poll::Ready(Err(ContentProblem::Unreadable)),
            }
        }
    }

    /// Reads one frame.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match ready!(self.poll_rest(cx)) {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => self.read.push(data),
                Err(frame) => self.trailers = frame.into_trailers().ok().or(self.trailers.take()),
            },
            Some(Err(error)) => self.failed = Some(error),
            None => {}
        }
        Poll::Ready(())
    }

    fn poll_rest(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        // Out of its place while it runs: should it panic, what comes after must not take this for its end.
        match mem::replace(&mut self.rest, Rest::Lost) {
            Rest::Body(mut body) => {
                let polled = Pin::new(&mut body).poll_frame(cx);
                self.rest = match &polled {
                    Poll::Ready(None | Some(Err(_))) => Rest::End,
                    _ => Rest::Body(body),
                };
                polled
            }
            Rest::End => {
                self.rest = Rest::End;
                Poll::Ready(None)
            }
            Rest::Lost => Poll::Ready(Some(Err("the body broke off".into()))),
        }
    }

    /// Hands on what was read, then the rest.
    pub(super) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Some(data) = self.read.take() {
            self.begun = true;
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        if let Some(frame) = ready!(self.poll_rest(cx)) {
            self.begun = true;
            return Poll::Ready(Some(frame));
        }
        if let Some(error) = self.failed.take() {
            self.begun = true;
            return Poll::Ready(Some(Err(error)));
        }
        let trailers = self.trailers.take();
        self.begun |= trailers.is_some();
        Poll::Ready(trailers.map(|trailers| Ok(Frame::trailers(trailers))))
    }

    pub(super) fn is_end_stream(&self) -> bool {
        let rest = match &self.rest {
            Rest::End => true,
            Rest::Body(body) => body.is_end_stream(),
            Rest::Lost => false,
        };
        rest && self.read.len() == 0 && self.trailers.is_none() && self.failed.is_none()
    }

    /// As the body had it. Once all was read the length is known, but a length that was not known before is not told
    /// where trailers follow: HTTP/1.1 has trailers only where it has no length (RFC 9112 §7.1.2).
    pub(super) fn size_hint(&self) -> SizeHint {
        let read = u64::try_from(self.read.len()).unwrap_or(u64::MAX);
        let rest = match &self.rest {
            Rest::End if self.failed.is_some() => SizeHint::default(),
            Rest::End if self.trailers.is_some() && !self.exact => SizeHint::default(),
            Rest::End => SizeHint::with_exact(0),
            Rest::Body(body) => body.size_hint(),
            Rest::Lost => SizeHint::default(),
        };
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(read));
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper.saturating_add(read));
        }
        hint
    }

    /// Its content, if that is all there is of it.
    #[cfg(feature = "axum")]
    pub(super) fn only_content(&mut self) -> Option<Bytes> {
        let plain = matches!(self.rest, Rest::End) && self.trailers.is_none();
        let plain = plain && self.failed.is_none();
        plain.then(|| self.read.take().unwrap_or_default())
    }

    /// Lets go of it: the handler did not want it.
    pub(super) fn forsake(&mut self) -> Self {
        let forsaken = Self {
            begun: true,
            rest: Rest::Lost,
            ..Self::default()
        };
        mem::replace(self, forsaken)
    }

    fn shortest(&self) -> u64 {
        self.size_hint().lower()
    }
}

impl Read {
    fn push(&mut self, data: Bytes) {
        if data.is_empty() {
            return;
        }
        *self = match mem::take(self) {
            Self::Nothing => Self::One(data),
            Self::One(first) => {
                let mut all = BytesMut::from(&*first);
                all.extend_from_slice(&data);
                Self::Many(all)
            }
            Self::Many(mut all) => {
                all.extend_from_slice(&data);
                Self::Many(all)
            }
        };
    }

    fn len(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::One(data) => data.len(),
            Self::Many(data) => data.len(),
        }
    }

    fn take(&mut self) -> Option<Bytes> {
        let data = match mem::take(self) {
            Self::Nothing => return None,
            Self::One(data) => data,
            Self::Many(data) => data.freeze(),
        };
        (!data.is_empty()).then_some(data)
    }

    fn shared(&mut self) -> Bytes {
        let data = self.take().unwrap_or_default();
        *self = Self::One(data.clone());
        data
    }
}
