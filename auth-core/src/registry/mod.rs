//! The state of frameworks that know none by its type (feature `registry`, part of theirs).

mod builder;
mod identity;
pub(crate) mod lack;
mod linked;

use core::any::{Any, TypeId, type_name};
use core::fmt;
use core::panic::Location;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::decide::Accepts;
use crate::policy::{Main, One, Policy, Spec};
use crate::refusal::Detail;
use crate::scheme::Scheme;
use crate::state::{AnyState, Settings};
use crate::verify::AnyVerifier;

pub use crate::decide::Gathers;
pub use builder::{RegistryBuilder, RegistryError};
pub use identity::{AnyIdentity, FromRegistry, Identities, Kind};
pub use lack::{Incomplete, Unprovided};
#[doc(hidden)]
pub use linked::{Linked, Mention, Needs, Unusable};

use self::identity::{Conversion, Joining};

/// The verifiers and the settings of an application, found while it runs: for frameworks whose extractors are not told
/// the type of a state (actix-web, poem, salvo). Cheap to clone: the clones share everything.
///
/// It holds one verifier for each scheme and tag, and for each identity that handlers ask for how it is made from what
/// the verifiers yield:
///
/// ```
/// use auth_core::{ApiKeyCredentials, Bearer, BearerToken, Cause, FnVerifier, Registry, Verified};
///
/// #[derive(Clone)] struct Claims { sub: String }
/// #[derive(Clone)] struct Partner { name: String }
/// #[derive(Clone)] struct User { name: String }
/// #[derive(Clone)] struct Caller { user: String, partner: String }
///
/// impl From<Claims> for User {
///     fn from(claims: Claims) -> Self { Self { name: claims.sub } }
/// }
/// impl From<(Claims, Partner)> for Caller {
///     fn from((claims, partner): (Claims, Partner)) -> Self {
///         Self { user: claims.sub, partner: partner.name }
///     }
/// }
///
/// # let tokens = FnVerifier::new(|_: BearerToken<'_>| Ok(Verified::new(Claims { sub: "ann".into() })));
/// # let keys = FnVerifier::new(|_: ApiKeyCredentials<'_>| Ok(Verified::new(Partner { name: "acme".into() })));
/// let registry = Registry::builder()
///     // For handlers that ask for `Authenticated<Claims>`, for `Authenticated<User>`, or for none.
///     .bearer(tokens).also_as::<User>()
///     .api_key(keys)
///     // What `all(Bearer, ApiKey)` yields: the identities in declared order.
///     .together::<(Claims, Partner)>().also_as::<Caller>()
///     .build()?;
/// registry.check()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// **What is missing.** A handler whose policy needs a verifier or a conversion that is not here answers 500 to
/// every request, and the log says what to add; [`check_linked`](Self::check_linked) finds it at start-up, and for handlers on
/// the routes of this crate [`check`](Self::check). Where the type of the state is
/// known (axum, tower, tonic, plain `http`, the routes of this crate for actix-web and poem), use a struct with
/// `#[derive(AuthState)]` instead: there it does not compile.
#[derive(Clone)]
pub struct Registry(Arc<Entries>);

struct Entries {
    /// By [`One`] of scheme and tag.
    verifiers: HashMap<TypeId, Entry>,
    /// From what verifiers yield to what handlers ask for.
    conversions: HashMap<(TypeId, TypeId), Conversion>,
    /// The tuples that `all(..)` yields, by the identities in them.
    joinings: HashMap<Box<[TypeId]>, Joining>,
    settings: Settings,
    mounted: Mutex<Vec<Linked>>,
}

struct Entry {
    /// An [`AnyVerifier`] of its scheme that yields [`AnyIdentity`].
    verifier: Box<dyn Any + Send + Sync>,
    yields: Kind,
}

impl Registry {
    /// Begins one without verifiers, and with the default settings.
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder::new()
    }

    /// Whether everything is here that the handlers need: to be called at start-up, when the routes are built.
    ///
    /// It fails for what **mounted** handlers lack: those of the routes of this crate, which know. A handler that the
    /// framework routes by itself (`#[get]` of actix-web, `#[handler]` of poem and salvo) cannot be seen where it is mounted;
    /// but every policy that is linked into the program is known. For what those lack there is a warning (feature
    /// `tracing`) and no error, since a library may bring handlers that this program does not use:
    /// [`check_linked`](Self::check_linked) takes it for an error as well.
    ///
    /// Of generic handlers only the schemes are known, not the identity that they ask for.
    ///
    /// # Errors
    /// All that is lacking, with what to add.
    pub fn check(&self) -> Result<(), Incomplete> {
        #[cfg(feature = "tracing")]
        for unprovided in self.unprovided() {
            tracing::warn!("a handler that is linked in cannot be guarded: {unprovided}");
        }
        let mounted = self.0.mounted.lock();
        let mounted = mounted.unwrap_or_else(PoisonError::into_inner);
        Incomplete::of(mounted.iter().copied(), self)
    }

    /// The same, and it fails as well for what merely linked handlers lack: those of libraries that this program does not
    /// use, and those on routes that have another state. Where both kinds are in one program, let the registry be the state of
    /// these routes too.
    ///
    /// # Errors
    /// All that is lacking, with what to add.
    pub fn check_linked(&self) -> Result<(), Incomplete> {
        Incomplete::of(linked::all(), self)
    }

    /// What the handlers that are linked into the program lack, mounted or not.
    #[must_use]
    pub fn unprovided(&self) -> Vec<Unprovided> {
        linked::all()
            .filter_map(|linked| linked.unprovided(self))
            .collect()
    }

    /// Says that a handler of policy `P` is mounted, and asks for the identity `W`: [`check`](Self::check) then fails for
    /// what it lacks. The routes of this crate say so; it is public for adapters of other frameworks.
    #[track_caller]
    pub fn mount<P, W>(&self)
    where
        P: Policy,
        P::Accepts: Accepts<Self, W>,
        W: FromRegistry,
    {
        self.push(Linked::here(Mention::<P, W>::NEEDS));
    }

    fn push(&self, handler: Linked) {
        let mounted = self.0.mounted.lock();
        let mut mounted = mounted.unwrap_or_else(PoisonError::into_inner);
        mounted.push(handler);
    }

    pub(crate) fn verifier<S: Scheme, Tag: 'static>(&self) -> Option<&AnyVerifier<S, AnyIdentity>> {
        let entry = self.0.verifiers.get(&TypeId::of::<One<S, Tag>>())?;
        entry.verifier.downcast_ref()
    }

    /// What the verifier for this scheme and tag yields.
    pub(crate) fn yields<S: Scheme, Tag: 'static>(&self) -> Option<Kind> {
        let entry = self.0.verifiers.get(&TypeId::of::<One<S, Tag>>())?;
        Some(entry.yields)
    }
}

impl AnyState for Registry {
    fn settings(&self) -> &Settings {
        &self.0.settings
    }

    fn mounted(
        &self,
        policy: fn() -> &'static Spec,
        lack: fn(&Self) -> Option<Detail>,
        place: &'static Location<'static>,
    ) {
        self.push(Needs::new(policy, lack).at(place));
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Registry(..)")
    }
}

/// What people call a tag; nothing for the main one.
pub(crate) fn tag_name<Tag: 'static>() -> Option<&'static str> {
    (TypeId::of::<Tag>() != TypeId::of::<Main>()).then(type_name::<Tag>)
}

#[cfg(test)]
mod tests;
