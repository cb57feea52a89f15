//! Which scopes imply others.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::verify::Grants;

/// Which scopes imply others: `orders:admin` may be meant to be enough wherever `orders:write` is
/// demanded. Nothing is implied unless said here. Cheap to clone.
///
/// A hierarchy decides what is enough; what a challenge asks for stays the scope that the policy names.
///
/// ```
/// use auth_core::{Grants, ScopeHierarchy, Settings};
///
/// let hierarchy = ScopeHierarchy::new()
///     .implies("orders:admin", ["orders:write", "orders:cancel"])
///     .implies("orders:write", ["orders:read"]);
/// let grants = Grants::none().with_scopes(["orders:admin"]);
/// assert!(hierarchy.allows(&grants, "orders:read"));
/// assert!(!hierarchy.allows(&grants, "users:read"));
///
/// let settings = Settings::new().with_scope_hierarchy(hierarchy);
/// # let _ = settings;
/// ```
///
/// # Security
/// Whatever implies a scope is worth as much as that scope, also where it was granted before this
/// hierarchy was written: look at what your tokens hold.
///
/// Source: the MCP authorization specification demands that scope hierarchies are accounted for; OAuth
/// itself knows none (RFC 6749 §3.3).
#[derive(Clone, Default)]
pub struct ScopeHierarchy {
    listed: Option<Arc<Listed>>,
    rule: Option<Arc<Rule>>,
}

/// Each scope with all that it implies, directly or not.
type Listed = BTreeMap<Box<str>, BTreeSet<Box<str>>>;
type Rule = dyn Fn(&str, &str) -> bool + Send + Sync;

impl ScopeHierarchy {
    /// Nothing is implied: a demanded scope must be granted by its own name.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            listed: None,
            rule: None,
        }
    }

    /// A hierarchy by rule, for scopes that follow a pattern. The function is given a scope that is
    /// granted and the one that is demanded, in this order, and says whether the first implies the
    /// second. It is asked for each granted scope in turn, on every request that needs it.
    ///
    /// ```
    /// use auth_core::{Grants, ScopeHierarchy};
    /// // `orders:*` implies `orders:read`, but not `orders`.
    /// let hierarchy = ScopeHierarchy::by(|granted, demanded| {
    ///     granted
    ///         .strip_suffix('*')
    ///         .is_some_and(|start| start.ends_with(':') && demanded.starts_with(start))
    /// });
    /// let grants = Grants::none().with_scopes(["orders:*"]);
    /// assert!(hierarchy.allows(&grants, "orders:read"));
    /// assert!(!hierarchy.allows(&grants, "orders"));
    /// ```
    #[must_use]
    pub fn by(rule: impl Fn(&str, &str) -> bool + Send + Sync + 'static) -> Self {
        Self {
            listed: None,
            rule: Some(Arc::new(rule)),
        }
    }

    /// Says that a scope implies others, and all that those imply, whichever is said first. Scopes that
    /// imply each other are the same in effect. Each is one scope-token, compared octet by octet.
    ///
    /// On a hierarchy [by rule](Self::by), the rule is asked for implied scopes as for granted ones.
    #[must_use]
    pub fn implies<S: Into<Box<str>>>(
        self,
        scope: impl Into<Box<str>>,
        implied: impl IntoIterator<Item = S>,
    ) -> Self {
        let scope = scope.into();
        let mut listed = self.listed.map(Arc::unwrap_or_clone).unwrap_or_default();
        let mut news = BTreeSet::new();
        for name in implied.into_iter().map(Into::into) {
            news.extend(listed.get(&name).into_iter().flatten().cloned());
            news.insert(name);
        }
        listed.entry(scope.clone()).or_default();
        for (name, all) in &mut listed {
            if *name == scope || all.contains(&scope) {
                all.extend(news.iter().cloned());
            }
        }
        Self {
            listed: Some(Arc::new(listed)),
            rule: self.rule,
        }
    }

    /// Whether the grants hold this scope, or one that implies it.
    #[must_use]
    pub fn allows(&self, grants: &Grants, scope: &str) -> bool {
        grants.has_scope(scope) || grants.scopes().any(|granted| self.reaches(granted, scope))
    }

    fn reaches(&self, granted: &str, demanded: &str) -> bool {
        let implied = self.listed.as_ref().and_then(|all| all.get(granted));
        if implied.is_some_and(|implied| implied.contains(demanded)) {
            return true;
        }
        let Some(rule) = &self.rule else {
            return false;
        };
        let mut implied = implied.into_iter().flatten();
        rule(granted, demanded) || implied.any(|scope| rule(scope, demanded))
    }
}

impl fmt::Debug for ScopeHierarchy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("ScopeHierarchy");
        if let Some(listed) = &self.listed {
            text.field("listed", listed);
        }
        if self.rule.is_some() {
            text.field("rule", &format_args!(".."));
        }
        text.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::ScopeHierarchy;
    use crate::verify::Grants;

    fn allows(hierarchy: &ScopeHierarchy, granted: &str, demanded: &str) -> bool {
        hierarchy.allows(&Grants::none().with_scopes([granted]), demanded)
    }

    #[test]
    fn c6_nothing_is_implied_unless_said() {
        let none = ScopeHierarchy::new();
        assert!(allows(&none, "a", "a"));
        for other in ["A", "a:b", "", "a "] {
            assert!(!allows(&none, "a", other), "{other}");
        }
        assert!(!none.allows(&Grants::none(), "a"));
        assert!(!none.allows(&Grants::none(), ""));
    }

    #[test]
    fn c6_implied_scopes_imply_in_turn_in_whatever_order_that_is_said() {
        let down = ScopeHierarchy::new()
            .implies("a", ["b"])
            .implies("b", ["c", "d"])
            .implies("d", ["e"]);
        let up = ScopeHierarchy::new()
            .implies("d", ["e"])
            .implies("b", ["c", "d"])
            .implies("a", ["b"]);
        for hierarchy in [down, up] {
            for (granted, all) in [("a", "abcde"), ("b", "bcde"), ("c", "c"), ("d", "de")] {
                for demanded in ["a", "b", "c", "d", "e", "f"] {
                    let wanted = all.contains(demanded);
                    let found = allows(&hierarchy, granted, demanded);
                    assert_eq!(found, wanted, "{granted} {demanded}");
                }
            }
            let several = Grants::none().with_scopes(["x", "c", "d"]);
            assert!(hierarchy.allows(&several, "e"));
            assert!(!hierarchy.allows(&several, "b"));
        }
    }

    #[test]
    fn c6_cycles_are_harmless() {
        let hierarchy = ScopeHierarchy::new()
            .implies("a", ["b"])
            .implies("b", ["c"])
            .implies("c", ["a", "c"])
            .implies("z", ["z", "a"]);
        for granted in ["a", "b", "c"] {
            for demanded in ["a", "b", "c"] {
                assert!(allows(&hierarchy, granted, demanded));
                assert!(allows(&hierarchy, "z", demanded));
            }
            assert!(!allows(&hierarchy, granted, "z"));
        }
    }

    #[test]
    fn c6_said_twice_adds() {
        let hierarchy = ScopeHierarchy::new()
            .implies("a", ["b"])
            .implies("a", ["c"]);
        assert!(allows(&hierarchy, "a", "b") && allows(&hierarchy, "a", "c"));
        // A clone that is extended leaves the other as it was.
        let more = hierarchy.clone().implies("a", ["d"]);
        assert!(allows(&more, "a", "d") && !allows(&hierarchy, "a", "d"));
    }

    #[test]
    fn c6_a_rule_is_asked_for_granted_and_implied_scopes() {
        let by_start = |granted: &str, demanded: &str| {
            granted
                .strip_suffix('*')
                .is_some_and(|start| !start.is_empty() && demanded.starts_with(start))
        };
        let hierarchy = ScopeHierarchy::by(by_start).implies("admin", ["orders:*", "users:read"]);
        assert!(allows(&hierarchy, "orders:*", "orders:read"));
        assert!(allows(&hierarchy, "admin", "orders:read"));
        assert!(allows(&hierarchy, "admin", "users:read"));
        assert!(!allows(&hierarchy, "admin", "users:write"));
        // The direction counts.
        assert!(!allows(&hierarchy, "orders:read", "orders:*"));
        assert!(!allows(&hierarchy, "users:read", "admin"));
    }

    #[test]
    fn it_can_be_printed() {
        let hierarchy = ScopeHierarchy::by(|_, _| false).implies("a", ["b"]);
        assert_eq!(
            format!("{hierarchy:?}"),
            r#"ScopeHierarchy { listed: {"a": {"b"}}, rule: .. }"#
        );
        assert_eq!(format!("{:?}", ScopeHierarchy::new()), "ScopeHierarchy");
    }
}
