//! The checked form: nothing in here can hold an unchecked value.

use auth_syntax::{Carrier, DigestAlgorithm};
use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Ident, Path, Visibility};

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
    /// What it says of lints, for what is noted about it.
    pub(crate) lints: Vec<Attribute>,
    pub(crate) policy: Policy,
}

/// What guards a handler.
pub(crate) enum Policy {
    /// Written in its attribute.
    Own(Rule),
    /// Written elsewhere.
    Named(Path),
    /// Written elsewhere, with more demands.
    Narrowed(Path, Narrowing),
}

impl Policy {
    /// Where Basic stands beside Digest.
    pub(crate) fn basic_beside_digest(&self) -> Option<Span> {
        match self {
            Self::Own(rule) => rule.basic_beside_digest,
            Self::Named(_) | Self::Narrowed(..) => None,
        }
    }
}

/// The accepted members, and what holds for all.
pub(crate) struct Rule {
    pub(crate) tree: Tree,
    pub(crate) optional: bool,
    pub(crate) secure: bool,
    /// Where Basic is accepted instead of Digest, which is worth a note (RFC 7616 §5.6).
    pub(crate) basic_beside_digest: Option<Span>,
}

/// How members are joined: no group is empty.
pub(crate) enum Tree {
    One(Box<Member>),
    Any(Vec<Tree>),
    All(Vec<Tree>),
}

impl Tree {
    /// The members in declared order.
    pub(crate) fn members(&self) -> Vec<&Member> {
        match self {
            Self::One(member) => vec![member],
            Self::Any(parts) | Self::All(parts) => parts.iter().flat_map(Self::members).collect(),
        }
    }
}

/// What is demanded beyond another policy.
#[derive(Default)]
pub(crate) struct Narrowing {
    pub(crate) demand: Demand,
    pub(crate) secure: bool,
}

impl Narrowing {
    pub(crate) fn demands_nothing(&self) -> bool {
        !self.secure && !self.demand.is_told() && self.demand.role.is_none()
    }
}

/// One accepted way to authenticate.
pub(crate) struct Member {
    pub(crate) scheme: Scheme,
    pub(crate) realm: Realm,
    pub(crate) demand: Demand,
    pub(crate) tag: Option<Path>,
}

/// What is demanded of the grants.
#[derive(Default)]
pub(crate) struct Demand {
    pub(crate) scope: Option<Scope>,
    pub(crate) role: Option<Need>,
    pub(crate) acr_values: Option<String>,
    /// Seconds, in digits.
    pub(crate) max_age: Option<String>,
}

impl Demand {
    /// Whether challenges say something of it.
    pub(crate) fn is_told(&self) -> bool {
        self.scope.is_some() || self.acr_values.is_some() || self.max_age.is_some()
    }
}

/// The scopes that are needed, and what clients are told to ask for.
pub(crate) struct Scope {
    pub(crate) need: Need,
    pub(crate) told: String,
}

impl From<Need> for Scope {
    fn from(need: Need) -> Self {
        Self {
            told: need.told(),
            need,
        }
    }
}

/// Scopes or roles.
pub(crate) enum Need {
    One(String),
    All(Vec<Need>),
    Any(Vec<Need>),
}

impl Need {
    /// What a client should ask for: all that is needed, and of alternatives the first.
    fn told(&self) -> String {
        let mut words = Vec::new();
        self.tell(&mut words);
        words.join(" ")
    }

    fn tell<'n>(&'n self, words: &mut Vec<&'n str>) {
        match self {
            Self::One(text) => {
                for word in text.split(' ') {
                    if !words.contains(&word) {
                        words.push(word);
                    }
                }
            }
            Self::All(needs) => needs.iter().for_each(|need| need.tell(words)),
            Self::Any(needs) => needs.iter().take(1).for_each(|need| need.tell(words)),
        }
    }
}

/// A scheme with what only it has.
pub(crate) enum Scheme {
    Basic {
        charset: bool,
    },
    Bearer {
        error_when_missing: Option<String>,
        cookie: Option<String>,
    },
    Digest(Digest),
    ApiKey(KeyCarrier),
    /// `X-API-Key realm="API"`
    NamedAfterField {
        field: String,
    },
    /// Not built in; const evaluation checks its parameters.
    Own {
        path: Path,
        params: Vec<OwnParam>,
    },
}

impl Scheme {
    pub(crate) fn carrier(&self) -> Carrier<'_> {
        match self {
            Self::Basic { .. }
            | Self::Digest(_)
            | Self::Own { .. }
            | Self::Bearer { cookie: None, .. } => Carrier::Authorization,
            Self::ApiKey(KeyCarrier::Header(name)) | Self::NamedAfterField { field: name } => {
                Carrier::Field(name)
            }
            Self::ApiKey(KeyCarrier::Cookie(name))
            | Self::Bearer {
                cookie: Some(name), ..
            } => Carrier::Cookie(name),
        }
    }
}

/// What Digest says beside its realm (RFC 7616 §3.3).
pub(crate) struct Digest {
    /// Preferred first; not empty, and none twice.
    pub(crate) algorithms: Vec<DigestAlgorithm>,
    /// `auth-int` is offered beside `auth`.
    pub(crate) auth_int: bool,
    pub(crate) domain: Option<String>,
    pub(crate) opaque: Option<String>,
    pub(crate) userhash: bool,
    pub(crate) charset: bool,
}

/// Where an API key travels.
pub(crate) enum KeyCarrier {
    Header(String),
    Cookie(String),
}

/// A parameter of an own scheme, as it was given.
pub(crate) struct OwnParam {
    pub(crate) key: Ident,
    pub(crate) value: String,
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
