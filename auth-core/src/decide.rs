//! The one place that admits or refuses.
//!
//! For a request and a policy, in this order:
//!
//! 0. What the state lacks refuses every request to the handler (500): only a [`Registry`](crate::Registry) can lack
//!    something, with types that does not compile.
//! 1. A policy that demands a secure transport refuses what came over another one (403), before it looks at
//!    credentials.
//! 2. Every carrier that the policy names is read once. A carrier that occurs twice, or is too long,
//!    refuses the request (400), whatever it holds; so do tokens in two carriers of which one would do
//!    (RFC 6750 §2).
//! 3. Nothing presented: an optional policy admits the caller as nobody, any other refuses (401). A
//!    foreign scheme in `Authorization` is something presented: it is refused (401), optional or not,
//!    unless another carrier holds what the policy accepts.
//! 4. Everything that is presented is checked, in declared order: its grammar, then its verifier, then
//!    whether it has ended, then how its user was authenticated, its scopes, its roles. The first failure
//!    refuses. Where several members take the same credentials (one scheme in one carrier, with a verifier for
//!    each tag), they are asked one after the other, and one of them has to accept: the credentials fail when
//!    the last of them did not, for the reason that tells most. What one of them says was revoked fails at once.
//! 5. What held has to meet the tree of the policy: all of `all(..)`, one of `any(..)`. If it does not, what is
//!    missing is asked for (401).
//! 6. The identity: of an `any(..)` that of the first member in declared order that is met, of an `all(..)` the
//!    tuple of all.
//!
//! A policy whose type and constant contradict each other (only one written by hand can) refuses with 500.
//!
//! Nothing here depends on the policy's own type: the code is shared by all handlers that accept the
//! same schemes.

mod identity;
#[cfg(feature = "registry")]
mod registered;

use core::future::Future;

use crate::authorization::{self, Presented};
use crate::guard::{Admitted, Wanted};
use crate::observe::{self, Started};
use crate::permit::{Answering, Carried};
use crate::policy::{All, Any, Member, Members, One, Rule, Shape, Spec};
#[cfg(any(feature = "actix", feature = "poem", feature = "salvo"))]
use crate::refusal::Detail;
use crate::refusal::{Cause, Refusal};
use crate::request::RequestView;
use crate::scheme::{ChallengeErrors, Scheme};
use crate::state::{AnyState, AuthState, Provides, Settings};
use crate::verify::{Verified, Verifier};

pub use identity::Accepts;
#[cfg(feature = "registry")]
pub use registered::Gathers;

/// Decides about one request: the identity, and what a later refusal of it needs, if there may be one. `A` is
/// [`Policy::Accepts`](crate::Policy::Accepts).
pub(crate) async fn decide<A, St, W, C>(
    spec: &'static Spec,
    state: &St,
    request: RequestView<'_>,
) -> Result<(W, C), Refusal>
where
    A: Accepts<St, W>,
    St: AnyState,
    W: Wanted,
    C: Carried,
{
    let settings = state.settings();
    let request = request.with_clock(settings.clock());
    let started = Started::now(settings);
    let mut held = Members::NONE;
    let presented = match A::lack(state) {
        Some(lack) => Err(Failed::request(Cause::NotConfigured(lack))),
        None => presented(spec, &A::SHAPE, &request, settings),
    };
    let decision = match presented {
        Err(failed) => Err(failed),
        Ok(presented) if presented.nothing() => nothing_presented(spec, &presented),
        Ok(presented) => {
            let mut attempt = Attempt {
                state,
                request: &request,
                settings,
                progress: Progress {
                    spec,
                    shape: const { &A::SHAPE },
                    presented,
                    held: Members::NONE,
                    refused: Vec::new(),
                    failed: None,
                },
            };
            let found = A::check(&mut attempt, 0).await;
            held = attempt.progress.held;
            match attempt.progress.judgement() {
                // The tree is met and yields nobody: cannot be, and is no reason to admit.
                Ok(()) => A::identity(found, state, Admitted::by_decision())
                    .ok_or_else(Failed::contradiction),
                Err(failed) => Err(failed),
            }
        }
    };
    match decision {
        Ok(identity) => {
            observe::admitted(spec, &A::SHAPE, held, settings, started);
            let carried =
                C::carry(|| Answering::new(spec, request.is_head(), settings.body_format()));
            Ok((identity, carried))
        }
        Err(failed) => {
            let mut refusal = Refusal::new(failed, spec, request.is_head(), settings);
            if A::OPEN {
                A::complete(state, &request, 0, &mut refusal);
            }
            observe::refused(&refusal, settings, started);
            Err(refusal)
        }
    }
}

/// The refusal of a request that nothing can decide about, since the program was not set up for it (rule 0).
#[cfg(any(feature = "actix", feature = "poem", feature = "salvo"))]
pub(crate) fn unconfigured(
    spec: &'static Spec,
    request: &RequestView<'_>,
    lack: Detail,
) -> Refusal {
    let settings = Settings::defaults();
    let started = Started::now(settings);
    let failed = Failed::request(Cause::NotConfigured(lack));
    let refusal = Refusal::new(failed, spec, request.is_head(), settings);
    observe::refused(&refusal, settings, started);
    refusal
}

/// Rules 1 and 2.
fn presented<'r>(
    spec: &Spec,
    shape: &Shape,
    request: &RequestView<'r>,
    settings: &Settings,
) -> Result<Presented<'r>, Failed> {
    if spec.is_secure() {
        match settings.transport().is_secure(request) {
            Some(true) => {}
            Some(false) => return Err(Failed::request(Cause::InsecureTransport)),
            None => {
                return Err(Failed::request(Cause::NotConfigured(
                    "the policy is `secure`, and `Settings::with_transport` does not say what that is"
                        .into(),
                )));
            }
        }
    }
    let presented = authorization::read(spec, shape, request, settings.max_credentials_len())?;
    if shape.members() != spec.members().len() {
        return Err(Failed::contradiction());
    }
    Ok(presented)
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

/// A cause, the member that it belongs to, and whose challenges the answer may carry.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) cause: Cause,
    pub(crate) used: Option<usize>,
    pub(crate) named: Members,
}

impl Failed {
    pub(crate) fn request(cause: Cause) -> Self {
        Self {
            cause,
            used: None,
            named: Members::ALL,
        }
    }

    fn contradiction() -> Self {
        Self::request(Cause::NotConfigured(
            "the policy's type and its members contradict each other".into(),
        ))
    }

    fn member(at: usize, cause: Cause) -> Self {
        Self {
            cause,
            used: Some(at),
            named: Members::ALL,
        }
    }
}

/// One request before one policy.
#[derive(Debug)]
pub struct Attempt<'r, St> {
    state: &'r St,
    request: &'r RequestView<'r>,
    settings: &'r Settings,
    progress: Progress<'r>,
}

/// What was found so far. It knows no state, so that its code exists once and not for each of them.
#[derive(Debug)]
struct Progress<'r> {
    spec: &'static Spec,
    shape: &'static Shape,
    presented: Presented<'r>,
    /// The members whose credentials held.
    held: Members,
    /// Why a member's verifier did not accept what another one may accept. Mostly empty, which costs nothing.
    refused: Vec<(usize, Cause)>,
    failed: Option<Failed>,
}

impl<'r> Progress<'r> {
    /// What a member is to check; nothing if nothing was presented to it, if something failed, or if the same
    /// credentials held already and no more is needed.
    fn due(&self, at: usize) -> Option<(&'r [u8], &'static Member)> {
        let settled = self.held_elsewhere(at) && self.shape.is_met_by(self.held);
        if settled || self.failed.is_some() {
            return None;
        }
        let value = self.presented.to(at)?;
        Some((value, self.spec.members().get(at)?))
    }

    /// Whether the same credentials held for another member.
    fn held_elsewhere(&self, at: usize) -> bool {
        self.sharing(at).any(|other| self.held.has(other))
    }

    /// The other members that are presented the same credentials.
    fn sharing(&self, at: usize) -> impl Iterator<Item = usize> {
        let members = self.spec.members();
        let same = members.get(at);
        (0..members.len()).filter(move |other| {
            // What is seen at once is asked first.
            *other != at
                && self.presented.to(*other).is_some()
                && same.is_some_and(|same| {
                    let member = members.get(*other);
                    member.is_some_and(|member| member.shares_credentials_with(same))
                })
        })
    }

    fn found<I>(&mut self, at: usize, found: Result<Verified<I>, Cause>) -> Option<Verified<I>> {
        match found {
            Ok(verified) => {
                self.held = self.held.with(at);
                Some(verified)
            }
            Err(cause) => {
                self.not_accepted(at, cause);
                None
            }
        }
    }

    /// Credentials fail when the last verifier was asked about them, and none accepted; at once if they were taken back,
    /// which another verifier may not know.
    fn not_accepted(&mut self, at: usize, cause: Cause) {
        if cause == Cause::TokenRevoked {
            self.failed = Some(Failed::member(at, cause));
            return;
        }
        if self.held_elsewhere(at) {
            return;
        }
        if self.sharing(at).any(|other| other > at) {
            self.refused.push((at, cause));
            return;
        }
        // Of those that tell most the first.
        let before = core::mem::take(&mut self.refused).into_iter();
        let told = before
            .filter(|(other, _)| self.sharing(at).any(|same| same == *other))
            .chain([(at, cause)])
            .reduce(|first, next| {
                if next.1.tells_more_than(&first.1) {
                    next
                } else {
                    first
                }
            });
        self.failed = told.map(|(member, cause)| Failed::member(member, cause));
    }

    /// Rule 5, and whose challenges a refusal may carry: of those that were not presented, or failed, what
    /// would meet the policy.
    fn judgement(&mut self) -> Result<(), Failed> {
        if let Some(mut failed) = self.failed.take() {
            let used = failed.used.unwrap_or_default();
            let asked = self
                .shape
                .missing_when_failed(used, self.presented.members());
            // Whoever was asked about the same credentials has nothing to add.
            failed.named = self.sharing(used).fold(asked, Members::without);
            return Err(failed);
        }
        if self.shape.is_met_by(self.held) {
            return Ok(());
        }
        let cause = if self.presented.foreign() {
            Cause::SchemeNotAccepted
        } else {
            Cause::Missing
        };
        Err(Failed {
            named: self.shape.missing_beside(self.held),
            ..Failed::request(cause)
        })
    }
}

/// A tree of schemes that the state `St` can check.
pub trait Checks<St>: Rule {
    /// What was verified, by member.
    type Found: Send;

    /// Checks what was presented to the members from place `first` on.
    fn check(
        attempt: &mut Attempt<'_, St>,
        first: usize,
    ) -> impl Future<Output = Self::Found> + Send;

    /// Whether what was verified meets this tree.
    fn is_met(found: &Self::Found) -> bool;

    /// Whether challenges of it lack what only a verifier knows.
    const OPEN: bool;

    /// Completes those of them that the refusal is to send, of the members from place `first` on.
    fn complete(state: &St, request: &RequestView<'_>, first: usize, refusal: &mut Refusal);
}

// `AuthState` stands here again for the compiler, which then knows that a `Registry` is no such state.
impl<S, Tag, St> Checks<St> for One<S, Tag>
where
    S: Scheme,
    Tag: 'static,
    St: Provides<S, Tag> + AuthState,
{
    type Found = Option<Verified<<St::Verifier as Verifier>::Identity>>;

    fn check(
        attempt: &mut Attempt<'_, St>,
        first: usize,
    ) -> impl Future<Output = Self::Found> + Send {
        check(attempt, first, attempt.state.verifier())
    }

    fn is_met(found: &Self::Found) -> bool {
        found.is_some()
    }

    const OPEN: bool = S::OPEN_CHALLENGES;

    fn complete(state: &St, request: &RequestView<'_>, first: usize, refusal: &mut Refusal) {
        complete(state.verifier(), request, first, refusal);
    }
}

/// Checks what was presented to one member.
async fn check<V: Verifier, St>(
    attempt: &mut Attempt<'_, St>,
    at: usize,
    verifier: &V,
) -> Option<Verified<V::Identity>> {
    let (value, member) = attempt.progress.due(at)?;
    if !member.is_of::<V::Scheme>() {
        attempt.progress.failed = Some(Failed::contradiction());
        return None;
    }
    let verified = verify(attempt, verifier, value, member).await;
    attempt.progress.found(at, verified)
}

/// Completes the challenges of one member.
fn complete<V: Verifier>(
    verifier: &V,
    request: &RequestView<'_>,
    at: usize,
    refusal: &mut Refusal,
) {
    if V::Scheme::OPEN_CHALLENGES {
        refusal.complete(at, |member, challenge| {
            verifier.complete(challenge, &request.about(member))
        });
    }
}

async fn verify<V: Verifier, St>(
    attempt: &Attempt<'_, St>,
    verifier: &V,
    value: &[u8],
    member: &'static Member,
) -> Result<Verified<V::Identity>, Cause> {
    let request = &attempt.request.about(member);
    let credentials = V::Scheme::extract(value)?;
    let work = || verifier.verify(credentials, request);
    let verified = observe::verification(attempt.progress.spec, member, work).await?;
    if verified.has_ended(request) {
        return Err(match V::Scheme::ERRORS {
            ChallengeErrors::OAuth => Cause::TokenExpired { at: None },
            ChallengeErrors::None => Cause::InvalidCredentials,
        });
    }
    let hierarchy = attempt.settings.scope_hierarchy();
    member
        .demand()
        .check(&verified.grants, hierarchy, request)?;
    Ok(verified)
}

macro_rules! joined {
    ($($member:ident $found:ident),+) => {
        impl<St: Sync, $($member: Checks<St>),+> Checks<St> for Any<($($member,)+)> {
            type Found = ($($member::Found,)+);

            async fn check(attempt: &mut Attempt<'_, St>, first: usize) -> Self::Found {
                let mut next = first;
                let found = ($(
                    {
                        let at = next;
                        next += $member::SHAPE.members();
                        $member::check(attempt, at).await
                    },
                )+);
                let _ = next;
                found
            }

            fn is_met(($($found,)+): &Self::Found) -> bool {
                $($member::is_met($found))||+
            }

            const OPEN: bool = $($member::OPEN)||+;

            fn complete(
                state: &St,
                request: &RequestView<'_>,
                first: usize,
                refusal: &mut Refusal,
            ) {
                let mut next = first;
                $(
                    if $member::OPEN {
                        $member::complete(state, request, next, refusal);
                    }
                    next += $member::SHAPE.members();
                )+
                let _ = next;
            }
        }

        impl<St: Sync, $($member: Checks<St>),+> Checks<St> for All<($($member,)+)> {
            type Found = ($($member::Found,)+);

            fn check(
                attempt: &mut Attempt<'_, St>,
                first: usize,
            ) -> impl Future<Output = Self::Found> + Send {
                // What is presented is checked alike; the difference is in what it has to meet.
                <Any<($($member,)+)> as Checks<St>>::check(attempt, first)
            }

            fn is_met(($($found,)+): &Self::Found) -> bool {
                $($member::is_met($found))&&+
            }

            const OPEN: bool = <Any<($($member,)+)> as Checks<St>>::OPEN;

            fn complete(
                state: &St,
                request: &RequestView<'_>,
                first: usize,
                refusal: &mut Refusal,
            ) {
                <Any<($($member,)+)> as Checks<St>>::complete(state, request, first, refusal);
            }
        }
    };
}

joined!(A a, B b);
joined!(A a, B b, C c);
joined!(A a, B b, C c, D d);
joined!(A a, B b, C c, D d, E e);
joined!(A a, B b, C c, D d, E e, F f);
joined!(A a, B b, C c, D d, E e, F f, G g);
joined!(A a, B b, C c, D d, E e, F f, G g, H h);
