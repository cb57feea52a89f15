//! The checked form: nothing in here can hold an unchecked value.

use proc_macro2::TokenStream;
use syn::{Ident, Path, Visibility};

use crate::body::Permit;
use crate::handler::Handler;

/// A handler and the policy that guards it.
pub(crate) struct Guarded {
    pub(crate) krate: TokenStream,
    pub(crate) policy: Policy,
    pub(crate) handler: Handler,
    pub(crate) permit: Option<Permit>,
}

/// A handler that is public by declaration.
pub(crate) struct Public {
    pub(crate) krate: TokenStream,
    pub(crate) reason: Option<String>,
    pub(crate) handler: Handler,
}

/// A policy with a name.
pub(crate) struct NamedPolicy {
    pub(crate) krate: TokenStream,
    pub(crate) item: TokenStream,
    pub(crate) name: Ident,
    pub(crate) rule: Rule,
}

/// What guards a handler.
pub(crate) enum Policy {
    /// Written in its attribute.
    Own(Rule),
    /// Written elsewhere.
    Named(Path),
}

/// The accepted members in declared order: at least one.
pub(crate) struct Rule {
    pub(crate) members: Vec<Member>,
    pub(crate) optional: bool,
}

/// One accepted way to authenticate.
pub(crate) struct Member {
    pub(crate) scheme: Scheme,
    pub(crate) realm: Realm,
    pub(crate) scope: Option<String>,
    pub(crate) tag: Option<Path>,
}

/// A scheme with what only it has.
pub(crate) enum Scheme {
    Basic {
        charset: bool,
    },
    Bearer {
        error_when_missing: Option<String>,
    },
    ApiKey {
        field: String,
    },
    /// `X-API-Key realm="API"`
    NamedAfterField {
        field: String,
    },
}

/// A realm that was checked, or a constant whose value const evaluation will check.
pub(crate) enum Realm {
    Literal(String),
    Const(Path),
}

/// The hidden type that stands for a handler's decision.
pub(crate) struct Hidden {
    pub(crate) name: Ident,
    pub(crate) visibility: Visibility,
}
