//! What a handler with `permit` answers.

use core::fmt;

use crate::decide::Failed;
use crate::observe;
use crate::policy::Spec;
use crate::refusal::{BodyFormat, Cause, Refusal};

/// The answer of a handler with `permit`: what the handler says, or the refusal of a caller whom the
/// condition does not admit (403, `forbidden`).
///
/// The attribute writes it around the return type. A framework turns it into a response; code that calls
/// such a handler by itself takes it apart:
///
/// ```
/// # use auth_core::{Permitted, Refusal};
/// fn answer(permitted: Permitted<http::Response<bytes::Bytes>>) -> http::Response<bytes::Bytes> {
///     permitted.into_result().unwrap_or_else(Refusal::into_response)
/// }
/// ```
#[derive(Debug)]
#[must_use = "it is the answer, or a refusal"]
pub struct Permitted<R>(Result<R, Refusal>);

impl<R> Permitted<R> {
    /// What the handler answered.
    ///
    /// # Errors
    /// The refusal, if the condition did not hold.
    pub fn into_result(self) -> Result<R, Refusal> {
        self.0
    }

    pub(crate) fn answered(answer: R) -> Self {
        Self(Ok(answer))
    }

    pub(crate) fn refused(answering: Answering) -> Self {
        Self(Err(answering.forbid()))
    }
}

/// What a guard carries beside the identity: [`Answering`] for a handler with `permit`, and nothing for any
/// other, which then has nothing to drop. Dropping it would be code in every handler.
pub trait Carried: Sized + Send + 'static {
    #[doc(hidden)]
    fn carry(answering: impl FnOnce() -> Answering) -> Self;
}

impl Carried for () {
    fn carry(_: impl FnOnce() -> Answering) -> Self {}
}

impl Carried for Answering {
    fn carry(answering: impl FnOnce() -> Answering) -> Self {
        answering()
    }
}

/// What the refusal of a request needs that was admitted before: the guard carries it to the place where
/// `permit` is known. Nothing in it is allocated.
#[derive(Clone)]
pub struct Answering {
    spec: &'static Spec,
    head: bool,
    format: BodyFormat,
}

impl Answering {
    pub(crate) fn new(spec: &'static Spec, head: bool, format: &BodyFormat) -> Self {
        Self {
            spec,
            head,
            format: format.clone(),
        }
    }

    /// The refusal of a caller who is known and not permitted. It is told to the log.
    #[must_use]
    pub fn forbid(self) -> Refusal {
        let failed = Failed::request(Cause::Forbidden);
        // Whoever is known and not permitted is told no challenge.
        let refusal = Refusal::without_challenges(failed, self.spec, self.head, self.format);
        observe::turned_away(&refusal);
        refusal
    }
}

impl fmt::Debug for Answering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answering")
    }
}
