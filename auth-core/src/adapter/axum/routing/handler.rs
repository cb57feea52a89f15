//! What runs the functions that are handlers.

use core::future::Future;

use axum::handler::Handler;
use axum_core::extract::{FromRequest, FromRequestParts};
use axum_core::response::IntoResponse;

pub(super) use crate::adapter::decided::Sealed;
pub use crate::adapter::decided::{DecidedHandler, FirstArgument, Key, Keyed};

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

/// One implementation for every number of arguments.
macro_rules! arities {
    ([$($argument:ident),*]) => {};
    ([$($argument:ident),*] $last:ident $($more:ident)*) => {
        served!($($argument),*; $last);
        arities!([$($argument,)* $last] $($more)*);
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
