//! Which functions are handlers of these routes, and what runs them.

use core::future::Future;
use core::panic::Location;
use core::pin::Pin;

use poem::error::IntoResult;
use poem::{FromRequest, IntoResponse, Request, Response, Result};

use crate::adapter::decided::{DecidedHandler, FirstArgument, Key, Keyed, Sealed};
use crate::decide::{Accepts, decide};
use crate::guard::{Guard, Public, PublicDecision, Wanted};
use crate::inline::ViewRequest as _;
use crate::permit::Carried;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::state::AnyState;

/// A function with a decision as its first argument, without `#[handler]`. `T` is the tuple of its arguments; it is always
/// inferred.
///
/// It says nothing about a state, so that `T` is found whatever the state lacks: see [`Serves`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no decision",
    label = "not a function with a decision",
    note = "put `#[requires_auth(…)]` on the function, or `#[public(reason = \"…\")]` if everybody may call it, and no `#[handler]`: these routes take the function itself, an `async fn` with at most 15 arguments besides the caller's identity; a closure cannot have a decision: write a function"
)]
pub trait DecidedFunction<T>: DecidedHandler<T> {}

#[diagnostic::do_not_recommend]
impl<H: DecidedHandler<T>, T> DecidedFunction<T> for H {}

/// A state with which handler `H` can be given its arguments `T`. `M` is what its answer becomes; it is always inferred.
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

/// An argument that stands for a decision which can be made with a state of type `S`.
pub trait Decides<S>: FirstArgument + Sized + Send + 'static {
    #[doc(hidden)]
    fn decide(
        state: &S,
        request: &Request,
        _: Sealed,
    ) -> impl Future<Output = core::result::Result<Self, Refusal>> + Send;

    /// Says that it is needed, for the handler that was put on its route there.
    #[doc(hidden)]
    fn mount(state: &S, place: &'static Location<'static>, _: Sealed);
}

impl<P, W, A, S> Decides<S> for Guard<P, W, A>
where
    P: Policy,
    P::Accepts: Accepts<S, W>,
    W: Wanted,
    A: Carried,
    S: AnyState,
{
    async fn decide(
        state: &S,
        request: &Request,
        _: Sealed,
    ) -> core::result::Result<Self, Refusal> {
        let admitted = decide::<P::Accepts, S, W, A>(P::SPEC, state, request.view()).await;
        admitted.map(Self::admit)
    }

    fn mount(state: &S, place: &'static Location<'static>, _: Sealed) {
        state.mounted(|| P::SPEC, <P::Accepts as Accepts<S, W>>::lack, place);
    }
}

impl<D: PublicDecision, S: Sync> Decides<S> for Public<D> {
    async fn decide(_: &S, _: &Request, _: Sealed) -> core::result::Result<Self, Refusal> {
        Ok(Self::declared())
    }

    fn mount(_: &S, _: &'static Location<'static>, _: Sealed) {}
}

/// A handler at work.
pub(super) type Running<'s> = Pin<Box<dyn Future<Output = Result<Response>> + Send + 's>>;

/// Arguments that handler `H` can be given, with a state of type `S`: the work of [`Serves`].
///
/// It is about the arguments and not about the handler, so that the compiler says nothing here if it
/// found no arguments.
#[diagnostic::on_unimplemented(
    message = "this handler takes more than 16 arguments",
    label = "too many arguments",
    note = "the guard takes one place (it brings the `Authenticated<..>` along), so 15 are left: put several extractors into one type of yours that is `FromRequest`"
)]
pub trait Arguments<S, H, M> {
    /// Makes the decision, extracts the other arguments one after the other, and runs the handler.
    #[doc(hidden)]
    fn run(handler: H, state: &S, request: Request, _: Sealed) -> Running<'_>;

    /// Says that the handler was put on a route there.
    #[doc(hidden)]
    fn mount(state: &S, place: &'static Location<'static>, _: Sealed);
}

/// One implementation for every number of arguments.
macro_rules! arities {
    ([$($argument:ident $name:ident),*]) => {};
    ([$($argument:ident $name:ident),*] $next:ident $next_name:ident $($more:ident)*) => {
        served!($($argument $name),*);
        arities!([$($argument $name,)* $next $next_name] $($more)*);
    };
}

macro_rules! served {
    ($($argument:ident $name:ident),*) => {
        impl<F, Fut, Res, S, First, $($argument,)* M> Arguments<S, F, M> for (First, $($argument,)*)
        where
            F: FnOnce(First, $($argument),*) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = Res> + Send,
            Res: IntoResult<M>,
            M: IntoResponse + 'static,
            S: Send + Sync + 'static,
            First: Decides<S>,
            $($argument: for<'r> FromRequest<'r> + Send + 'static,)*
        {
            fn run(handler: F, state: &S, request: Request, sealed: Sealed) -> Running<'_> {
                Box::pin(async move {
                    let first = First::decide(state, &request, sealed).await?;
                    #[allow(unused_mut, unused_variables)]
                    let (request, mut body) = request.split();
                    $(let $name = $argument::from_request(&request, &mut body).await?;)*
                    let answer = handler(first, $($name),*).await;
                    answer.into_result().map(IntoResponse::into_response)
                })
            }

            fn mount(state: &S, place: &'static Location<'static>, sealed: Sealed) {
                First::mount(state, place, sealed);
            }
        }
    };
}

arities!([] A1 a1 A2 a2 A3 a3 A4 a4 A5 a5 A6 a6 A7 a7 A8 a8 A9 a9 A10 a10 A11 a11 A12 a12 A13 a13 A14 a14 A15 a15 End end);

type Run<S> = dyn Fn(&S, Request) -> Running<'_> + Send + Sync;

/// What runs a handler, whatever its arguments.
pub(super) struct Runner<S> {
    run: Box<Run<S>>,
    mount: fn(&S, &'static Location<'static>),
}

/// A decided handler that can be run.
pub(super) fn checked<S, H, T, M>(handler: H) -> Runner<S>
where
    H: DecidedFunction<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    Runner {
        run: Box::new(move |state, request| {
            let handler = handler.clone();
            <S::Key as Serves<H, T, M>>::Arguments::run(handler, state, request, Sealed::YES)
        }),
        mount: |state, place| {
            <S::Key as Serves<H, T, M>>::Arguments::mount(state, place, Sealed::YES);
        },
    }
}

impl<S> Runner<S> {
    pub(super) fn run<'s>(&self, state: &'s S, request: Request) -> Running<'s> {
        (self.run)(state, request)
    }

    /// Tells the state what the handler needs of it.
    pub(super) fn mount(&self, state: &S, place: &'static Location<'static>) {
        (self.mount)(state, place);
    }
}
