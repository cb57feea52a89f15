//! What runs the functions that are handlers.

use core::future::Future;
use core::panic::Location;

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse, Responder};

use crate::adapter::actix::shown::Shown;
pub(super) use crate::adapter::decided::Sealed;
pub use crate::adapter::decided::{DecidedHandler, FirstArgument, Key, Keyed};
use crate::decide::Accepts;
use crate::guard::{Guard, Public, PublicDecision, Wanted};
use crate::permit::Carried;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::state::AnyState;

/// A state with which handler `H` can be given its arguments `T`.
pub trait Serves<H, T> {
    /// The state.
    type State;

    /// `T`.
    type Arguments: Arguments<Self::State, H>;
}

impl<S, H, T: Arguments<S, H>> Serves<H, T> for Key<S> {
    type State = S;
    type Arguments = T;
}

/// Arguments that handler `H` can be given, with a state of type `S`: the work of [`Serves`].
///
/// It is about the arguments and not about the handler, so that the compiler says nothing here if it
/// found no arguments.
#[diagnostic::on_unimplemented(
    message = "this handler takes more than 16 arguments",
    label = "too many arguments",
    note = "the guard takes one place (it brings the `Authenticated<..>` along), so 15 are left: put several extractors into one argument, `(a, b): (ExtractorA, ExtractorB)`"
)]
pub trait Arguments<S, H>: 'static {
    /// Tells the state what the handler needs of it, and where it was mounted.
    #[doc(hidden)]
    fn mount(state: &S, place: &'static Location<'static>, _: Sealed);

    /// Decides, then extracts one argument after the other, then runs the handler.
    #[doc(hidden)]
    fn call(
        handler: &H,
        state: &S,
        request: &HttpRequest,
        payload: &mut Payload,
        _: Sealed,
    ) -> impl Future<Output = HttpResponse>;
}

/// A first argument that state `S` can decide about.
pub trait Decides<S>: FirstArgument + Sized + 'static {
    #[doc(hidden)]
    fn mount(state: &S, place: &'static Location<'static>);

    #[doc(hidden)]
    fn decide(
        state: &S,
        request: &HttpRequest,
        shown: &Shown,
    ) -> impl Future<Output = Result<Self, Refusal>>;

    #[doc(hidden)]
    fn show(request: &HttpRequest, payload: &mut Payload) -> Shown;
}

impl<P, W, A, S> Decides<S> for Guard<P, W, A>
where
    P: Policy,
    P::Accepts: Accepts<S, W>,
    W: Wanted,
    A: Carried,
    S: AnyState,
{
    fn mount(state: &S, place: &'static Location<'static>) {
        state.mounted(|| P::SPEC, <P::Accepts as Accepts<S, W>>::lack, place);
    }

    fn show(request: &HttpRequest, payload: &mut Payload) -> Shown {
        Shown::to_guard_of(P::SPEC, request, payload)
    }

    async fn decide(state: &S, request: &HttpRequest, shown: &Shown) -> Result<Self, Refusal> {
        let decision = shown.decide::<P::Accepts, S, W, A>(P::SPEC, state, request);
        decision.await.map(Self::admit)
    }
}

impl<D: PublicDecision, S> Decides<S> for Public<D> {
    fn mount(_: &S, _: &'static Location<'static>) {}

    fn show(_: &HttpRequest, _: &mut Payload) -> Shown {
        Shown::default()
    }

    async fn decide(_: &S, _: &HttpRequest, _: &Shown) -> Result<Self, Refusal> {
        Ok(Self::declared())
    }
}

/// One implementation for every number of arguments.
macro_rules! arities {
    ([$($argument:ident),*]) => {
        served!($($argument),*);
    };
    ([$($argument:ident),*] $last:ident $($more:ident)*) => {
        served!($($argument),*);
        arities!([$($argument,)* $last] $($more)*);
    };
}

macro_rules! served {
    () => {};
    ($first:ident $(, $argument:ident)*) => {
        impl<F, Fut, S, $first, $($argument),*> Arguments<S, F> for ($first, $($argument,)*)
        where
            F: Fn($first, $($argument),*) -> Fut + 'static,
            Fut: Future<Output: Responder + 'static>,
            $first: Decides<S>,
            $($argument: FromRequest + 'static,)*
        {
            fn mount(state: &S, place: &'static Location<'static>, _: Sealed) {
                $first::mount(state, place);
            }

            #[allow(non_snake_case, unused_variables, reason = "one macro for all numbers of arguments")]
            async fn call(
                handler: &F,
                state: &S,
                request: &HttpRequest,
                payload: &mut Payload,
                _: Sealed,
            ) -> HttpResponse {
                let shown = $first::show(request, payload);
                let arguments = async {
                    let first = $first::decide(state, request, &shown).await?;
                    $(
                        let $argument = $argument::from_request(request, payload);
                        let $argument = $argument.await.map_err(Into::into)?;
                    )*
                    Ok::<_, Error>((first, $($argument,)*))
                };
                match arguments.await {
                    Ok((first, $($argument,)*)) => {
                        let answer = handler(first, $($argument),*).await;
                        let answer = answer.respond_to(request).map_into_boxed_body();
                        shown.complete(answer).await
                    }
                    Err(error) => HttpResponse::from_error(error),
                }
            }
        }
    };
}

arities!([] A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16);
