//! From what was verified to what the handler wants.

use core::marker::PhantomData;

use super::Checks;
use crate::guard::{Admitted, FromVerified};
use crate::policy::{All, Any, One};
use crate::refusal::Detail;
use crate::scheme::Scheme;
use crate::state::{AuthState, Provides};
use crate::verify::{Verified, Verifier};

/// A tree of schemes that the state `St` can check, whose identities become a `W`.
pub trait Accepts<St, W>: Checks<St> {
    /// The identity, if what was verified meets the tree. Only the decision can ask for it.
    fn identity(found: Self::Found, state: &St, admitted: Admitted) -> Option<W>;

    /// What has to be added to the state before it can check this tree. A state with types lacks nothing.
    fn lack(state: &St) -> Option<Detail> {
        let _ = state;
        None
    }
}

impl<S, Tag, St, W> Accepts<St, W> for One<S, Tag>
where
    S: Scheme,
    Tag: 'static,
    St: Provides<S, Tag> + AuthState,
    W: FromVerified<<St::Verifier as Verifier>::Identity>,
{
    fn identity(found: Self::Found, _: &St, admitted: Admitted) -> Option<W> {
        found.map(|verified| W::from_verified(verified, admitted))
    }
}

/// The whole of what was verified, on its way to the handler.
#[derive(Debug)]
pub struct Whole(Admitted);

/// Takes the identity of one part of an [`All`], and knows how to go on.
pub trait Takes<I, W> {
    /// Goes on with this identity.
    fn take(self, verified: Verified<I>) -> Option<W>;
}

impl<I, W: FromVerified<I>> Takes<I, W> for Whole {
    fn take(self, verified: Verified<I>) -> Option<W> {
        Some(W::from_verified(verified, self.0))
    }
}

/// A tree as a part of an [`All`]: each identity that it can yield is handed to `N`, so that each
/// combination has to become a `W`.
pub trait Part<St, N, W>: Checks<St> {
    /// Hands the identity on, if the part is met.
    fn hand_on(found: Self::Found, next: N) -> Option<W>;
}

impl<S, Tag, St, N, W> Part<St, N, W> for One<S, Tag>
where
    S: Scheme,
    Tag: 'static,
    St: Provides<S, Tag>,
    N: Takes<<St::Verifier as Verifier>::Identity, W>,
{
    fn hand_on(found: Self::Found, next: N) -> Option<W> {
        next.take(found?)
    }
}

impl<St, W, T> Accepts<St, W> for All<T>
where
    St: AuthState,
    Self: Part<St, Whole, W>,
{
    fn identity(found: Self::Found, _: &St, admitted: Admitted) -> Option<W> {
        <Self as Part<St, Whole, W>>::hand_on(found, Whole(admitted))
    }
}

/// The identities so far (as pairs, the last one outermost), what was found in the parts that follow, and
/// who takes the tuple.
#[derive(Debug)]
pub struct Gather<St, Sofar, Parts, Found, N> {
    sofar: Sofar,
    rest: Found,
    next: N,
    parts: PhantomData<fn() -> (St, Parts)>,
}

impl<I, W, St, Sofar, P, Parts, F, N> Takes<I, W>
    for Gather<St, Sofar, (P, Parts), (P::Found, F), N>
where
    P: Part<St, Gather<St, (Sofar, Verified<I>), Parts, F, N>, W>,
{
    fn take(self, verified: Verified<I>) -> Option<W> {
        let (found, rest) = self.rest;
        let gather = Gather {
            sofar: (self.sofar, verified),
            rest,
            next: self.next,
            parts: PhantomData,
        };
        P::hand_on(found, gather)
    }
}

impl<I, W, St, Sofar, N> Takes<I, W> for Gather<St, Sofar, (), (), N>
where
    (Sofar, Verified<I>): Together,
    N: Takes<<(Sofar, Verified<I>) as Together>::Identities, W>,
{
    fn take(self, verified: Verified<I>) -> Option<W> {
        self.next.take((self.sofar, verified).together())
    }
}

/// Several identities as one: their tuple, with what all of them grant.
pub trait Together {
    /// The tuple.
    type Identities;

    /// Puts them together.
    fn together(self) -> Verified<Self::Identities>;
}

macro_rules! pairs {
    ($sofar:ty;) => { $sofar };
    ($sofar:ty; $first:ident $($rest:ident)*) => { pairs!(($sofar, Verified<$first>); $($rest)*) };
}

macro_rules! pairs_pattern {
    ($sofar:tt;) => { $sofar };
    ($sofar:tt; $first:ident $($rest:ident)*) => { pairs_pattern!(($sofar, $first); $($rest)*) };
}

/// Turns `A B C` into `(A, (B, (C, ())))`.
macro_rules! chain {
    () => { () };
    ($first:ident $($rest:ident)*) => { ($first, chain!($($rest)*)) };
}

macro_rules! chain_types {
    ($map:ident;) => { () };
    ($map:ident; $first:ident $($rest:ident)*) => { ($map!($first), chain_types!($map; $($rest)*)) };
}

macro_rules! itself {
    ($member:ident) => {
        $member
    };
}

macro_rules! found_of {
    ($member:ident) => {
        <$member as Checks<St>>::Found
    };
}

macro_rules! joined {
    ($first:ident $first_found:ident, $($member:ident $found:ident),+) => {
        impl<St, W, $first, $($member),+> Accepts<St, W> for Any<($first, $($member),+)>
        where
            St: Sync,
            $first: Accepts<St, W>,
            $($member: Accepts<St, W>,)+
        {
            fn identity(
                ($first_found, $($found),+): Self::Found,
                state: &St,
                admitted: Admitted,
            ) -> Option<W> {
                if $first::is_met(&$first_found) {
                    return $first::identity($first_found, state, admitted);
                }
                $(if $member::is_met(&$found) {
                    return $member::identity($found, state, admitted);
                })+
                None
            }

            fn lack(state: &St) -> Option<Detail> {
                $first::lack(state)$(.or_else(|| $member::lack(state)))+
            }
        }

        impl<St, N, W, $first, $($member),+> Part<St, N, W> for Any<($first, $($member),+)>
        where
            St: Sync,
            $first: Part<St, N, W>,
            $($member: Part<St, N, W>,)+
        {
            fn hand_on(($first_found, $($found),+): Self::Found, next: N) -> Option<W> {
                if $first::is_met(&$first_found) {
                    return $first::hand_on($first_found, next);
                }
                $(if $member::is_met(&$found) {
                    return $member::hand_on($found, next);
                })+
                None
            }
        }

        impl<St, N, W, $first, $($member),+> Part<St, N, W> for All<($first, $($member),+)>
        where
            St: Sync,
            $($member: Checks<St>,)+
            $first: Part<
                St,
                Gather<St, (), chain_types!(itself; $($member)+), chain_types!(found_of; $($member)+), N>,
                W,
            >,
        {
            fn hand_on(found: Self::Found, next: N) -> Option<W> {
                if !Self::is_met(&found) {
                    return None;
                }
                let ($first_found, $($found),+) = found;
                let gather = Gather {
                    sofar: (),
                    rest: chain!($($found)+),
                    next,
                    parts: PhantomData,
                };
                $first::hand_on($first_found, gather)
            }
        }

        impl<$first: Clone, $($member: Clone),+> Together for pairs!((); $first $($member)+) {
            type Identities = ($first, $($member),+);

            fn together(self) -> Verified<Self::Identities> {
                let pairs_pattern!((); $first_found $($found)+) = self;
                let grants = [$first_found.grants.clone(), $($found.grants.clone()),+];
                Verified::all(
                    ($first_found.identity.into_owned(), $($found.identity.into_owned()),+),
                    grants,
                )
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
