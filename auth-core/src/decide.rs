//! The one place that admits or refuses.
//!
//! For a request and a policy, in this order:
//!
//! 1. Every carrier that the policy names is read once. A carrier that occurs twice, or is too long,
//!    refuses the request (400), whatever it holds.
//! 2. Nothing presented: an optional policy admits the caller as nobody, any other refuses (401). A
//!    foreign scheme in `Authorization` is something presented: it is refused (401), optional or not,
//!    unless another carrier holds what the policy accepts.
//! 3. Everything that is presented is checked, in declared order: its grammar, then its verifier, then
//!    whether it has ended, then its scopes. The first failure refuses.
//! 4. The identity is that of the first member in declared order that was presented.
//!
//! A policy whose type and constant contradict each other (only one written by hand can) refuses with 500.
//!
//! Nothing here depends on the policy's own type: the code is shared by all handlers that accept the
//! same schemes.

use core::future::Future;

use crate::authorization::{self, Presented};
use crate::guard::{Admitted, FromVerified, Wanted};
use crate::permit::Answering;
use crate::policy::{Any, One, Spec};
use crate::refusal::{Cause, Refusal};
use crate::request::RequestView;
use crate::scheme::{ChallengeErrors, Scheme};
use crate::state::{AuthState, Provides};
use crate::verify::Verifier;

/// Decides about one request: the identity, and what a later refusal of it needs. `A` is
/// [`Policy::Accepts`](crate::Policy::Accepts).
pub(crate) async fn decide<A, St, W>(
    spec: &'static Spec,
    state: &St,
    request: RequestView<'_>,
) -> Result<(W, Answering), Refusal>
where
    A: Accepts<St, W>,
    St: AuthState,
    W: Wanted,
{
    let settings = state.settings();
    let request = request.with_clock(settings.clock());
    let mut anonymous = false;
    let decision = match authorization::read(spec, &request, settings.max_credentials_len()) {
        Err(failed) => Err(failed),
        Ok(_) if A::MEMBERS != spec.members().len() => Err(Failed::contradiction()),
        Ok(presented) if presented.nothing() => {
            anonymous = true;
            nothing_presented(spec, &presented)
        }
        Ok(presented) => {
            let attempt = Attempt {
                state,
                request: &request,
                spec,
                presented,
            };
            match A::check(&attempt, 0).await {
                Ok(Some(identity)) => Ok(identity),
                // No member took what was presented to it: cannot be, and is no reason to admit.
                Ok(None) => Err(Failed::request(Cause::Missing)),
                Err(failed) => Err(failed),
            }
        }
    };
    match decision {
        Ok(identity) => {
            log::admitted(spec, anonymous);
            let answering = Answering::new(spec, request.is_head(), settings.body_format());
            Ok((identity, answering))
        }
        Err(failed) => {
            let refusal = Refusal::new(failed, spec, request.is_head(), settings.body_format());
            log::refused(&refusal);
            Err(refusal)
        }
    }
}

fn nothing_presented<W: Wanted>(spec: &Spec, presented: &Presented<'_>) -> Result<W, Failed> {
    if presented.foreign() {
        return Err(Failed::request(Cause::SchemeNotAccepted));
    }
    if spec.is_optional()
        && let Some(nobody) = W::nobody()
    {
        return Ok(nobody);
    }
    Err(Failed::request(Cause::Missing))
}

/// A cause, and the member that it belongs to.
#[derive(Debug)]
pub struct Failed {
    pub(crate) cause: Cause,
    pub(crate) used: Option<usize>,
}

impl Failed {
    pub(crate) fn request(cause: Cause) -> Self {
        Self { cause, used: None }
    }

    fn contradiction() -> Self {
        Self::request(Cause::NotConfigured(
            "the policy's type and its members contradict each other".into(),
        ))
    }

    pub(crate) fn member(at: usize, cause: Cause) -> Self {
        Self {
            cause,
            used: Some(at),
        }
    }
}

/// One request before one policy.
#[derive(Debug)]
pub struct Attempt<'r, St> {
    state: &'r St,
    request: &'r RequestView<'r>,
    spec: &'static Spec,
    presented: Presented<'r>,
}

/// Accepted schemes that the state `St` can check, for a handler that wants `W`.
pub trait Accepts<St, W>: 'static {
    /// How many members.
    const MEMBERS: usize;

    /// Checks what was presented to the members from place `first` on; `None` if nothing was.
    fn check<'r>(
        attempt: &'r Attempt<'r, St>,
        first: usize,
    ) -> impl Future<Output = Result<Option<W>, Failed>> + Send + 'r;
}

impl<S, Tag, St, W> Accepts<St, W> for One<S, Tag>
where
    S: Scheme,
    Tag: 'static,
    St: Provides<S, Tag>,
    W: FromVerified<<St::Verifier as Verifier>::Identity>,
{
    const MEMBERS: usize = 1;

    async fn check<'r>(attempt: &'r Attempt<'r, St>, first: usize) -> Result<Option<W>, Failed> {
        let Some(value) = attempt.presented.to(first) else {
            return Ok(None);
        };
        let failed = |cause| Failed::member(first, cause);
        let member = match attempt.spec.members().get(first) {
            Some(member) if member.is_of::<S>() => member,
            _ => return Err(Failed::contradiction()),
        };
        let credentials = S::extract(value).map_err(failed)?;
        let verified = attempt
            .state
            .verifier()
            .verify(credentials, attempt.request)
            .await
            .map_err(failed)?;
        if verified.has_ended(attempt.request) {
            return Err(failed(match S::ERRORS {
                ChallengeErrors::OAuth => Cause::TokenExpired { at: None },
                ChallengeErrors::None => Cause::InvalidCredentials,
            }));
        }
        if !member
            .scopes()
            .all(|scope| verified.grants.has_scope(scope))
        {
            return Err(failed(Cause::InsufficientScope));
        }
        Ok(Some(W::from_verified(verified, Admitted::by_decision())))
    }
}

macro_rules! alternatives {
    ($first:ident, $($member:ident),+) => {
        impl<St, W, $first, $($member),+> Accepts<St, W> for Any<($first, $($member),+)>
        where
            St: Sync,
            W: Wanted,
            $first: Accepts<St, W>,
            $($member: Accepts<St, W>,)+
        {
            const MEMBERS: usize = $first::MEMBERS $(+ $member::MEMBERS)+;

            async fn check<'r>(
                attempt: &'r Attempt<'r, St>,
                first: usize,
            ) -> Result<Option<W>, Failed> {
                let mut identity = $first::check(attempt, first).await?;
                let mut next = first + $first::MEMBERS;
                $(
                    let other = $member::check(attempt, next).await?;
                    identity = identity.or(other);
                    next += $member::MEMBERS;
                )+
                let _ = next;
                Ok(identity)
            }
        }
    };
}

alternatives!(A, B);
alternatives!(A, B, C);
alternatives!(A, B, C, D);
alternatives!(A, B, C, D, E);
alternatives!(A, B, C, D, E, F);
alternatives!(A, B, C, D, E, F, G);
alternatives!(A, B, C, D, E, F, G, H);

/// One event for each decision (feature `tracing`): policy, scheme and cause; never a credential, an
/// identity or anything else that a request holds.
pub(crate) mod log {
    use crate::policy::Spec;
    use crate::refusal::Refusal;

    #[cfg(feature = "tracing")]
    pub(super) fn admitted(spec: &Spec, anonymous: bool) {
        tracing::debug!(target: "auth_core", policy = spec.name(), anonymous, "admitted");
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn refused(refusal: &Refusal) {
        let (policy, status) = (refusal.policy(), refusal.status().as_u16());
        let (scheme, cause) = (refusal.scheme().unwrap_or("-"), refusal.cause());
        let needed = match cause {
            crate::Cause::InsufficientScope => refusal.scope(),
            _ => None,
        };
        if status >= 500 {
            tracing::error!(target: "auth_core", policy, scheme, status, %cause, "refused");
        } else {
            tracing::info!(target: "auth_core", policy, scheme, status, needed, %cause, "refused");
        }
    }

    #[cfg(not(feature = "tracing"))]
    pub(super) fn admitted(_: &Spec, _: bool) {}

    #[cfg(not(feature = "tracing"))]
    pub(crate) fn refused(_: &Refusal) {}
}
