#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod adapters;
mod answers;
mod reading;
#[cfg(feature = "axum")]
mod wire;

use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};

use super::body::BoxError;

/// What a body does next.
enum Step {
    Data(&'static str),
    Trailers(&'static str, &'static str),
    Error,
    /// Not ready; it wakes at once.
    Wait,
    Panic,
}

/// A body that does as it is told, and tells what was done to it.
struct Steps {
    todo: VecDeque<Step>,
    hint: SizeHint,
    seen: Seen,
}

#[derive(Clone, Default)]
struct Seen {
    polls: Arc<AtomicUsize>,
    dropped: Arc<AtomicBool>,
}

impl Seen {
    fn polls(&self) -> usize {
        self.polls.load(Ordering::SeqCst)
    }

    fn is_dropped(&self) -> bool {
        self.dropped.load(Ordering::SeqCst)
    }
}

fn steps(steps: impl IntoIterator<Item = Step>) -> Steps {
    Steps {
        todo: steps.into_iter().collect(),
        hint: SizeHint::default(),
        seen: Seen::default(),
    }
}

impl Steps {
    fn of_length(mut self, octets: u64) -> Self {
        self.hint = SizeHint::with_exact(octets);
        self
    }
}

impl Body for Steps {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.seen.polls.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(match self.todo.pop_front() {
            Some(Step::Data(data)) => {
                let data = Bytes::from_static(data.as_bytes());
                if let Some(exact) = self.hint.exact() {
                    let left = exact.saturating_sub(u64::try_from(data.len()).unwrap());
                    self.hint = SizeHint::with_exact(left);
                }
                Some(Ok(Frame::data(data)))
            }
            Some(Step::Trailers(name, value)) => {
                let mut trailers = HeaderMap::new();
                trailers.insert(name, value.parse().unwrap());
                Some(Ok(Frame::trailers(trailers)))
            }
            Some(Step::Error) => Some(Err("the connection is gone".into())),
            Some(Step::Wait) => {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Some(Step::Panic) => panic!("a body panicked"),
            None => None,
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.hint
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        self.seen.dropped.store(true, Ordering::SeqCst);
    }
}

/// Polls once.
fn once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Polls to the end: nothing in these tests waits for anything.
fn finish<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    for _ in 0..1000 {
        if let Poll::Ready(output) = once(future.as_mut()) {
            return output;
        }
    }
    panic!("it waits for ever");
}

/// All that a body gives: its frames of data, its trailers, and whether it broke off.
#[derive(Debug, Default, PartialEq, Eq)]
struct Given {
    frames: Vec<String>,
    trailers: Option<HeaderMap>,
    failed: bool,
}

impl Given {
    fn frames(frames: &[&str]) -> Self {
        Self {
            frames: frames.iter().map(ToString::to_string).collect(),
            ..Self::default()
        }
    }

    fn with_trailer(mut self, name: &'static str, value: &str) -> Self {
        let trailers = self.trailers.get_or_insert_default();
        trailers.insert(name, value.parse().unwrap());
        self
    }

    fn failed(mut self) -> Self {
        self.failed = true;
        self
    }
}

fn given(body: impl Body<Data = Bytes, Error: core::fmt::Debug>) -> Given {
    let mut body = pin!(body);
    let mut given = Given::default();
    loop {
        let at_end = body.is_end_stream();
        let hint = body.size_hint();
        match finish(core::future::poll_fn(|cx| body.as_mut().poll_frame(cx))) {
            Some(Ok(frame)) => {
                assert!(!at_end, "more comes behind the end");
                match frame.into_data() {
                    Ok(data) => {
                        let len = u64::try_from(data.len()).unwrap();
                        assert!(hint.upper().is_none_or(|most| len <= most), "too long");
                        given.frames.push(String::from_utf8(data.to_vec()).unwrap());
                    }
                    Err(frame) => given.trailers = frame.into_trailers().ok(),
                }
            }
            Some(Err(_)) => given.failed = true,
            None => return given,
        }
    }
}
