//! What the application provides: its verifiers, by type, and its settings.

use core::panic::Location;
use std::sync::Arc;

use crate::clock::Clock;
use crate::hierarchy::ScopeHierarchy;
use crate::policy::{Main, Spec};
use crate::refusal::{BodyFormat, Detail};
use crate::resource::ProtectedResource;
use crate::scheme::Scheme;
use crate::transport::Transport;
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

/// What decisions can be made with: a state with types ([`AuthState`]), or a `Registry` (feature `registry`).
pub trait AnyState: Send + Sync {
    /// The settings.
    fn settings(&self) -> &Settings;

    /// Says that a handler of this policy is mounted, what tells what a state lacks for it, and where that was. A state with
    /// types lacks nothing.
    #[doc(hidden)]
    fn mounted(
        &self,
        policy: fn() -> &'static Spec,
        lack: fn(&Self) -> Option<Detail>,
        place: &'static Location<'static>,
    ) {
        let _ = (policy, lack, place);
    }
}

#[diagnostic::do_not_recommend]
impl<T: AuthState> AnyState for T {
    fn settings(&self) -> &Settings {
        AuthState::settings(self)
    }
}

/// A state that holds the verifier for scheme `S`, or for `S` with a tag.
///
/// Two verifiers of one scheme are told apart by a tag: a type of yours, named in the derive
/// (`#[auth(Bearer, tag = Partner)]`) and in the attribute (`verifier = Partner`).
#[diagnostic::on_unimplemented(
    message = "the state `{Self}` holds no verifier for `{S}` (tag `{Tag}`)",
    label = "a guarded handler needs a verifier for `{S}` here",
    note = "add a field with a verifier of this scheme to a struct with `#[derive(AuthState)]`, and mark it `#[auth({S})]`; for a tag other than `Main`, mark it `#[auth({S}, tag = {Tag})]`",
    note = "on axum, where the state reads `()`, the router was given none: call `.with_state(app)` on it, or return `GuardedRouter<App>` (or `GuardedRouter<Arc<App>>`) from this function; with `debug_handler`, write `state = App`"
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
    scope_hierarchy: ScopeHierarchy,
    transport: Transport,
    protected_resource: Option<ProtectedResource>,
    admitted_events: bool,
}

impl Settings {
    /// The defaults: JSON bodies, fields with credentials of at most 16 KiB, the clock of the system, no
    /// scope that implies another, nothing known about the transport, no protected resource, and no event for an
    /// admitted request.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            body_format: BodyFormat::Json,
            max_credentials_len: 16 * 1024,
            clock: Clock::system(),
            scope_hierarchy: ScopeHierarchy::new(),
            transport: Transport::unknown(),
            protected_resource: None,
            admitted_events: false,
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

    /// The clock by which credentials end and authentications grow old; the system's unless set.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Which scopes imply others; none does unless set.
    #[must_use]
    pub fn with_scope_hierarchy(mut self, hierarchy: ScopeHierarchy) -> Self {
        self.scope_hierarchy = hierarchy;
        self
    }

    /// How to know that a request came over a secure transport; unknown unless set.
    #[must_use]
    pub fn with_transport(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// What this service is to OAuth clients: challenges of Bearer name the metadata of the resource (RFC 9728 §5.1),
    /// whatever the status of the answer; those of other schemes stay as they are. Unset, no challenge does.
    ///
    /// The document needs a route: on a `GuardedRouter` it is
    /// `.protected_resource(settings)`, elsewhere [`ProtectedResource::respond`]. With the feature `tracing` a warning
    /// says so, when a challenge names it and there is none.
    ///
    /// Scripts of other origins see the challenge only if the answer exposes `WWW-Authenticate`
    /// (`Access-Control-Expose-Headers`).
    ///
    /// ```
    /// use auth_core::{ProtectedResource, Settings};
    ///
    /// let resource = ProtectedResource::new("https://api.example.com/mcp", "https://login.example.com")?;
    /// let settings = Settings::new().with_protected_resource(resource);
    /// # assert!(settings.protected_resource().is_some());
    /// # Ok::<(), auth_core::ProtectedResourceError>(())
    /// ```
    #[must_use]
    pub fn with_protected_resource(mut self, resource: ProtectedResource) -> Self {
        self.protected_resource = Some(resource);
        self
    }

    /// Whether an admitted request is an [event](crate::observability#events) too, as a refused one always is; not
    /// unless set. Without the feature `tracing` there are no events. Metrics count both.
    #[must_use]
    pub fn with_admitted_events(mut self, told: bool) -> Self {
        self.admitted_events = told;
        self
    }

    /// The clock by which credentials end and authentications grow old.
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

    /// Which scopes imply others.
    #[must_use]
    pub fn scope_hierarchy(&self) -> &ScopeHierarchy {
        &self.scope_hierarchy
    }

    /// How to know that a request came over a secure transport.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// What this service is to OAuth clients, if that was told.
    #[must_use]
    pub fn protected_resource(&self) -> Option<&ProtectedResource> {
        self.protected_resource.as_ref()
    }

    /// Whether an admitted request is an event too.
    #[must_use]
    pub fn admitted_events(&self) -> bool {
        self.admitted_events
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

#[cfg(test)]
mod tests {
    use http::Request;

    use super::Settings;
    use crate::hierarchy::ScopeHierarchy;
    use crate::request::RequestView;
    use crate::transport::Transport;
    use crate::verify::Grants;

    #[test]
    fn c6_h20_settings_say_nothing_of_scopes_and_transport_unless_told() {
        let admin = Grants::none().with_scopes(["admin"]);
        let request = Request::new(());
        let request = RequestView::of(&request);
        for settings in [Settings::defaults(), &Settings::default()] {
            assert!(!settings.scope_hierarchy().allows(&admin, "read"));
            assert_eq!(settings.transport().is_secure(&request), None);
        }
        let told = Settings::new()
            .with_scope_hierarchy(ScopeHierarchy::new().implies("admin", ["read"]))
            .with_transport(Transport::always_secure());
        assert!(told.scope_hierarchy().allows(&admin, "read"));
        assert_eq!(told.transport().is_secure(&request), Some(true));
    }
}
