//! The proof that a policy was met, and what a handler sees of it.

use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;

use http::Extensions;

use crate::verify::{Grants, Held, Verified};

/// The first argument of a guarded handler: the proof that policy `P` was met, with the identity `W`
/// that the handler asked for.
///
/// Only the decision of this crate makes one, so a handler that takes it cannot run without it.
pub struct Guard<P, W = Unseen, A = ()> {
    /// What the handler asked for.
    pub identity: W,
    /// For `permit`, which may refuse later; without it, nothing.
    pub answering: A,
    policy: PhantomData<fn() -> P>,
}

impl<P, W, A> Guard<P, W, A> {
    /// Called where the decision was made, and nowhere else.
    pub(crate) fn admit((identity, answering): (W, A)) -> Self {
        Self {
            identity,
            answering,
            policy: PhantomData,
        }
    }
}

/// Prints nothing of what it holds.
impl<P, W, A> fmt::Debug for Guard<P, W, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guard")
    }
}

/// The first argument of a handler that is public by declaration.
pub struct Public<D>(PhantomData<fn() -> D>);

impl<D> Public<D> {
    pub(crate) fn declared() -> Self {
        Self(PhantomData)
    }
}

impl<D> fmt::Debug for Public<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Public")
    }
}

/// The decision that a handler is open to everybody. Written by `#[public]`.
pub trait PublicDecision: Send + Sync + 'static {
    /// Path of the handler.
    const NAME: &'static str;
    /// Why it may be public.
    const REASON: Option<&'static str>;
}

/// An identity whose credentials were verified, and what they grant. It cannot be made by hand:
///
/// ```compile_fail,E0423
/// let forged = auth_core::Authenticated("root");
/// ```
///
/// ```compile_fail
/// use auth_core::{Authenticated, FromVerified, Verified};
/// let forged: Authenticated<&str> = FromVerified::from_verified(Verified::new("root"));
/// ```
///
/// ```compile_fail,E0425
/// use auth_core::{Accepts, Authenticated, Bearer, One, Verified};
/// # #[derive(auth_core::AuthState)] struct App { #[auth(Bearer)] tokens: auth_core::FnVerifier<Bearer, &'static str> }
/// fn forge(app: &App, admitted: auth_core::Admitted) -> Option<Authenticated<&str>> {
///     <One<Bearer> as Accepts<App, _>>::identity(Some(Verified::new("root")), app, admitted)
/// }
/// ```
///
/// As an argument of a handler under `#[requires_auth]` it is how the handler sees its caller. It
/// derefs to the identity, and prints nothing of it.
#[derive(Clone)]
pub struct Authenticated<T> {
    identity: Held<T>,
    grants: Grants,
}

impl<T> Authenticated<T> {
    /// The identity.
    pub fn identity(&self) -> &T {
        self.identity.get()
    }

    /// What the credentials grant.
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// The identity as the handler's own; copied only if the verifier keeps it.
    pub fn into_inner(self) -> T
    where
        T: Clone,
    {
        self.identity.into_owned()
    }
}

#[cfg(feature = "registry")]
impl<T> Authenticated<T> {
    /// Called where the decision was made, as [`Admitted`] proves.
    pub(crate) fn admitted(identity: Held<T>, grants: Grants, _: Admitted) -> Self {
        Self { identity, grants }
    }
}

impl<T> Deref for Authenticated<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.identity()
    }
}

impl<T> fmt::Debug for Authenticated<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authenticated([redacted])")
    }
}

/// Who gives an identity to a handler whose attribute did not: nobody. One type for all frameworks: of two with one name
/// the compiler believes that they come of two versions of this crate, and says so.
#[cfg(any(
    feature = "actix",
    feature = "axum",
    feature = "poem",
    feature = "salvo"
))]
#[derive(Clone, Copy, Debug)]
pub enum Nobody {}

/// Stands for the identity in a handler that does not ask for it.
#[derive(Clone, Copy, Debug)]
pub struct Unseen(());

#[cfg(feature = "registry")]
impl Unseen {
    pub(crate) fn admitted(_: Admitted) -> Self {
        Self(())
    }
}

/// The proof that [`decide`](crate::decide) admitted somebody: without one nobody becomes
/// [`Authenticated`]. Made there, and nowhere else.
#[derive(Debug)]
pub struct Admitted(());

impl Admitted {
    pub(crate) fn by_decision() -> Self {
        Self(())
    }
}

/// What a handler can ask for: nothing, `Authenticated<T>` or `Option<Authenticated<T>>`.
pub trait Wanted: Sized + Send + 'static {
    /// What it gets if an optional policy admits nobody. `None`: it must be somebody.
    fn nobody() -> Option<Self>;

    /// Hands it to a service, in the extensions of the request.
    fn hand_on(self, extensions: &mut impl HandOn)
    where
        Self: Clone + Sync,
    {
        extensions.put(self);
    }
}

/// The extensions of a request, of whatever framework.
pub trait HandOn {
    /// Puts a value there, in place of another one of its type.
    fn put<T: Clone + Send + Sync + 'static>(&mut self, value: T);

    /// Takes the value of this type away.
    fn take_away<T: Send + Sync + 'static>(&mut self);
}

impl HandOn for Extensions {
    fn put<T: Clone + Send + Sync + 'static>(&mut self, value: T) {
        self.insert(value);
    }

    fn take_away<T: Send + Sync + 'static>(&mut self) {
        self.remove::<T>();
    }
}

/// What a handler asks for, made from what a verifier yields. An identity `I` becomes the wanted `T`
/// through `T: From<I>`.
#[diagnostic::on_unimplemented(
    message = "this handler wants `{Self}`, but the verifiers of the state yield `{I}`",
    label = "`{Self}` cannot be made from `{I}`",
    note = "write `Authenticated<{I}>`, or implement `From<{I}>` for the type inside"
)]
pub trait FromVerified<I>: Wanted {
    /// Converts.
    fn from_verified(verified: Verified<I>, admitted: Admitted) -> Self;
}

/// Whoever asks for no identity is never told that there is none: an optional policy does not admit
/// nobody here, since everybody would be admitted.
impl Wanted for Unseen {
    fn nobody() -> Option<Self> {
        None
    }

    fn hand_on(self, _: &mut impl HandOn) {}
}

impl<I> FromVerified<I> for Unseen {
    fn from_verified(_: Verified<I>, _: Admitted) -> Self {
        Self(())
    }
}

impl<T: Send + Sync + 'static> Wanted for Authenticated<T> {
    fn nobody() -> Option<Self> {
        None
    }

    /// In both forms: a service that reads the other one does not find what a guard outside handed on.
    fn hand_on(self, extensions: &mut impl HandOn)
    where
        Self: Clone + Sync,
    {
        extensions.put(Some(self.clone()));
        extensions.put(self);
    }
}

#[diagnostic::do_not_recommend]
impl<I, T> FromVerified<I> for Authenticated<T>
where
    I: Clone + Send + Sync + 'static,
    T: From<I> + Send + Sync + 'static,
{
    fn from_verified(verified: Verified<I>, _: Admitted) -> Self {
        Self {
            identity: verified.identity.convert(),
            grants: verified.grants,
        }
    }
}

impl<T: Send + Sync + 'static> Wanted for Option<Authenticated<T>> {
    fn nobody() -> Option<Self> {
        Some(None)
    }

    /// What a guard outside handed on is not taken for the caller of this one.
    fn hand_on(self, extensions: &mut impl HandOn)
    where
        Self: Clone + Sync,
    {
        extensions.take_away::<Authenticated<T>>();
        extensions.put(self);
    }
}

#[diagnostic::do_not_recommend]
impl<I, T> FromVerified<I> for Option<Authenticated<T>>
where
    I: Clone + Send + Sync + 'static,
    T: From<I> + Send + Sync + 'static,
{
    fn from_verified(verified: Verified<I>, admitted: Admitted) -> Self {
        Some(Authenticated::from_verified(verified, admitted))
    }
}

#[cfg(test)]
mod tests {
    use super::Guard;
    use crate::permit::Answering;
    use crate::private::Erroneous;

    // What has to be dropped is code in every handler.
    #[test]
    fn a_guard_has_nothing_of_its_own_to_drop() {
        assert!(!core::mem::needs_drop::<Guard<Erroneous>>());
        assert!(core::mem::needs_drop::<Guard<Erroneous, (), Answering>>());
    }
}
