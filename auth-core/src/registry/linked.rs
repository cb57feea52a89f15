//! The handlers of the program, collected when it is linked.

use core::fmt;
use core::panic::Location;

use super::Registry;
use super::identity::FromRegistry;
use super::lack::Unprovided;
use crate::decide::Accepts;
use crate::policy::{Policy, Spec};
use crate::refusal::Detail;

/// A handler that is linked into the program: its policy, the identity that it asks for, and where it stands.
#[derive(Clone, Copy)]
pub struct Linked {
    spec: &'static Spec,
    lack: fn(&Registry) -> Option<Detail>,
    place: &'static Location<'static>,
}

inventory::collect!(Linked);

impl Linked {
    /// A handler of policy `P` that asks for `W`, and stands where this is called.
    #[must_use]
    #[track_caller]
    pub const fn of<P, W>() -> Self
    where
        P: Policy,
        P::Accepts: Accepts<Registry, W>,
        W: FromRegistry,
    {
        let lack = <P::Accepts as Accepts<Registry, W>>::lack;
        Self::new(P::SPEC, lack, Location::caller())
    }

    pub(super) const fn new(
        spec: &'static Spec,
        lack: fn(&Registry) -> Option<Detail>,
        place: &'static Location<'static>,
    ) -> Self {
        Self { spec, lack, place }
    }

    fn policy(self) -> &'static str {
        self.spec.name()
    }

    pub(super) fn unprovided(self, registry: &Registry) -> Option<Unprovided> {
        let lack = (self.lack)(registry)?;
        Some(Unprovided {
            policy: self.policy(),
            place: self.place,
            lack,
        })
    }
}

impl fmt::Debug for Linked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Linked({})", self.policy())
    }
}

pub(super) fn all() -> impl Iterator<Item = Linked> {
    inventory::iter::<Linked>.into_iter().copied()
}
