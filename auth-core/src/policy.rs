//! What one handler demands.

use core::fmt;
use core::marker::PhantomData;

use bytes::Bytes;
use http::HeaderValue;

use auth_syntax::ChallengeKind;

use crate::refusal::Text;
use crate::scheme::{ChallengeErrors, Scheme};

pub use auth_syntax::MAX_MEMBERS;

/// What a handler demands of its caller. Written by `#[requires_auth]` and `#[auth_policy]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy",
    label = "not a policy",
    note = "a policy is a unit struct with `#[auth_policy(scheme = \"…\", realm = \"…\")]` on it"
)]
pub trait Policy: Send + Sync + 'static {
    /// The accepted schemes as a type: [`One`] or [`Any`].
    type Accepts;

    /// The rest, as a constant.
    const SPEC: &'static Spec;
}

/// The verifier of a scheme that has no other tag: what `verifier = …` was not written for.
#[derive(Clone, Copy, Debug)]
pub enum Main {}

/// Credentials of scheme `S`, checked by the verifier that the state provides for `S` and `Tag`.
pub struct One<S, Tag = Main>(PhantomData<fn() -> (S, Tag)>);

/// Alternatives in declared order: a tuple of [`One`]s.
pub struct Any<T>(PhantomData<fn() -> T>);

impl<S, Tag> fmt::Debug for One<S, Tag> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("One")
    }
}

impl<T> fmt::Debug for Any<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Any")
    }
}

/// A policy as data: its members in declared order, and where it stands.
#[derive(Debug)]
pub struct Spec {
    name: &'static str,
    members: &'static [Member],
    optional: bool,
    /// Stands in for a policy with a mistake in it, which was reported.
    pub(crate) stand_in: bool,
}

impl Spec {
    /// A policy called `name` (a path, for logs) of these members.
    ///
    /// # Panics
    /// With no member or more than [`MAX_MEMBERS`]: a compile error, since this is called in constants.
    #[must_use]
    pub const fn new(name: &'static str, members: &'static [Member]) -> Self {
        assert!(
            !members.is_empty(),
            "a policy without members would admit nobody"
        );
        assert!(
            members.len() <= MAX_MEMBERS,
            "a policy has at most 8 members"
        );
        Self {
            name,
            members,
            optional: false,
            stand_in: false,
        }
    }

    /// Admits a caller who presents nothing, as nobody; wrong credentials are refused all the same.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Path of the handler or policy.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a caller who presents nothing is admitted.
    #[must_use]
    pub const fn is_optional(&self) -> bool {
        self.optional
    }

    /// The members in declared order.
    #[must_use]
    pub const fn members(&self) -> &'static [Member] {
        self.members
    }
}

/// One accepted way to authenticate: scheme, carrier, scopes and challenges.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    pub(crate) scheme: &'static str,
    /// The name of its type's scheme, which that of a field does not hide.
    kind: &'static str,
    pub(crate) rejected: Text,
    pub(crate) errors: ChallengeErrors,
    pub(crate) carrier: Carrier,
    pub(crate) scope: Option<&'static str>,
    /// By [`ChallengeKind`]; one for all kinds where the scheme tells no errors.
    challenges: &'static [&'static str],
}

impl Member {
    /// A member whose credentials travel in `Authorization`. Its challenges are those that
    /// `auth_syntax::Declaration` writes, in the order of their kinds.
    ///
    /// # Panics
    /// With too few or too many challenges: a compile error, since this is called in constants.
    #[must_use]
    pub const fn new<S: Scheme>(challenges: &'static [&'static str]) -> Self {
        let kinds = match S::ERRORS {
            ChallengeErrors::None => 1,
            ChallengeErrors::OAuth => ChallengeKind::ALL.len(),
        };
        assert!(
            challenges.len() == kinds,
            "a scheme has one challenge, or one for each kind if it tells errors"
        );
        Self {
            scheme: S::NAME,
            kind: S::NAME,
            rejected: S::REJECTED,
            errors: S::ERRORS,
            carrier: Carrier::Authorization,
            scope: None,
            challenges,
        }
    }

    /// Demands scopes, separated by one space: all of them.
    ///
    /// # Panics
    /// When these are no scopes: a compile error, since this is called in constants.
    #[must_use]
    pub const fn with_scope(mut self, scope: &'static str) -> Self {
        assert!(
            auth_syntax::check_scope(scope).is_ok(),
            "scopes are separated by one space (RFC 6750 section 3)"
        );
        self.scope = Some(scope);
        self
    }

    /// The credentials travel in a header field of this name.
    #[must_use]
    pub const fn in_field(mut self, field: &'static str) -> Self {
        self.carrier = Carrier::Field(field);
        self
    }

    /// The same, and the field's name is that of the scheme.
    #[must_use]
    pub const fn named_after_field(mut self, field: &'static str) -> Self {
        self.scheme = field;
        self.in_field(field)
    }

    /// The challenge of a kind: a view of a constant that was checked when it was written.
    pub(crate) fn challenge(&self, kind: ChallengeKind) -> HeaderValue {
        let text = self
            .challenges
            .get(kind as usize)
            .or(self.challenges.first());
        let text = Bytes::from_static(text.copied().unwrap_or_default().as_bytes());
        // What the macros write is checked; what is written by hand must not panic either.
        HeaderValue::from_maybe_shared(text)
            .unwrap_or(const { HeaderValue::from_static("Unknown realm=\"malformed challenge\"") })
    }

    /// The name of the scheme, as its challenge says it.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// The scopes that are needed, separated by one space.
    #[must_use]
    pub const fn scope(&self) -> Option<&'static str> {
        self.scope
    }

    /// Where the credentials travel.
    #[must_use]
    pub const fn carrier(&self) -> Carrier {
        self.carrier
    }

    pub(crate) fn is_of<S: Scheme>(&self) -> bool {
        self.kind == S::NAME
    }

    pub(crate) fn scopes(&self) -> impl Iterator<Item = &'static str> {
        self.scope
            .unwrap_or_default()
            .split(' ')
            .filter(|scope| !scope.is_empty())
    }
}

/// Where credentials travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Carrier {
    /// The `Authorization` field (RFC 9110 §11.6.2), behind the name of the scheme.
    Authorization,
    /// A header field of this name, which holds nothing else.
    Field(&'static str),
}

impl Carrier {
    /// The name of the header field.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Authorization => "Authorization",
            Self::Field(name) => name,
        }
    }
}
