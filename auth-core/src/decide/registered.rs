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
    match (A::yields(state, wanted.is_some()), wanted) {
        (Err(lack), _) => Some(lack),
        (Ok(_), None) => None,
        (Ok(yields), Some(wanted)) => {
            let mut yields = yields.into_iter();
            let unusable = yields.find(|kind| !state.converts(*kind, wanted))?;
            Some(lack::conversion(unusable, wanted))
        }
    }
}

/// A tree whose identities a [`Registry`] puts together.
pub trait Gathers: Checks<Registry> {
    /// What it can yield.
    ///
    /// # Errors
    /// What the registry lacks; the tuples of `all(..)` only if they are wanted.
    fn yields(state: &Registry, wanted: bool) -> Result<Vec<Kind>, Detail>;

    /// What it yields, if it is met.
    fn gather(found: Self::Found, state: &Registry) -> Option<Verified<AnyIdentity>>;
}

impl<S: Scheme, Tag: 'static> Gathers for One<S, Tag> {
    fn yields(state: &Registry, _: bool) -> Result<Vec<Kind>, Detail> {
        let yields = state.yields::<S, Tag>();
        let lack = || lack::verifier(S::NAME, tag_name::<Tag>());
        Ok(vec![yields.ok_or_else(lack)?])
    }

    fn gather(found: Self::Found, _: &Registry) -> Option<Verified<AnyIdentity>> {
        found
    }
}

macro_rules! joined {
    ($($member:ident $found:ident),+) => {
        impl<$($member: Gathers),+> Gathers for Any<($($member,)+)> {
            fn yields(state: &Registry, wanted: bool) -> Result<Vec<Kind>, Detail> {
                Ok([$($member::yields(state, wanted)?),+].concat())
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
            fn yields(state: &Registry, wanted: bool) -> Result<Vec<Kind>, Detail> {
                let parts = [$($member::yields(state, wanted)?),+];
                if !wanted {
                    return Ok(Vec::new());
                }
                let together = combinations(&parts).into_iter();
                together
                    .map(|kinds| state.joined(&kinds).ok_or_else(|| lack::together(&kinds)))
                    .collect()
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
