//! What a registry lacks.

use core::error::Error;
use core::fmt;
use core::panic::Location;

use super::identity::Kind;
use super::{Linked, Registry};
use crate::refusal::Detail;

/// A verifier of this scheme; `tag` is the type of its tag, unless that is the main one.
pub(crate) fn verifier(scheme: &str, tag: Option<&str>) -> Detail {
    match tag {
        None => format!(
            "the registry holds no verifier for `{scheme}`: add one to `Registry::builder()`, with the method of that scheme, or `.with(verifier)`"
        ),
        Some(tag) => format!(
            "the registry holds no verifier for `{scheme}` with tag `{tag}`: add one to `Registry::builder()`, `.with_tagged::<{tag}, _>(verifier)`"
        ),
    }
    .into()
}

/// A way to make the identity that a handler asks for.
pub(crate) fn conversion(yields: Kind, wanted: Kind) -> Detail {
    format!(
        "the registry cannot make the `{wanted:?}` that the handler asks for from the `{yields:?}` that is verified: write `.also_as::<{wanted:?}>()` behind what yields it, which needs `{wanted:?}: From<{yields:?}>`, or let the handler ask for `Authenticated<{yields:?}>`"
    )
    .into()
}

/// The tuple of what the members of `all(..)` yield, in declared order.
pub(crate) fn together(yields: &[Kind]) -> Detail {
    let names: Vec<_> = yields.iter().map(|kind| format!("{kind:?}")).collect();
    format!(
        "the registry does not know the identities of `all(..)` together: add `.together::<({})>()` to `Registry::builder()`",
        names.join(", ")
    )
    .into()
}

/// A handler, and what the registry lacks for it. Its text says what to add.
#[derive(Clone, Debug)]
pub struct Unprovided {
    pub(super) policy: &'static str,
    pub(super) place: &'static Location<'static>,
    pub(super) lack: Detail,
}

impl Unprovided {
    /// The path of the handler, or of the policy that it names.
    #[must_use]
    pub fn policy(&self) -> &'static str {
        self.policy
    }

    /// Where the attribute stands; of a mounted handler, where it was mounted.
    #[must_use]
    pub fn place(&self) -> &'static Location<'static> {
        self.place
    }

    /// What is lacking, and what to add; the first of it, if it is more.
    #[must_use]
    pub fn lack(&self) -> &Detail {
        &self.lack
    }
}

impl fmt::Display for Unprovided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            policy,
            place,
            lack,
        } = self;
        write!(f, "`{policy}` ({}:{}): {lack}", place.file(), place.line())
    }
}

/// What a registry lacks for handlers: see [`Registry::check`]. Its text has a line for each handler.
#[derive(Clone, Debug)]
pub struct Incomplete(Vec<Unprovided>);

impl Incomplete {
    pub(super) fn of(
        handlers: impl Iterator<Item = Linked>,
        registry: &Registry,
    ) -> Result<(), Self> {
        let unprovided: Vec<_> = handlers
            .filter_map(|handler| handler.unprovided(registry))
            .collect();
        if unprovided.is_empty() {
            Ok(())
        } else {
            Err(Self(unprovided))
        }
    }

    /// The handlers, each with what is lacking.
    #[must_use]
    pub fn unprovided(&self) -> &[Unprovided] {
        &self.0
    }
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("handlers that cannot be guarded:")?;
        for unprovided in &self.0 {
            write!(f, "\n{unprovided}")?;
        }
        Ok(())
    }
}

impl Error for Incomplete {}
