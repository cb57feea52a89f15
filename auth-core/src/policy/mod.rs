//! What one handler demands.

mod narrowed;
mod need;
mod rule;

use bytes::Bytes;
use http::HeaderValue;

use auth_syntax::{ChallengeKind, Declaration, parse_seconds};

use crate::refusal::Text;
use crate::scheme::{ChallengeErrors, Scheme};

pub use auth_syntax::MAX_MEMBERS;
pub use narrowed::{Narrowed, challenges_len, cut_texts, texts, texts_len};
pub(crate) use need::Demand;
pub use need::Need;
pub use rule::{All, Any, Main, One, Rule, Shape};
pub(crate) use rule::{Members, sealed};

/// Where credentials travel.
pub type Carrier = auth_syntax::Carrier<'static>;

/// What a handler demands of its caller. Written by `#[requires_auth]` and `#[auth_policy]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy",
    label = "not a policy",
    note = "a policy is a unit struct with `#[auth_policy(scheme = \"…\", realm = \"…\")]` on it"
)]
pub trait Policy: Send + Sync + 'static {
    /// The accepted schemes as a type: a tree of [`One`], [`Any`] and [`All`].
    type Accepts: Rule;

    /// The rest, as a constant.
    const SPEC: &'static Spec;
}

/// A policy as data: its members in declared order, and where it stands.
#[derive(Debug)]
pub struct Spec {
    name: &'static str,
    members: &'static [Member],
    optional: bool,
    secure: bool,
    /// Stands in for a policy with a mistake in it, which was reported.
    pub(crate) stand_in: bool,
}

impl Spec {
    /// A policy called `name` (a path, for logs) of these members.
    ///
    /// # Panics
    /// With no member or more than [`MAX_MEMBERS`], or with two of Digest (RFC 7616 §3.7): a compile error, since this is
    /// called in constants.
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
        assert!(
            digests(members) <= 1,
            "a policy takes Digest once: challenges of it are told apart by their algorithm alone (RFC 7616 section 3.7), so write one with all of them"
        );
        Self {
            name,
            members,
            optional: false,
            secure: false,
            stand_in: false,
        }
    }

    /// Admits a caller who presents nothing, as nobody; wrong credentials are refused all the same.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Demands a secure transport, as the [`Settings`](crate::Settings::with_transport) define it.
    #[must_use]
    pub const fn secure(mut self) -> Self {
        self.secure = true;
        self
    }

    /// Whether a secure transport is demanded.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.secure
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

    /// Whether this is the other policy, or narrows it ([`Narrowed`]): it admits nobody whom the other refuses.
    #[cfg(feature = "mcp")]
    pub(crate) fn includes(&self, other: &'static Self) -> bool {
        let pairs = || self.members.iter().zip(other.members);
        self.members.len() == other.members.len()
            && self.secure >= other.secure
            && self.optional <= other.optional
            && pairs().all(|(member, other)| member.demand.includes(&other.demand))
    }

    /// The members in declared order.
    #[must_use]
    pub const fn members(&self) -> &'static [Member] {
        self.members
    }
}

/// How many of them are Digest.
const fn digests(mut members: &[Member]) -> usize {
    let mut count = 0;
    while let [first, rest @ ..] = members {
        if first.declaration.digest_terms().is_some() {
            count += 1;
        }
        members = rest;
    }
    count
}

/// One accepted way to authenticate: scheme, carrier, what it demands, and its challenges. Best written with
/// [`member!`](crate::member).
#[derive(Clone, Copy, Debug)]
pub struct Member {
    declaration: Declaration<'static>,
    /// The name of its type's scheme, which that of a field does not hide.
    kind: &'static str,
    /// Which verifier of the scheme is asked, for people.
    tag: Option<&'static str>,
    rejected: Text,
    demand: Demand,
    /// By [`ChallengeKind`]; one for all kinds where the scheme tells no errors, one for each algorithm of Digest.
    challenges: &'static [&'static str],
}

impl Member {
    /// A member of scheme `S` that declares this, and whose challenges are those that the declaration
    /// writes, in the order of their kinds. It demands what it declares.
    ///
    /// # Panics
    /// With too few or too many challenges, or the declaration of another kind of scheme: a compile error,
    /// since this is called in constants.
    #[must_use]
    pub const fn new<S: Scheme>(
        declaration: Declaration<'static>,
        challenges: &'static [&'static str],
    ) -> Self {
        assert!(
            challenges.len() == declaration.kinds(),
            "a scheme has one challenge, or one for each kind if it tells errors, or one for each algorithm"
        );
        assert!(
            declaration.tells_errors() == matches!(S::ERRORS, ChallengeErrors::OAuth)
                && declaration.digest_terms().is_some() == S::OPEN_CHALLENGES,
            "this declaration belongs to another scheme"
        );
        Self {
            kind: S::NAME,
            tag: None,
            rejected: S::REJECTED,
            demand: Demand {
                scope: match declaration.scope() {
                    Some(scope) => Some(Need::One(scope)),
                    None => None,
                },
                role: None,
                acr_values: declaration.acr_values(),
                max_age: seconds(declaration.max_age()),
                narrows: None,
            },
            declaration,
            challenges,
        }
    }

    /// Names the tag of its verifier, for people: lists of endpoints show it.
    #[must_use]
    pub const fn with_tag(mut self, name: &'static str) -> Self {
        self.tag = Some(name);
        self
    }

    /// Demands scopes with alternatives. What the declaration says of scopes is what clients are told to ask
    /// for.
    ///
    /// # Panics
    /// When nothing is needed, which everybody would meet: a compile error, since this is called in constants.
    #[must_use]
    pub const fn with_scopes(mut self, need: Need) -> Self {
        need.check();
        self.demand.scope = Some(need);
        self
    }

    /// Demands roles.
    ///
    /// # Panics
    /// When nothing is needed, which everybody would meet: a compile error, since this is called in constants.
    #[must_use]
    pub const fn with_role(mut self, need: Need) -> Self {
        need.check();
        self.demand.role = Some(need);
        self
    }

    /// Its challenges as text, as its declaration counts them.
    pub(crate) fn challenge_texts(&self) -> impl Iterator<Item = &'static str> {
        self.challenges.iter().copied()
    }

    /// The challenge of a kind, as text.
    pub(crate) fn challenge_text(&self, kind: ChallengeKind) -> &'static str {
        let text = self.challenges.get(kind as usize);
        text.or(self.challenges.first())
            .copied()
            .unwrap_or_default()
    }

    /// The challenge of a kind: a view of a constant that was checked when it was written.
    pub(crate) fn challenge(&self, kind: ChallengeKind) -> HeaderValue {
        let text = Bytes::from_static(self.challenge_text(kind).as_bytes());
        // What the macros write is checked; what is written by hand must not panic either.
        HeaderValue::from_maybe_shared(text)
            .unwrap_or(const { HeaderValue::from_static("Unknown realm=\"malformed challenge\"") })
    }

    /// The challenge of a kind with the URL of the metadata of the protected resource (RFC 9728 §5.1).
    pub(crate) fn challenge_with_metadata(&self, kind: ChallengeKind, url: &str) -> String {
        self.declaration
            .challenge_with_metadata(kind, url)
            .to_string()
    }

    pub(crate) const fn declaration(&self) -> &Declaration<'static> {
        &self.declaration
    }

    /// The name of the scheme, as its challenge says it.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        self.declaration.scheme()
    }

    /// The name of its verifier's tag, where the scheme has several.
    #[must_use]
    pub const fn tag(&self) -> Option<&'static str> {
        self.tag
    }

    /// The scopes that its challenges tell, separated by one space: all that are needed, and of alternatives
    /// the first.
    #[must_use]
    pub const fn scope(&self) -> Option<&'static str> {
        self.declaration.scope()
    }

    /// All that is demanded of the grants, for people: `orders:read, role clerk, max_age 300`. Empty if any
    /// good credentials will do.
    #[must_use]
    pub fn demands(&self) -> String {
        self.demand.describe()
    }

    /// Where the credentials travel.
    #[must_use]
    pub const fn carrier(&self) -> Carrier {
        self.declaration.carrier()
    }

    pub(crate) fn demand(&self) -> &Demand {
        &self.demand
    }

    pub(crate) fn rejected(&self) -> Text {
        self.rejected
    }

    pub(crate) fn tells_errors(&self) -> bool {
        self.declaration.tells_errors()
    }

    pub(crate) fn is_of<S: Scheme>(&self) -> bool {
        self.kind == S::NAME
    }

    /// Whether the same credentials are presented to both, so that one verifier after the other is asked.
    pub(crate) fn shares_credentials_with(&self, other: &Self) -> bool {
        self.kind == other.kind && self.carrier().is(other.carrier())
    }

    /// Whether both take a token of the same kind, which a client may send in one way only.
    pub(crate) fn takes_same_token_elsewhere(&self, other: &Self) -> bool {
        self.tells_errors() && self.kind == other.kind && !self.carrier().is(other.carrier())
    }
}

/// A demand that cannot be read must not be one that is met.
const fn seconds(digits: Option<&str>) -> Option<u64> {
    let Some(digits) = digits else {
        return None;
    };
    let seconds = parse_seconds(digits);
    assert!(
        seconds.is_some(),
        "`max_age` is a number of seconds, in digits (RFC 9470 section 3)"
    );
    seconds
}

/// A [`Member`] from its scheme and what it declares: the challenges are written while the program is
/// compiled, and what cannot be sent does not compile.
///
/// ```
/// use auth_core::{All, ApiKey, Bearer, Declaration, One, Policy, Spec, member};
///
/// /// What `#[auth_policy(all(Bearer(realm = "API", scope = "orders:read"), ApiKey(..)))]` would write.
/// pub struct Partners;
///
/// impl Policy for Partners {
///     type Accepts = All<(One<Bearer>, One<ApiKey>)>;
///     const SPEC: &'static Spec = {
///         static MEMBERS: [auth_core::Member; 2] = [
///             member!(Bearer, Declaration::bearer("API").with_scope("orders:read")),
///             member!(ApiKey, Declaration::api_key("API", "X-Partner-Key")),
///         ];
///         static SPEC: Spec = Spec::new("Partners", &MEMBERS);
///         &SPEC
///     };
/// }
/// ```
#[macro_export]
macro_rules! member {
    ($scheme:ty, $declaration:expr $(,)?) => {{
        const __AUTH_DECLARED: $crate::Declaration<'static> = $declaration;
        static __AUTH_TEXT: [::core::primitive::u8; __AUTH_DECLARED.text_len()] =
            __AUTH_DECLARED.text();
        static __AUTH_CHALLENGES: [&::core::primitive::str; __AUTH_DECLARED.kinds()] =
            __AUTH_DECLARED.cut(&__AUTH_TEXT);
        $crate::Member::new::<$scheme>(__AUTH_DECLARED, &__AUTH_CHALLENGES)
    }};
}

/// The [`Spec`] of a policy that demands more than another one; see [`Narrowed`].
///
/// ```
/// use auth_core::{Need, Policy, Spec, auth_policy, narrowed};
///
/// #[auth_policy(scheme = "Bearer", realm = "API")]
/// pub struct Api;
///
/// /// What `#[auth_policy(Api, scope = "orders:write", role = "clerk")]` would write.
/// pub struct Clerks;
///
/// impl Policy for Clerks {
///     type Accepts = <Api as Policy>::Accepts;
///     const SPEC: &'static Spec = narrowed!(
///         "Clerks",
///         auth_core::Narrowed::new(Api::SPEC)
///             .with_scope("orders:write")
///             .with_role(Need::One("clerk")),
///     );
/// }
/// assert_eq!(Clerks::SPEC.members()[0].scope(), Some("orders:write"));
/// ```
#[macro_export]
macro_rules! narrowed {
    ($name:expr, $narrowed:expr $(,)?) => {{
        const __AUTH_NARROWED: $crate::Narrowed = $narrowed;
        static __AUTH_SCOPES: [::core::primitive::u8; __AUTH_NARROWED.scopes_len()] =
            __AUTH_NARROWED.scopes();
        static __AUTH_DECLARED: [$crate::Declaration<'static>; __AUTH_NARROWED.len()] =
            __AUTH_NARROWED.declarations(&__AUTH_SCOPES);
        static __AUTH_TEXT: [::core::primitive::u8; $crate::private::texts_len(&__AUTH_DECLARED)] =
            $crate::private::texts(&__AUTH_DECLARED);
        static __AUTH_CHALLENGES: [&::core::primitive::str;
            $crate::private::challenges_len(&__AUTH_DECLARED)] =
            $crate::private::cut_texts(&__AUTH_DECLARED, &__AUTH_TEXT);
        static __AUTH_MEMBERS: [$crate::Member; __AUTH_NARROWED.len()] =
            __AUTH_NARROWED.members(&__AUTH_DECLARED, &__AUTH_CHALLENGES);
        static __AUTH_SPEC: $crate::Spec = __AUTH_NARROWED.spec($name, &__AUTH_MEMBERS);
        &__AUTH_SPEC
    }};
}
