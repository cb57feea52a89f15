//! Filling a registry.

use core::any::TypeId;
use core::error::Error;
use core::fmt;
use core::future::Future;
use core::marker::PhantomData;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Place;
use std::sync::{Arc, Mutex};

use http::HeaderValue;

use super::identity::{self, AnyIdentity, Conversion, Identities, Joining, Kind};
use super::{Entries, Entry, Registry, tag_name};
use crate::policy::{Main, One};
use crate::refusal::{Cause, OpenChallenge};
use crate::request::RequestView;
use crate::scheme::{ApiKey, Basic, Bearer, Digest, Scheme};
use crate::state::Settings;
use crate::verify::{AnyVerifier, Verified, Verifier};

/// Fills a [`Registry`]. `I` is the identity that was named last: [`also_as`](Self::also_as) goes on from it.
#[must_use = "it does nothing until it is built"]
pub struct RegistryBuilder<I = ()> {
    verifiers: HashMap<TypeId, Entry>,
    conversions: HashMap<(TypeId, TypeId), Conversion>,
    joinings: HashMap<Box<[TypeId]>, Joining>,
    settings: Settings,
    doubled: Option<RegistryError>,
    named_last: PhantomData<fn() -> I>,
}

impl RegistryBuilder {
    pub(super) fn new() -> Self {
        Self {
            verifiers: HashMap::new(),
            conversions: HashMap::new(),
            joinings: HashMap::new(),
            settings: Settings::new(),
            doubled: None,
            named_last: PhantomData,
        }
    }
}

impl<I> RegistryBuilder<I> {
    /// Adds the verifier of Bearer. Handlers get what it yields, and what [`also_as`](Self::also_as) makes of that.
    pub fn bearer<V: Verifier<Scheme = Bearer> + 'static>(
        self,
        verifier: V,
    ) -> RegistryBuilder<V::Identity> {
        self.with(verifier)
    }

    /// Adds the verifier of Basic.
    pub fn basic<V: Verifier<Scheme = Basic> + 'static>(
        self,
        verifier: V,
    ) -> RegistryBuilder<V::Identity> {
        self.with(verifier)
    }

    /// Adds the verifier of Digest.
    pub fn digest<V: Verifier<Scheme = Digest> + 'static>(
        self,
        verifier: V,
    ) -> RegistryBuilder<V::Identity> {
        self.with(verifier)
    }

    /// Adds the verifier of API keys, whichever field or cookie they travel in.
    pub fn api_key<V: Verifier<Scheme = ApiKey> + 'static>(
        self,
        verifier: V,
    ) -> RegistryBuilder<V::Identity> {
        self.with(verifier)
    }

    /// Adds the verifier of any scheme: one of your own, say.
    pub fn with<V: Verifier + 'static>(self, verifier: V) -> RegistryBuilder<V::Identity> {
        self.with_tagged::<Main, V>(verifier)
    }

    /// Adds a verifier for policies that name the tag: `verifier = Partner` in an attribute is
    /// `with_tagged::<Partner, _>` here.
    pub fn with_tagged<Tag: 'static, V: Verifier + 'static>(
        mut self,
        verifier: V,
    ) -> RegistryBuilder<V::Identity> {
        match self.verifiers.entry(TypeId::of::<One<V::Scheme, Tag>>()) {
            Place::Vacant(place) => {
                place.insert(Entry {
                    verifier: Box::new(AnyVerifier::new(Forgetting(verifier))),
                    yields: Kind::of::<V::Identity>(),
                });
            }
            Place::Occupied(_) => {
                self.doubled.get_or_insert(RegistryError {
                    scheme: V::Scheme::NAME,
                    tag: tag_name::<Tag>(),
                });
            }
        }
        self.go_on()
    }

    /// Handlers may ask for a `T` where the verifier that was added last, or the tuple that was named last, is what
    /// they get.
    pub fn also_as<T>(mut self) -> Self
    where
        I: Clone + Send + Sync + 'static,
        T: From<I> + Send + Sync + 'static,
    {
        let key = (TypeId::of::<I>(), TypeId::of::<T>());
        self.conversions.insert(key, identity::conversion::<I, T>);
        self
    }

    /// Handlers under `all(..)` may ask for this tuple: the identities that the verifiers yield, in declared order.
    pub fn together<T: Identities>(mut self) -> RegistryBuilder<T> {
        self.joinings
            .insert(T::kinds().into(), identity::joining::<T>());
        self.go_on()
    }

    /// The settings; the defaults unless set.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The registry.
    ///
    /// # Errors
    /// If two verifiers were added for one scheme and tag: which of them should be asked?
    pub fn build(self) -> Result<Registry, RegistryError> {
        if let Some(doubled) = self.doubled {
            return Err(doubled);
        }
        Ok(Registry(Arc::new(Entries {
            verifiers: self.verifiers,
            conversions: self.conversions,
            joinings: self.joinings,
            settings: self.settings,
            mounted: Mutex::default(),
        })))
    }

    fn go_on<T>(self) -> RegistryBuilder<T> {
        RegistryBuilder {
            verifiers: self.verifiers,
            conversions: self.conversions,
            joinings: self.joinings,
            settings: self.settings,
            doubled: self.doubled,
            named_last: PhantomData,
        }
    }
}

impl<I> fmt::Debug for RegistryBuilder<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RegistryBuilder(..)")
    }
}

/// Two verifiers were added for one scheme and tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryError {
    scheme: &'static str,
    tag: Option<&'static str>,
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the registry has two verifiers for `{}`", self.scheme)?;
        if let Some(tag) = self.tag {
            write!(f, " with tag `{tag}`")?;
        }
        f.write_str(": add the second one with a tag, a type of yours, `.with_tagged::<Partner, _>(verifier)`, and name that in attributes, `verifier = Partner`")
    }
}

impl Error for RegistryError {}

/// A verifier of which is forgotten what it yields.
struct Forgetting<V>(V);

impl<V: Verifier> Verifier for Forgetting<V> {
    type Scheme = V::Scheme;
    type Identity = AnyIdentity;

    fn verify<'r>(
        &'r self,
        credentials: <V::Scheme as Scheme>::Credentials<'r>,
        request: &'r RequestView<'r>,
    ) -> impl Future<Output = Result<Verified<AnyIdentity>, Cause>> + Send + 'r {
        let verified = self.0.verify(credentials, request);
        async move { Ok(verified.await?.map(AnyIdentity::forget)) }
    }

    fn complete(
        &self,
        challenge: OpenChallenge<'_>,
        request: &RequestView<'_>,
    ) -> Result<HeaderValue, Cause> {
        self.0.complete(challenge, request)
    }
}
