//! Identities whose type is not written out, and what becomes of them.

use core::any::{Any, TypeId, type_name};
use core::fmt;
use std::sync::Arc;

use super::Registry;
use crate::guard::{Admitted, Authenticated, Unseen, Wanted};
use crate::verify::{Held, Verified};

type Shared = Arc<dyn Any + Send + Sync>;

/// Makes one identity from another; none if it was not of the type that it is for.
pub(super) type Conversion = fn(Shared) -> Option<Shared>;

/// Makes a tuple from identities.
pub(super) struct Joining {
    pub(super) join: fn(Vec<Shared>) -> Option<Shared>,
    pub(super) yields: Kind,
}

/// A type of identities, and its name for people.
#[derive(Clone, Copy)]
pub struct Kind {
    id: TypeId,
    name: &'static str,
}

impl Kind {
    /// The kind of `T`.
    #[must_use]
    pub fn of<T: 'static>() -> Self {
        Self {
            id: TypeId::of::<T>(),
            name: type_name::<T>(),
        }
    }
}

/// The name of the type.
impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// An identity of some type, as a [`Registry`] gets it from its verifiers.
#[derive(Clone)]
pub struct AnyIdentity {
    value: Shared,
    kind: Kind,
}

impl fmt::Debug for AnyIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyIdentity([redacted])")
    }
}

impl AnyIdentity {
    pub(super) fn forget<I: Send + Sync + 'static>(identity: Held<I>) -> Self {
        Self {
            value: match identity {
                Held::Owned(identity) => Arc::new(identity),
                Held::Shared(identity) => identity,
            },
            kind: Kind::of::<I>(),
        }
    }
}

/// What a handler can ask of a [`Registry`]: nothing, `Authenticated<T>` or `Option<Authenticated<T>>`, with any `T`
/// that the registry knows how to make.
pub trait FromRegistry: Wanted {
    /// The identity inside; none if none is asked for.
    fn kind() -> Option<Kind>;

    /// Makes it, if the registry knows how to.
    #[doc(hidden)]
    fn from_registry(
        verified: impl FnOnce() -> Option<Verified<AnyIdentity>>,
        registry: &Registry,
        admitted: Admitted,
    ) -> Option<Self>;
}

impl FromRegistry for Unseen {
    fn kind() -> Option<Kind> {
        None
    }

    fn from_registry(
        _: impl FnOnce() -> Option<Verified<AnyIdentity>>,
        _: &Registry,
        admitted: Admitted,
    ) -> Option<Self> {
        Some(Self::admitted(admitted))
    }
}

impl<T: Send + Sync + 'static> FromRegistry for Authenticated<T> {
    fn kind() -> Option<Kind> {
        Some(Kind::of::<T>())
    }

    fn from_registry(
        verified: impl FnOnce() -> Option<Verified<AnyIdentity>>,
        registry: &Registry,
        admitted: Admitted,
    ) -> Option<Self> {
        let Verified {
            identity, grants, ..
        } = verified()?;
        let identity = registry.convert(identity.into_owned(), Kind::of::<T>())?;
        let identity = identity.downcast().ok()?;
        Some(Self::admitted(Held::Shared(identity), grants, admitted))
    }
}

impl<T: Send + Sync + 'static> FromRegistry for Option<Authenticated<T>> {
    fn kind() -> Option<Kind> {
        Some(Kind::of::<T>())
    }

    fn from_registry(
        verified: impl FnOnce() -> Option<Verified<AnyIdentity>>,
        registry: &Registry,
        admitted: Admitted,
    ) -> Option<Self> {
        Authenticated::from_registry(verified, registry, admitted).map(Some)
    }
}

impl Registry {
    fn convert(&self, identity: AnyIdentity, wanted: Kind) -> Option<Shared> {
        if identity.kind.id == wanted.id {
            return Some(identity.value);
        }
        let conversion = self.0.conversions.get(&(identity.kind.id, wanted.id))?;
        conversion(identity.value)
    }

    /// Whether this identity can be made from that one.
    pub(crate) fn converts(&self, from: Kind, to: Kind) -> bool {
        from.id == to.id || self.0.conversions.contains_key(&(from.id, to.id))
    }

    /// The tuple of these.
    pub(crate) fn join(&self, parts: Vec<Verified<AnyIdentity>>) -> Option<Verified<AnyIdentity>> {
        let kinds: Box<[TypeId]> = parts.iter().map(|part| part.identity().kind.id).collect();
        let joining = self.0.joinings.get(&kinds)?;
        let grants: Vec<_> = parts.iter().map(|part| part.grants().clone()).collect();
        let values = parts
            .into_iter()
            .map(|part| part.identity.into_owned().value);
        let value = (joining.join)(values.collect())?;
        let identity = AnyIdentity {
            value,
            kind: joining.yields,
        };
        Some(Verified::all(identity, grants))
    }

    /// What becomes of identities of these kinds.
    pub(crate) fn joined(&self, kinds: &[Kind]) -> Option<Kind> {
        let kinds: Box<[TypeId]> = kinds.iter().map(|kind| kind.id).collect();
        Some(self.0.joinings.get(&kinds)?.yields)
    }
}

pub(super) fn conversion<I, T>(identity: Shared) -> Option<Shared>
where
    I: Clone + Send + Sync + 'static,
    T: From<I> + Send + Sync + 'static,
{
    let identity: Arc<I> = identity.downcast().ok()?;
    Some(Arc::new(T::from(Arc::unwrap_or_clone(identity))))
}

/// A tuple of two to eight identities: what `all(..)` yields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what `all(..)` yields",
    label = "not a tuple of two to eight identities",
    note = "write the identities that its verifiers yield, in declared order: `.together::<(Claims, Partner)>()`"
)]
pub trait Identities: Clone + Send + Sync + 'static {
    #[doc(hidden)]
    fn kinds() -> Vec<TypeId>;

    #[doc(hidden)]
    fn join(parts: Vec<Arc<dyn Any + Send + Sync>>) -> Option<Self>;
}

macro_rules! tuple {
    ($($part:ident),+) => {
        impl<$($part: Clone + Send + Sync + 'static),+> Identities for ($($part,)+) {
            fn kinds() -> Vec<TypeId> {
                vec![$(TypeId::of::<$part>()),+]
            }

            fn join(parts: Vec<Arc<dyn Any + Send + Sync>>) -> Option<Self> {
                let mut parts = parts.into_iter();
                Some(($(
                    Arc::unwrap_or_clone(parts.next()?.downcast::<$part>().ok()?),
                )+))
            }
        }
    };
}

tuple!(A, B);
tuple!(A, B, C);
tuple!(A, B, C, D);
tuple!(A, B, C, D, E);
tuple!(A, B, C, D, E, F);
tuple!(A, B, C, D, E, F, G);
tuple!(A, B, C, D, E, F, G, H);

pub(super) fn joining<T: Identities>() -> Joining {
    Joining {
        join: |parts| Some(Arc::new(T::join(parts)?)),
        yields: Kind::of::<T>(),
    }
}
