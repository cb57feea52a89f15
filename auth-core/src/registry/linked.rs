//! The handlers of the program, collected when it is linked.

use core::fmt;

use super::Registry;
use super::identity::FromRegistry;
use super::lack::Unprovided;
use crate::decide::Accepts;
use crate::policy::{Policy, Spec};
use crate::refusal::Detail;

/// A handler that is linked into the program: its policy, and the identity that it asks for.
pub struct Linked {
    spec: &'static Spec,
    lack: fn(&Registry) -> Option<Detail>,
}

inventory::collect!(Linked);

impl Linked {
    /// A handler of policy `P` that asks for `W`.
    #[must_use]
    pub const fn of<P, W>() -> Self
    where
        P: Policy,
        P::Accepts: Accepts<Registry, W>,
        W: FromRegistry,
    {
        Self {
            spec: P::SPEC,
            lack: |registry| <P::Accepts as Accepts<Registry, W>>::lack(registry),
        }
    }

    /// The path of the handler or of its policy.
    #[must_use]
    pub fn policy(&self) -> &'static str {
        self.spec.name()
    }

    pub(super) fn unprovided(&'static self, registry: &Registry) -> Option<Unprovided> {
        let lack = (self.lack)(registry)?;
        Some(Unprovided {
            handler: self,
            lack,
        })
    }
}

impl fmt::Debug for Linked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Linked({})", self.policy())
    }
}

pub(super) fn all() -> impl Iterator<Item = &'static Linked> {
    inventory::iter::<Linked>.into_iter()
}
