//! The body of a request whose message was read, and of an answer.

use core::fmt;
use core::future::poll_fn;
use core::pin::{Pin, pin};
use core::task::{Context, Poll};

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::events::EventIds;
use super::fault::MessageFault;

pin_project! {
    /// A body behind or before an [`McpLayer`](super::McpLayer): a message that the layer read, or an answer that it wrote,
    /// or else the body that was there; of a stream of events the ids are bound to the caller.
    pub struct McpBody<B> {
        #[pin]
        kind: Kind<B>,
    }
}

pin_project! {
    #[project = Projected]
    enum Kind<B> {
        Whole { content: Bytes },
        Other { #[pin] body: B },
        Events { #[pin] body: B, ids: Box<EventIds> },
    }
}

impl<B> McpBody<B> {
    pub(super) fn whole(content: Bytes) -> Self {
        Self {
            kind: Kind::Whole { content },
        }
    }

    pub(super) fn other(body: B) -> Self {
        Self {
            kind: Kind::Other { body },
        }
    }

    pub(super) fn events(body: B, ids: EventIds) -> Self {
        Self {
            kind: Kind::Events {
                body,
                ids: Box::new(ids),
            },
        }
    }
}

impl<B: Body<Data = Bytes>> Body for McpBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match self.project().kind.project() {
            Projected::Whole { content } if content.is_empty() => Poll::Ready(None),
            Projected::Whole { content } => {
                let content = core::mem::take(content);
                Poll::Ready(Some(Ok(Frame::data(content))))
            }
            Projected::Other { body } => body.poll_frame(cx),
            Projected::Events { body, ids } => body
                .poll_frame(cx)
                .map_ok(|frame| frame.map_data(|data| ids.bind(&data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Whole { content } => content.is_empty(),
            Kind::Other { body } | Kind::Events { body, .. } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Whole { content } => SizeHint::with_exact(as_u64(content.len())),
            Kind::Other { body } => body.size_hint(),
            Kind::Events { .. } => SizeHint::new(),
        }
    }
}

/// Prints nothing of the content.
impl<B> fmt::Debug for McpBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("McpBody")
    }
}

/// The whole content, if it is not longer than this. Trailers are dropped.
///
/// It is copied, so that a client that sends single octets does not fill the memory with their bookkeeping.
pub(super) async fn read<B: Body>(body: B, limit: usize) -> Result<Bytes, MessageFault> {
    let mut body = pin!(body);
    if body.size_hint().lower() > as_u64(limit) {
        return Err(MessageFault::TooLong);
    }
    let mut content = BytesMut::new();
    while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        let frame = frame.map_err(|_| MessageFault::Unreadable)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if data.remaining() > limit.saturating_sub(content.len()) {
            return Err(MessageFault::TooLong);
        }
        content.put(data);
    }
    Ok(content.freeze())
}

fn as_u64(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
