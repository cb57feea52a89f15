//! Decisions with a [`Registry`]: every tree can be checked, and what is lacking is found while the program runs.

use super::{Accepts, Attempt, Checks};
use crate::guard::Admitted;
use crate::policy::{All, Any, One};
use crate::refusal::{Detail, Refusal};
use crate::registry::{AnyIdentity, FromRegistry, Kind, Registry, lack, tag_name};
use crate::request::RequestView;
use crate::scheme::Scheme;
use crate::verify::Verified;

impl<S: Scheme, Tag: 'static> Checks<Registry> for One<S, Tag> {
    type Found = Option<Verified<AnyIdentity>>;

    async fn check(attempt: &mut Attempt<'_, Registry>, first: usize) -> Self::Found {
        let verifier = attempt.state.verifier::<S, Tag>()?;
        super::check(attempt, first, verifier).await
    }

    fn is_met(found: &Self::Found) -> bool {
        found.is_some()
    }

    const OPEN: bool = S::OPEN_CHALLENGES;

    fn complete(state: &Registry, request: &RequestView<'_>, first: usize, refusal: &mut Refusal) {
        if let Some(verifier) = state.verifier::<S, Tag>() {
            super::complete(verifier, request, first, refusal);
        }
    }
}

impl<S: Scheme, Tag: 'static, W: FromRegistry> Accepts<Registry, W> for One<S, Tag> {
    fn identity(found: Self::Found, state: &Registry, admitted: Admitted) -> Option<W> {
        identity::<Self, W>(found, state, admitted)
    }

    fn lack(state: &Registry) -> Option<Detail> {
        lacking::<Self, W>(state)
    }
}

impl<T, W: FromRegistry> Accepts<Registry, W> for All<T>
where
    Self: Gathers,
{
    fn identity(found: Self::Found, state: &Registry, admitted: Admitted) -> Option<W> {
        identity::<Self, W>(found, state, admitted)
    }

    fn lack(state: &Registry) -> Option<Detail> {
        lacking::<Self, W>(state)
    }
}

fn identity<A: Gathers, W: FromRegistry>(
    found: A::Found,
    state: &Registry,
    admitted: Admitted,
) -> Option<W> {
    if !A::is_met(&found) {
        return None;
    }
    W::from_registry(|| A::gather(found, state), state, admitted)
}

fn lacking<A: Gathers, W: FromRegistry>(state: &Registry) -> Option<Detail> {
    let wanted = W::kind();
    let mut unusable = None;
    let each = A::yields(state, wanted.is_some(), &mut |yields| {
        if let Some(wanted) = wanted
            && !state.converts(yields, wanted)
        {
            unusable.get_or_insert((yields, wanted));
        }
    });
    let unusable = || unusable.map(|(yields, wanted)| lack::conversion(yields, wanted));
    each.err().or_else(unusable)
}

/// A tree whose identities a [`Registry`] puts together.
pub trait Gathers: Checks<Registry> {
    /// Tells each kind of identity that it can yield.
    ///
    /// # Errors
    /// What the registry lacks; the tuples of `all(..)` only if they are wanted.
    fn yields(state: &Registry, wanted: bool, tell: &mut dyn FnMut(Kind)) -> Result<(), Detail>;

    /// What it yields, if it is met.
    fn gather(found: Self::Found, state: &Registry) -> Option<Verified<AnyIdentity>>;
}

impl<S: Scheme, Tag: 'static> Gathers for One<S, Tag> {
    fn yields(state: &Registry, _: bool, tell: &mut dyn FnMut(Kind)) -> Result<(), Detail> {
        let yields = state.yields::<S, Tag>();
        tell(yields.ok_or_else(|| lack::verifier(S::NAME, tag_name::<Tag>()))?);
        Ok(())
    }

    fn gather(found: Self::Found, _: &Registry) -> Option<Verified<AnyIdentity>> {
        found
    }
}

macro_rules! joined {
    ($($member:ident $found:ident),+) => {
        impl<$($member: Gathers),+> Gathers for Any<($($member,)+)> {
            fn yields(
                state: &Registry,
                wanted: bool,
                tell: &mut dyn FnMut(Kind),
            ) -> Result<(), Detail> {
                $($member::yields(state, wanted, tell)?;)+
                Ok(())
            }

            fn gather(
                ($($found,)+): Self::Found,
                state: &Registry,
            ) -> Option<Verified<AnyIdentity>> {
                $(if $member::is_met(&$found) {
                    return $member::gather($found, state);
                })+
                None
            }
        }

        impl<$($member: Gathers),+> Gathers for All<($($member,)+)> {
            fn yields(
                state: &Registry,
                wanted: bool,
                tell: &mut dyn FnMut(Kind),
            ) -> Result<(), Detail> {
                if !wanted {
                    $($member::yields(state, wanted, &mut |_| {})?;)+
                    return Ok(());
                }
                let parts = [$(
                    {
                        let mut kinds = Vec::new();
                        $member::yields(state, wanted, &mut |kind| kinds.push(kind))?;
                        kinds
                    }
                ),+];
                for kinds in combinations(&parts) {
                    tell(state.joined(&kinds).ok_or_else(|| lack::together(&kinds))?);
                }
                Ok(())
            }

            fn gather(
                ($($found,)+): Self::Found,
                state: &Registry,
            ) -> Option<Verified<AnyIdentity>> {
                state.join(vec![$($member::gather($found, state)?),+])
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

/// Every choice of one from each.
fn combinations(parts: &[Vec<Kind>]) -> Vec<Vec<Kind>> {
    parts.iter().fold(vec![Vec::new()], |sofar, part| {
        let longer = sofar.iter().flat_map(|kinds| {
            part.iter().map(|kind| {
                let mut kinds = kinds.clone();
                kinds.push(*kind);
                kinds
            })
        });
        longer.collect()
    })
}
