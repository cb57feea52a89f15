//! A closure as a store of users.

use core::fmt;
use core::future::{Future, ready};
use core::pin::Pin;
use std::sync::Arc;

use super::{DigestLookup, DigestUserEntry, DigestUsers};
use crate::refusal::Cause;

type Found<I> = Result<Option<DigestUserEntry<I>>, Cause>;

type Find<I> = dyn Fn(&DigestLookup<'_>) -> Found<I> + Send + Sync;

type AsyncFind<I> =
    dyn Fn(DigestLookup<'static>) -> Pin<Box<dyn Future<Output = Found<I>> + Send>> + Send + Sync;

/// A store of users from a closure that answers at once.
///
/// ```
/// use auth_core::DigestUser;
/// use auth_core::digest::{DigestHash, DigestLookup, DigestUserEntry, DigestUsersFn};
///
/// // One user of one realm, whose password the environment holds.
/// let password = std::env::var("ADMIN_PASSWORD").unwrap_or_else(|_| String::from("Circle of Life"));
/// let users = DigestUsersFn::new(move |wanted: &DigestLookup<'_>| {
///     // Whoever is asked for: a name that there is not costs the same.
///     let hash = DigestHash::new(wanted.algorithm(), "admin", wanted.realm(), &password)
///         .map_err(|error| auth_core::Cause::NotConfigured(error.to_string().into()))?;
///     let is_admin = wanted.user() == DigestUser::Plain("admin");
///     Ok(is_admin.then(|| DigestUserEntry::new(hash, "the administrator")))
/// });
/// # let _ = users;
/// ```
pub struct DigestUsersFn<I>(Arc<Find<I>>);

/// A store of users from a closure that awaits.
///
/// ```
/// use auth_core::digest::{AsyncDigestUsersFn, DigestHash, DigestLookup, DigestUserEntry};
///
/// let users = AsyncDigestUsersFn::new(|wanted: DigestLookup<'static>| async move {
///     let hash: Option<DigestHash> = look_up(&wanted).await?;
///     Ok(hash.map(|hash| DigestUserEntry::new(hash, "somebody")))
/// });
/// # let _ = users;
/// # async fn look_up(_: &DigestLookup<'_>) -> Result<Option<DigestHash>, auth_core::Cause> { Ok(None) }
/// ```
pub struct AsyncDigestUsersFn<I>(Arc<AsyncFind<I>>);

impl<I> DigestUsersFn<I> {
    /// Wraps the closure.
    pub fn new(
        find: impl Fn(&DigestLookup<'_>) -> Result<Option<DigestUserEntry<I>>, Cause>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self(Arc::new(find))
    }
}

impl<I> AsyncDigestUsersFn<I> {
    /// Wraps the closure.
    pub fn new<Fut>(find: impl Fn(DigestLookup<'static>) -> Fut + Send + Sync + 'static) -> Self
    where
        Fut: Future<Output = Result<Option<DigestUserEntry<I>>, Cause>> + Send + 'static,
    {
        Self(Arc::new(move |wanted| Box::pin(find(wanted))))
    }
}

impl<I> Clone for DigestUsersFn<I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<I> Clone for AsyncDigestUsersFn<I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<I> fmt::Debug for DigestUsersFn<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DigestUsersFn(..)")
    }
}

impl<I> fmt::Debug for AsyncDigestUsersFn<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AsyncDigestUsersFn(..)")
    }
}

impl<I: Clone + Send + Sync + 'static> DigestUsers for DigestUsersFn<I> {
    type Identity = I;

    fn find<'r>(&'r self, wanted: DigestLookup<'r>) -> impl Future<Output = Found<I>> + Send + 'r {
        ready((self.0)(&wanted))
    }
}

impl<I: Clone + Send + Sync + 'static> DigestUsers for AsyncDigestUsersFn<I> {
    type Identity = I;

    fn find<'r>(&'r self, wanted: DigestLookup<'r>) -> impl Future<Output = Found<I>> + Send + 'r {
        (self.0)(wanted.into_owned())
    }
}
