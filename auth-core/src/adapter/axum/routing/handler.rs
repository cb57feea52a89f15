//! Which functions are handlers, and what runs them.

use core::future::Future;
use core::marker::PhantomData;

use axum::handler::Handler;
use axum_core::extract::{FromRequest, FromRequestParts};
use axum_core::response::IntoResponse;

use super::endpoint::Decision;
use crate::guard::{Guard, Public, PublicDecision};
use crate::policy::{Policy, Rule};

/// Nobody else can name it, and so implement a trait that does: what these traits let through has a
/// decision.
#[derive(Clone, Copy, Debug)]
pub struct Sealed(());

impl Sealed {
    pub(super) const YES: Self = Self(());
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
/// It says nothing about a state, so that `T` is found whatever the state lacks: see [`Serves`].
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
/// can be answered with what the state lacks. Nothing for bounds of yours: those of axum do, `S: Clone +
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

/// A state with which handler `H` can be given its arguments `T`. `M` tells extractors of the last argument
/// apart; it is always inferred.
pub trait Serves<H, T, M> {
    /// The state.
    type State;

    /// `T`.
    type Arguments: Arguments<Self::State, H, M>;
}

impl<S, H, T: Arguments<S, H, M>, M> Serves<H, T, M> for Key<S> {
    type State = S;
    type Arguments = T;
}

/// Arguments that handler `H` can be given, with a state of type `S`: the work of [`Serves`].
///
/// It is about the arguments and not about the handler, so that the compiler says nothing here if it
/// found no arguments.
#[diagnostic::on_unimplemented(
    message = "this handler takes more than axum's 16 arguments",
    label = "too many arguments",
    note = "the guard takes one place (it brings the `Authenticated<..>` along), so 15 are left: put several extractors into one argument, `(a, b): (ExtractorA, ExtractorB)`"
)]
pub trait Arguments<S, H, M> {
    /// The arguments as axum writes them.
    type Axum: 'static;

    /// `H`, of which more is known now.
    type Handler: Handler<Self::Axum, S>;

    #[doc(hidden)]
    fn handler(handler: H, _: Sealed) -> Self::Handler;
}

/// A decided handler, which axum can run. It is the function itself: what runs is axum's own code.
pub(super) fn checked<S, H, T, M>(
    handler: H,
) -> <<S::Key as Serves<H, T, M>>::Arguments as Arguments<S, H, M>>::Handler
where
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    <S::Key as Serves<H, T, M>>::Arguments::handler(handler, Sealed::YES)
}

/// One implementation of each for every number of arguments, and one more of [`DecidedHandler`]: a seventeenth
/// argument is told by [`Arguments`].
macro_rules! arities {
    ([$($argument:ident),*]) => {
        decided!($($argument,)* Last);
    };
    ([$($argument:ident),*] $last:ident $($more:ident)*) => {
        decided!($($argument,)* $last);
        served!($($argument),*; $last);
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

// The demands of axum's own `Handler`, written out, so that the compiler names the one that is not met.
macro_rules! served {
    ($($argument:ident),*; $last:ident) => {
        impl<F, Fut, Res, S, M, $($argument,)* $last> Arguments<S, F, M> for ($($argument,)* $last,)
        where
            F: FnOnce($($argument,)* $last) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = Res> + Send,
            Res: IntoResponse,
            S: Send + Sync + 'static,
            M: 'static,
            $($argument: FromRequestParts<S> + Send + 'static,)*
            $last: FromRequest<S, M> + Send + 'static,
        {
            type Axum = (M, $($argument,)* $last,);
            type Handler = F;

            fn handler(handler: F, _: Sealed) -> F {
                handler
            }
        }
    };
}

arities!([] A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16);
