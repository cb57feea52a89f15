//! Generated code relies on nothing that is in scope where it lands: it compiles here or the paths are
//! wrong.
//!
//! There is no prelude, names that generated code needs are taken by other things, and the runtime crate
//! has another name.
#![no_implicit_prelude]
#![allow(
    non_camel_case_types,
    missing_docs,
    missing_debug_implementations,
    unused_macros,
    clippy::pedantic,
    reason = "names are taken on purpose"
)]

macro_rules! taken {
    ($($name:ident)*) => {$(
        pub struct $name;
    )*};
}

// Types and traits of the prelude, primitive types, crates, and what our hidden module holds.
taken! {
    Option Some None Result Ok Err String Vec Box Into Copy Send Sync Sized Fn Drop
    str u8 bool usize char
    Guard Public Policy PublicDecision Member Spec Declaration Any One Main Basic Bearer ApiKey Settings
    Argument NotAnIdentity Erroneous Provides Unseen Verifier
    Permitted Told AsResponse Unwritable InErr ByFrom Refusal Authenticated ViewRequest
    admit view permitted not_permitted erroneous refusal answering answer
}

pub mod core {}
pub mod std {}
pub mod alloc {}
pub mod auth_core {}
pub mod private {}

macro_rules! concat {
    ($($t:tt)*) => {
        compile_error!("taken")
    };
}
macro_rules! module_path {
    ($($t:tt)*) => {
        compile_error!("taken")
    };
}
macro_rules! assert {
    ($($t:tt)*) => {
        compile_error!("taken")
    };
}
macro_rules! panic {
    ($($t:tt)*) => {
        compile_error!("taken")
    };
}

/// Functions and constants.
pub const DECLARED_0: &::core::primitive::str = "zone";
pub const MEMBERS: &::core::primitive::str = "zone";
pub const SPEC: &::core::primitive::str = "zone";
pub const CHALLENGES_0: &::core::primitive::str = "zone";
pub const TEXT_0: &::core::primitive::str = "zone";

pub enum Partner {}

pub type Claims = ::std::string::String;

#[derive(::renamed::AuthState)]
#[auth(crate = ::renamed)]
pub struct App<'a, T: ::core::marker::Send + ::core::marker::Sync> {
    #[auth(Bearer)]
    pub tokens: ::renamed::FnVerifier<::renamed::Bearer, Claims>,
    #[auth(Basic)]
    pub users: ::renamed::FnVerifier<::renamed::Basic, Claims>,
    #[auth(ApiKey, tag = Partner)]
    pub keys: ::renamed::FnVerifier<::renamed::ApiKey, Claims>,
    #[auth(settings)]
    pub settings: ::renamed::Settings,
    pub database: &'a T,
}

#[derive(::renamed::AuthState)]
#[auth(crate = ::renamed)]
pub struct Tuple(
    #[auth(Bearer)] pub ::renamed::FnVerifier<::renamed::Bearer, Claims>,
    #[auth(settings)] pub ::renamed::Settings,
);

#[::renamed::auth_policy(crate = ::renamed, scheme = "Bearer", realm = "API", scope = "orders:read")]
pub struct Api;

#[::renamed::auth_policy(
    crate = ::renamed,
    any(
        Bearer(error_when_missing = "missing_token", realm = CHALLENGES_0),
        Basic(charset = none, realm = crate::SPEC),
        ApiKey(header = "X-Key", verifier = Partner, realm = CHALLENGES_0),
    ),
    optional,
)]
pub struct Open;

#[::renamed::requires_auth(crate = ::renamed, scheme = "Bearer", realm = "API")]
pub async fn plain() -> &'static ::core::primitive::str {
    "plain"
}

#[::renamed::requires_auth(crate = ::renamed, scheme = "Basic", realm = DECLARED_0)]
pub async fn realm(user: ::renamed::Authenticated<Claims>) -> ::core::primitive::usize {
    user.len()
}

#[::renamed::requires_auth(
    crate = ::renamed,
    any(Digest(realm = DECLARED_0, algorithm = "SHA-256, MD5"), Basic(realm = TEXT_0))
)]
#[allow(deprecated)]
pub async fn digest(user: ::renamed::Authenticated<Claims>) -> ::core::primitive::usize {
    user.len()
}

#[::renamed::requires_auth(crate = ::renamed, scheme = "X-Key", realm = TEXT_0, verifier = Partner)]
pub async fn tag(user: ::renamed::Authenticated<Claims>, members: Members) -> Members {
    let _ = user;
    members
}

pub struct Members;

#[::renamed::requires_auth(crate = ::renamed, any(Bearer, Basic), realm = MEMBERS, optional)]
pub async fn optional(
    user: ::core::option::Option<::renamed::Authenticated<Claims>>,
) -> ::core::primitive::bool {
    user.is_some()
}

#[::renamed::requires_auth(crate = ::renamed, Api)]
pub async fn named(user: ::renamed::Authenticated<Claims>) -> ::core::primitive::usize {
    user.len()
}

#[::renamed::requires_auth(crate = ::renamed, self::Open)]
pub async fn named_optional(
    user: ::core::option::Option<::renamed::Authenticated<Claims>>,
) -> ::core::primitive::bool {
    user.is_some()
}

#[::renamed::requires_auth(crate = ::renamed, Api)]
pub async fn named_without_identity(members: Members) -> Members {
    members
}

#[::renamed::public(crate = ::renamed, reason = "shows the paths")]
pub async fn public(members: Members) -> Members {
    members
}

#[::renamed::public(crate = ::renamed)]
pub async fn without_reason() {}

#[::renamed::requires_auth(crate = ::renamed, scheme = "Bearer", realm = "API", permit = user.len() == 3)]
pub async fn permit(user: ::renamed::Authenticated<Claims>, members: Members) -> Members {
    let _ = user;
    members
}

#[::renamed::requires_auth(crate = ::renamed, Api, permit = allowed)]
pub async fn permit_without_identity(allowed: ::core::primitive::bool) {
    let _ = allowed;
}

pub struct Error(pub ::renamed::Refusal);

impl ::core::convert::From<::renamed::Refusal> for Error {
    fn from(told: ::renamed::Refusal) -> Self {
        Self(told)
    }
}

impl Tuple {
    #[::renamed::requires_auth(
        crate = ::renamed, scheme = "Bearer", realm = TEXT_0, request = request, state = self,
        identity = user: Claims, permit = user.len() == 3
    )]
    pub async fn inline(
        &self,
        request: ::renamed::RequestView<'_>,
    ) -> ::core::result::Result<::core::primitive::usize, Error> {
        let _ = request;
        ::core::result::Result::Ok(user.len())
    }

    #[::renamed::requires_auth(crate = ::renamed, Api, request = &request, state = self)]
    pub async fn inline_named(
        self: ::std::sync::Arc<Self>,
        request: ::http::Request<()>,
    ) -> ::http::Response<::bytes::Bytes> {
        let _ = request;
        ::http::Response::new(::bytes::Bytes::new())
    }

    pub async fn checked(
        &self,
        request: ::renamed::RequestView<'_>,
    ) -> ::core::result::Result<::core::primitive::bool, ::renamed::Refusal> {
        let user = ::renamed::check!(
            crate = ::renamed,
            scheme = "Bearer",
            realm = TEXT_0,
            optional,
            request = request,
            state = self,
            identity = Claims
        )?;
        ::core::result::Result::Ok(user.is_some())
    }
}

/// The guards are extractors for this state.
pub fn extracted<T>(state: Tuple)
where
    ::renamed::http::Guarded<Tuple, T, ()>: ::core::marker::Sized,
{
    let _ = state;
}

/// A handler's names are the user's own, whatever generated code is called.
#[::renamed::requires_auth(crate = ::renamed, scheme = "Bearer", realm = "API")]
pub async fn names(
    identity: ::renamed::Authenticated<Claims>,
    guard: Members,
    policy: Members,
) -> (Members, Members) {
    let _ = identity;
    (guard, policy)
}

#[::renamed::requires_auth(crate = ::renamed, scheme = "Bearer", realm = TEXT_0)]
pub mod handlers {
    pub async fn plain() -> &'static ::core::primitive::str {
        "plain"
    }

    pub mod nested {
        pub async fn identity(
            user: ::renamed::Authenticated<super::super::Claims>,
        ) -> ::core::primitive::usize {
            user.len()
        }

        #[helper]
        pub fn helper() {}
    }
}

/// The names of other things are taken here as well.
pub mod aliases {
    pub use ::renamed as alias;

    pub mod auth_core {}

    #[alias::requires_auth(crate = alias, super::Api)]
    pub mod r#async {
        pub mod core {}

        pub mod nested {
            pub mod alias {}

            pub async fn plain() -> &'static ::core::primitive::str {
                "plain"
            }
        }
    }

    #[self::alias::public(crate = self::alias, reason = "shows the paths")]
    pub mod open {
        pub async fn plain() {}
    }
}

pub struct Service {
    pub state: Tuple,
}

#[::renamed::requires_auth(
    crate = ::renamed, Api, request = request, state = self.state, identity = identity: Claims
)]
impl Service {
    pub async fn identity(
        &self,
        request: ::renamed::RequestView<'_>,
    ) -> ::core::result::Result<::core::primitive::usize, Error> {
        let _ = request;
        ::core::result::Result::Ok(identity.len())
    }

    pub async fn plain(&self, request: &::http::Request<()>) -> ::http::Response<::bytes::Bytes> {
        let _ = request;
        ::http::Response::new(::bytes::Bytes::new())
    }

    #[helper]
    pub fn helper(&self) {}
}
