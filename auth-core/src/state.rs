//! What the application provides: its verifiers, by type, and its settings.

use std::sync::Arc;

use crate::clock::Clock;
use crate::policy::Main;
use crate::refusal::BodyFormat;
use crate::scheme::Scheme;
use crate::verify::Verifier;

/// The state of an application that guards handlers. Usually derived:
///
/// ```
/// use auth_core::{AuthState, Basic, Bearer, FnVerifier};
/// # #[derive(Clone)] struct User;
/// # #[derive(Clone)] struct Claims;
/// # struct Pool;
/// #[derive(AuthState)]
/// struct App {
///     #[auth(Bearer)]
///     tokens: FnVerifier<Bearer, Claims>,
///     #[auth(Basic)]
///     users: FnVerifier<Basic, User>,
///     #[auth(settings)]
///     settings: auth_core::Settings,
///     database: Pool,
/// }
/// ```
///
/// `&App` and `Arc<App>` are states as well; the latter is what routers are usually given, since they clone their state.
///
/// A state that holds another one, as axum's `FromRef` has it, says for each scheme where to look:
///
/// ```
/// # use auth_core::{AuthState, Bearer, FnVerifier, Provides};
/// # #[derive(AuthState)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
/// struct Outer { auth: App }
///
/// impl AuthState for Outer {}
/// impl Provides<Bearer> for Outer {
///     type Verifier = FnVerifier<Bearer, String>;
///     fn verifier(&self) -> &Self::Verifier { self.auth.verifier() }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a state that guarded handlers can use",
    label = "guarded handlers need `{Self}: AuthState`",
    note = "put `#[derive(AuthState)]` on it and mark the fields that hold verifiers with their schemes, such as `#[auth(Bearer)]`"
)]
pub trait AuthState: Send + Sync {
    /// The settings; the defaults unless the state holds others.
    fn settings(&self) -> &Settings {
        Settings::defaults()
    }
}

/// A state that holds the verifier for scheme `S`, or for `S` with a tag.
///
/// Two verifiers of one scheme are told apart by a tag: a type of yours, named in the derive
/// (`#[auth(Bearer, tag = Partner)]`) and in the attribute (`verifier = Partner`).
#[diagnostic::on_unimplemented(
    message = "the state `{Self}` holds no verifier for `{S}` (tag `{Tag}`)",
    label = "a guarded handler needs a verifier for `{S}` here",
    note = "add a field with a verifier of this scheme to the state and mark it `#[auth({S})]`, or `#[auth({S}, tag = {Tag})]` for a tag other than `Main`; where the state reads `()`, name yours: `#[debug_handler(state = App)]`"
)]
pub trait Provides<S: Scheme, Tag = Main>: AuthState {
    /// The type of the verifier.
    type Verifier: Verifier<Scheme = S>;

    /// The verifier.
    fn verifier(&self) -> &Self::Verifier;
}

impl<T: AuthState + ?Sized> AuthState for &T {
    fn settings(&self) -> &Settings {
        T::settings(self)
    }
}

impl<S: Scheme, Tag, T: Provides<S, Tag> + ?Sized> Provides<S, Tag> for &T {
    type Verifier = T::Verifier;

    fn verifier(&self) -> &Self::Verifier {
        T::verifier(self)
    }
}

impl<T: AuthState> AuthState for Arc<T> {
    fn settings(&self) -> &Settings {
        T::settings(self)
    }
}

impl<S: Scheme, Tag, T: Provides<S, Tag>> Provides<S, Tag> for Arc<T> {
    type Verifier = T::Verifier;

    fn verifier(&self) -> &Self::Verifier {
        T::verifier(self)
    }
}

/// Settings of the application, the same for all its handlers.
///
/// ```
/// use auth_core::{BodyFormat, Settings};
/// let settings = Settings::new()
///     .with_body_format(BodyFormat::Problem)
///     .with_max_credentials_len(8 * 1024);
/// assert_eq!(settings.max_credentials_len(), 8192);
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    body_format: BodyFormat,
    max_credentials_len: usize,
    clock: Clock,
}

impl Settings {
    /// The defaults: JSON bodies, fields with credentials of at most 16 KiB.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            body_format: BodyFormat::Json,
            max_credentials_len: 16 * 1024,
            clock: Clock::system(),
        }
    }

    /// How the bodies of refusals look.
    #[must_use]
    pub fn with_body_format(mut self, format: BodyFormat) -> Self {
        self.body_format = format;
        self
    }

    /// The longest field with credentials that is read, in octets; longer ones are answered 400. At most
    /// 64 KiB ([`auth_syntax::MAX_LEN`]): more counts as that.
    #[must_use]
    pub fn with_max_credentials_len(mut self, octets: usize) -> Self {
        self.max_credentials_len = octets.min(auth_syntax::MAX_LEN);
        self
    }

    /// The clock by which credentials end; the system's unless set.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The clock by which credentials end.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// How the bodies of refusals look.
    #[must_use]
    pub fn body_format(&self) -> &BodyFormat {
        &self.body_format
    }

    /// The longest field with credentials that is read, in octets.
    #[must_use]
    pub fn max_credentials_len(&self) -> usize {
        self.max_credentials_len
    }

    pub(crate) fn defaults() -> &'static Self {
        static DEFAULTS: Settings = Settings::new();
        &DEFAULTS
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new()
    }
}
