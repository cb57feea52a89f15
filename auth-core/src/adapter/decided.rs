//! Which functions are handlers with a decision, whatever the framework.

use core::marker::PhantomData;

use super::endpoint::Decision;
use crate::guard::{Guard, Public, PublicDecision, Unseen, Wanted};
use crate::policy::{Policy, Rule};

/// Nobody else can name it, and so implement a trait that does: what these traits let through has a
/// decision.
#[derive(Clone, Copy, Debug)]
pub struct Sealed(());

impl Sealed {
    pub(crate) const YES: Self = Self(());
}

/// An argument that stands for a decision: what `#[requires_auth]` and `#[public]` put first.
pub trait FirstArgument {
    /// What was decided.
    const DECISION: Decision;

    #[doc(hidden)]
    const SEALED: Sealed;
}

impl<P: Policy, W, A> FirstArgument for Guard<P, W, A> {
    const DECISION: Decision = Decision::Demands {
        spec: P::SPEC,
        shape: <P::Accepts as Rule>::SHAPE,
    };
    const SEALED: Sealed = Sealed::YES;
}

impl<D: PublicDecision> FirstArgument for Public<D> {
    const DECISION: Decision = Decision::Public { reason: D::REASON };
    const SEALED: Sealed = Sealed::YES;
}

/// A function with a decision as its first argument. `T` is the tuple of its arguments; it is always
/// inferred.
///
/// It says nothing about a state, so that `T` is found whatever the state lacks: the adapter asks for that in a second bound.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no decision",
    label = "handler without a decision",
    note = "put `#[requires_auth(…)]` on the function, or `#[public(reason = \"…\")]` if everybody may call it; it must be an `async fn` with at most 15 arguments besides the caller's identity; a closure cannot have one: write a function"
)]
pub trait DecidedHandler<T>: Clone + Send + Sync + Sized + 'static {
    /// What was decided.
    const DECISION: Decision;
}

/// Every state, and its [`Key`]. What is asked of the key waits until the compiler knows the state, and so
/// can be answered with what the state lacks. Nothing for bounds of yours: those of the framework do, `S: Clone +
/// Send + Sync + 'static`.
pub trait Keyed: Clone + Send + Sync + 'static {
    /// [`Key<Self>`](Key).
    type Key;
}

impl<S: Clone + Send + Sync + 'static> Keyed for S {
    type Key = Key<S>;
}

/// Stands for a state of type `S`.
#[derive(Clone, Copy, Debug)]
pub struct Key<S>(PhantomData<fn() -> S>);

/// What guards a service: a [`Policy`], or `(Policy, W)` where the service is to find the identity
/// `W` in the extensions of the request, such as [`Authenticated<User>`](crate::Authenticated). An identity of another
/// type that a guard outside put there stays visible.
pub trait ServiceGuard: 'static {
    /// The policy.
    type Policy: Policy;
    /// What the service finds in the extensions of the request.
    type Identity: Wanted + Clone + Sync;
}

impl<P: Policy> ServiceGuard for P {
    type Policy = P;
    type Identity = Unseen;
}

impl<P: Policy, W: Wanted + Clone + Sync> ServiceGuard for (P, W) {
    type Policy = P;
    type Identity = W;
}

/// One implementation for every number of arguments that the frameworks take, and one more: a seventeenth argument is told
/// by the adapter.
macro_rules! arities {
    ([$($argument:ident),*]) => {};
    ([$($argument:ident),*] $last:ident $($more:ident)*) => {
        decided!($($argument,)* $last);
        arities!([$($argument,)* $last] $($more)*);
    };
}

macro_rules! decided {
    ($first:ident $(, $argument:ident)*) => {
        impl<F, Fut, $first, $($argument),*> DecidedHandler<($first, $($argument),*)> for F
        where
            F: FnOnce($first, $($argument),*) -> Fut + Clone + Send + Sync + 'static,
            $first: FirstArgument,
        {
            const DECISION: Decision = $first::DECISION;
        }
    };
}

arities!([] A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16 A17);
