//! What a router serves, as a list.

use core::fmt;
use core::panic::Location;

use crate::policy::{Member, Shape, Spec};

/// A path of a router, and what was decided about who may call it. Listed by `endpoints` of the guarded router or scope.
///
/// It prints as one line. The alternate form `{:#}` also says in which file and line the handler was
/// put on its route; without it the line changes only when an endpoint does, as tests want it.
///
/// ```text
/// GET /api/orders shop::orders requires Bearer (orders:read)
/// * /health shop::health is public: load balancer probe
/// OPTIONS /api/* tower_http::cors::CorsLayer answers preflights: the shop is on another origin
/// * /* axum::Router is undecided: moves in March
/// ```
#[derive(Clone, Debug)]
pub struct Endpoint {
    methods: Option<Vec<&'static str>>,
    path: String,
    handler: &'static str,
    location: &'static Location<'static>,
    decision: Decision,
    #[cfg(any(feature = "actix", feature = "axum"))]
    pub(crate) is_fallback: bool,
    /// Clients look for it at this very path: it cannot be nested.
    #[cfg(any(feature = "actix", feature = "axum", feature = "poem"))]
    pub(crate) is_well_known: bool,
}

/// What was decided about an endpoint.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Decision {
    /// It demands what a policy says.
    Demands {
        /// The policy: its members.
        spec: &'static Spec,
        /// How they are joined.
        shape: Shape,
    },
    /// Everybody may call it.
    Public {
        /// Why.
        reason: Option<&'static str>,
    },
    /// Nobody has decided yet.
    Undecided {
        /// Why not.
        reason: &'static str,
    },
    /// A layer that answers preflights before any guard.
    Preflight {
        /// Why.
        reason: &'static str,
    },
}

impl Decision {
    /// For what everybody may call.
    ///
    /// # Panics
    /// Without a reason, as the other two.
    #[track_caller]
    pub(crate) fn public(reason: &'static str) -> Self {
        Self::Public {
            reason: Some(told(reason)),
        }
    }

    /// For what comes in as it is.
    #[track_caller]
    pub(crate) fn undecided(reason: &'static str) -> Self {
        Self::Undecided {
            reason: told(reason),
        }
    }

    /// For a layer that answers preflights.
    #[cfg(feature = "axum")]
    #[track_caller]
    pub(crate) fn preflight(reason: &'static str) -> Self {
        Self::Preflight {
            reason: told(reason),
        }
    }
}

#[track_caller]
fn told(reason: &'static str) -> &'static str {
    assert!(!reason.trim().is_empty(), "say why: the reason is empty");
    reason
}

/// All that is behind a path.
pub(crate) const BEHIND: &str = "/*";

/// All that is behind this prefix, as it is listed.
#[cfg(any(feature = "axum", feature = "poem"))]
pub(crate) fn behind(prefix: &str) -> String {
    format!("{}{BEHIND}", prefix.strip_suffix('/').unwrap_or(prefix))
}

impl Endpoint {
    /// At no path yet.
    pub(crate) fn new(
        methods: Option<Vec<&'static str>>,
        handler: &'static str,
        location: &'static Location<'static>,
        decision: Decision,
    ) -> Self {
        Self {
            methods,
            path: String::new(),
            handler,
            location,
            decision,
            #[cfg(any(feature = "actix", feature = "axum"))]
            is_fallback: false,
            #[cfg(any(feature = "actix", feature = "axum", feature = "poem"))]
            is_well_known: false,
        }
    }

    pub(crate) fn at(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    /// As routers join them.
    #[cfg(any(feature = "axum", feature = "poem"))]
    pub(crate) fn nested_at(mut self, prefix: &str) -> Self {
        self.path = match (prefix.strip_suffix('/'), &*self.path) {
            (Some(prefix), path) => format!("{prefix}{path}"),
            (None, "/") => prefix.to_owned(),
            (None, path) => format!("{prefix}{path}"),
        };
        self
    }

    /// Whether it takes the methods that no other handler of its path takes.
    #[cfg(feature = "axum")]
    pub(crate) fn takes_the_rest(&self) -> bool {
        self.methods.is_none()
    }

    /// The methods it answers, or `*`: all that no other handler of its path answers. A handler of
    /// `GET` answers `HEAD` as well, unless its path has another one for that.
    pub fn methods(&self) -> impl Iterator<Item = &'static str> {
        let methods = self.methods.as_deref().unwrap_or(&["*"]);
        methods.iter().copied()
    }

    /// The path, as the framework writes them, with the paths of all routers that it is nested in. A path that
    /// ends in `/*` is all that is behind it: of a service at a prefix, of a fallback (what no route
    /// takes there), of a layer, or of an undecided router, whose routes cannot be listed.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The name of the handler, or of the type of a service or layer, as the compiler writes it.
    #[must_use]
    pub fn handler(&self) -> &'static str {
        self.handler
    }

    #[cfg(any(feature = "actix", feature = "poem"))]
    pub(crate) fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// The file in which it was put on its route.
    #[must_use]
    pub fn file(&self) -> &'static str {
        self.location.file()
    }

    /// The line in which it was put on its route.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.location.line()
    }

    /// What was decided.
    #[must_use]
    pub fn decision(&self) -> Decision {
        self.decision
    }

    /// The policy of a handler that is guarded by the attribute has the handler's own name.
    fn policy_elsewhere(&self, spec: &Spec) -> Option<&'static str> {
        let rest = self.handler.strip_prefix(spec.name());
        let own = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('<'));
        (!own).then_some(spec.name())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for method in self.methods() {
            write!(f, "{method} ")?;
        }
        write!(f, "{} {}", self.path, self.handler)?;
        if f.alternate() {
            write!(f, " ({}:{})", self.file(), self.line())?;
        }
        write!(f, " {}", self.decision)?;
        match self.decision {
            Decision::Demands { spec, .. } => match self.policy_elsewhere(spec) {
                Some(policy) => write!(f, " by {policy}"),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }
}

/// What stands behind the name of the handler: `is public: …`.
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Demands { spec, shape } => demands(f, spec, *shape),
            Self::Public { reason: None } => f.write_str("is public"),
            Self::Public {
                reason: Some(reason),
            } => write!(f, "is public: {reason}"),
            Self::Undecided { reason } => write!(f, "is undecided: {reason}"),
            Self::Preflight { reason } => write!(f, "answers preflights: {reason}"),
        }
    }
}

fn demands(f: &mut fmt::Formatter<'_>, spec: &Spec, shape: Shape) -> fmt::Result {
    let mut members = spec.members().iter();
    if spec.is_optional() {
        f.write_str("checks ")?;
        joined(f, shape, &mut members, false)?;
        return f.write_str(" if any");
    }
    f.write_str("requires ")?;
    joined(f, shape, &mut members, false)?;
    f.write_str(if spec.is_secure() {
        " over a secure transport"
    } else {
        ""
    })
}

/// The leaves of a shape are the members in their order.
fn joined<'m>(
    f: &mut fmt::Formatter<'_>,
    shape: Shape,
    members: &mut impl Iterator<Item = &'m Member>,
    inside: bool,
) -> fmt::Result {
    let (parts, word) = match shape {
        Shape::Member => {
            return match members.next() {
                Some(member) => one(f, member),
                None => Ok(()),
            };
        }
        Shape::Any(parts) => (parts, " or "),
        Shape::All(parts) => (parts, " and "),
    };
    f.write_str(if inside { "(" } else { "" })?;
    for (at, part) in parts.iter().enumerate() {
        f.write_str(if at == 0 { "" } else { word })?;
        joined(f, *part, members, true)?;
    }
    f.write_str(if inside { ")" } else { "" })
}

fn one(f: &mut fmt::Formatter<'_>, member: &Member) -> fmt::Result {
    f.write_str(member.scheme())?;
    if let Some(tag) = member.tag() {
        write!(f, "[{tag}]")?;
    }
    let demands = member.demands();
    if demands.is_empty() {
        return Ok(());
    }
    write!(f, " ({demands})")
}
