//! Permissions that a member demands of the grants.

use core::fmt;

use crate::hierarchy::ScopeHierarchy;
use crate::refusal::Cause;
use crate::request::RequestView;
use crate::verify::Grants;

/// Scopes or roles that are needed, as a tree.
///
/// ```
/// use auth_core::Need;
/// // `scope = all("orders:read", any("orders:write", "orders:admin"))`
/// const NEED: Need = Need::All(&[
///     Need::One("orders:read"),
///     Need::Any(&[Need::One("orders:write"), Need::One("orders:admin")]),
/// ]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A role; or one or more scopes, separated by one space, all of them.
    One(&'static str),
    /// All of these.
    All(&'static [Need]),
    /// One of these at least; none, if there are none.
    Any(&'static [Need]),
}

impl Need {
    /// What is needed has to be something: an empty list of all would be met by everybody.
    pub(super) const fn check(&self) {
        let (Self::All(mut needs) | Self::Any(mut needs)) = *self else {
            if let Self::One(text) = self {
                assert!(!text.is_empty(), "an empty scope or role demands nothing");
            }
            return;
        };
        assert!(!needs.is_empty(), "an empty list demands nothing");
        while let [first, rest @ ..] = needs {
            first.check();
            needs = rest;
        }
    }

    fn is_met(&self, holds: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::One(text) => holds(text),
            Self::All(needs) => needs.iter().all(|need| need.is_met(holds)),
            Self::Any(needs) => needs.iter().any(|need| need.is_met(holds)),
        }
    }
}

/// As the attribute writes it: `any(orders:write, orders:admin)`.
impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, needs) = match self {
            Self::One(text) => return f.write_str(text),
            Self::All(needs) => ("all(", needs),
            Self::Any(needs) => ("any(", needs),
        };
        f.write_str(word)?;
        for (at, need) in needs.iter().enumerate() {
            write!(f, "{}{need}", if at == 0 { "" } else { ", " })?;
        }
        f.write_str(")")
    }
}

/// What one member demands of the grants, and what the policy that it narrows demands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demand {
    pub(super) scope: Option<Need>,
    pub(super) role: Option<Need>,
    /// Separated by one space; one of them is needed.
    pub(super) acr_values: Option<&'static str>,
    pub(super) max_age: Option<u64>,
    pub(super) narrows: Option<&'static Demand>,
}

/// How far the clock of whoever authenticated the user may be ahead of ours, in seconds.
const LEEWAY: u64 = 60;

impl Demand {
    /// First how the user was authenticated, which is told as 401 together with the scope, then what the
    /// credentials permit (403).
    pub(crate) fn check(
        &self,
        grants: &Grants,
        hierarchy: &ScopeHierarchy,
        request: &RequestView<'_>,
    ) -> Result<(), Cause> {
        let all = |check: &dyn Fn(&Demand) -> bool| self.chain().all(check);
        if !all(&|demand| demand.authentication_suffices(grants, request)) {
            return Err(Cause::InsufficientAuthentication);
        }
        let has_scopes = |scopes: &str| {
            let mut scopes = scopes.split(' ').filter(|scope| !scope.is_empty());
            scopes.all(|scope| hierarchy.allows(grants, scope))
        };
        if !all(&|demand| demand.scope.is_none_or(|need| need.is_met(&has_scopes))) {
            return Err(Cause::InsufficientScope);
        }
        let has_role = |role: &str| grants.has_role(role);
        if !all(&|demand| demand.role.is_none_or(|need| need.is_met(&has_role))) {
            return Err(Cause::Forbidden);
        }
        Ok(())
    }

    /// Whether this is the other one, or demands more than it.
    #[cfg(feature = "mcp")]
    pub(super) fn includes(&self, other: &'static Self) -> bool {
        self.chain().any(|demand| core::ptr::eq(demand, other))
    }

    fn chain(&self) -> impl Iterator<Item = &Demand> {
        core::iter::successors(Some(self), |demand| demand.narrows)
    }

    /// For lists: `orders:read, role clerk, max_age 300`; what another policy demands comes first.
    pub(crate) fn describe(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        let mut chain: Vec<&Self> = self.chain().collect();
        chain.reverse();
        for demand in chain {
            words.extend(demand.scope.map(|need| need.to_string()));
            words.extend(demand.role.map(|need| format!("role {need}")));
            words.extend(demand.acr_values.map(|values| format!("acr {values}")));
            words.extend(demand.max_age.map(|seconds| format!("max_age {seconds}")));
        }
        words.join(", ")
    }

    /// RFC 9470 §6: what the grants do not say does not suffice.
    fn authentication_suffices(&self, grants: &Grants, request: &RequestView<'_>) -> bool {
        let strong = self.acr_values.is_none_or(|values| {
            let granted = grants.acr();
            granted.is_some_and(|granted| values.split(' ').any(|value| value == granted))
        });
        let recent = self.max_age.is_none_or(|max_age| {
            let now = request.unix_seconds();
            grants.auth_time().is_some_and(|then| {
                then <= now.saturating_add(LEEWAY) && now.saturating_sub(then) <= max_age
            })
        });
        strong && recent
    }
}
