//! The handlers of the program, collected when it is linked.

use core::fmt;
use core::marker::PhantomData;
use core::panic::Location;

use super::Registry;
use super::identity::FromRegistry;
use super::lack::Unprovided;
use crate::decide::Accepts;
use crate::policy::{Policy, Spec};
use crate::refusal::Detail;

/// A handler that is linked into the program, or mounted: what it needs, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Linked {
    needs: Option<Needs>,
    place: &'static Location<'static>,
}

inventory::collect!(Linked);

impl Linked {
    /// A handler that stands where this is called, and needs this.
    #[must_use]
    #[track_caller]
    pub const fn here(needs: Option<Needs>) -> Self {
        Self {
            needs,
            place: Location::caller(),
        }
    }

    pub(super) fn unprovided(self, registry: &Registry) -> Option<Unprovided> {
        let needs = self.needs?;
        Some(Unprovided {
            lack: (needs.lack)(registry)?,
            policy: (needs.spec)().name(),
            place: self.place,
        })
    }
}

/// The policy of a handler, and what tells what a registry lacks for it.
#[derive(Clone, Copy)]
pub struct Needs {
    /// Asked for late: a policy that does not compile is told once.
    spec: fn() -> &'static Spec,
    lack: fn(&Registry) -> Option<Detail>,
}

impl Needs {
    pub(super) const fn new(
        spec: fn() -> &'static Spec,
        lack: fn(&Registry) -> Option<Detail>,
    ) -> Self {
        Self { spec, lack }
    }

    pub(super) const fn at(self, place: &'static Location<'static>) -> Linked {
        Linked {
            needs: Some(self),
            place,
        }
    }
}

impl fmt::Debug for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str((self.spec)().name())
    }
}

/// A handler of policy `P` that asks for `W`. What it needs is asked as `Mention::<P, W>::NEEDS`, with [`Unusable`] in
/// scope: an inherent constant hides one of a trait.
pub struct Mention<P, W>(PhantomData<fn() -> (P, W)>);

impl<P, W> fmt::Debug for Mention<P, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mention")
    }
}

impl<P, W> Mention<P, W>
where
    P: Policy,
    P::Accepts: Accepts<Registry, W>,
    W: FromRegistry,
{
    /// It.
    pub const NEEDS: Option<Needs> = Some(Needs::new(
        || P::SPEC,
        <P::Accepts as Accepts<Registry, W>>::lack,
    ));
}

/// Where `P` is no policy, say: the compiler tells that elsewhere, and once is enough.
pub trait Unusable {
    /// Nothing.
    const NEEDS: Option<Needs> = None;
}

impl<P, W> Unusable for Mention<P, W> {}

pub(super) fn all() -> impl Iterator<Item = Linked> {
    inventory::iter::<Linked>.into_iter().copied()
}
