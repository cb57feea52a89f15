//! DD11 as plain code over booleans, which shares nothing with `auth-core`: who is admitted, as whom, and what
//! else the answer asks for.

use auth_core::Cause;

use crate::sent::{Leaf, Sent};

/// What a policy demands.
#[derive(Clone, Debug)]
pub enum Tree {
    One(Leaf),
    Any(Vec<Tree>),
    All(Vec<Tree>),
}

/// What has to happen.
#[derive(Debug, PartialEq, Eq)]
pub enum Decision {
    /// The handler sees this identity.
    Admitted(String),
    /// A token by field and a token by cookie, where one would do: 400.
    TwoWays,
    Refused {
        cause: Cause,
        /// The scheme whose credentials were judged.
        scheme: Option<&'static str>,
        challenges: Vec<&'static str>,
    },
}

pub fn decide(tree: &Tree, optional: bool, sent: &Sent) -> Decision {
    let leaves = tree.leaves();
    let presented = |leaf: &Leaf| sent.to(*leaf).is_some();
    let holds = |leaf: &Leaf| sent.to(*leaf).is_some_and(|value| leaf.accepts(value));

    // Something in `Authorization` that nobody here takes.
    let in_authorization = || leaves.iter().filter(|leaf| leaf.is_in_authorization());
    let foreign = sent.authorization.is_some()
        && in_authorization().count() > 0
        && !in_authorization().any(presented);

    if optional && !foreign && !leaves.iter().any(presented) {
        return Decision::Admitted("nobody".into());
    }

    // RFC 6750 §2: whoever sends a token in two ways does not say which one counts. If both are demanded it is
    // no choice.
    let two_ways = |one: &Leaf| {
        let choice = |other: &&Leaf| {
            let ways = other.scheme() == one.scheme() && other.credentials() != one.credentials();
            ways && presented(other) && matches!(tree.fork(*one, **other), Tree::Any(_))
        };
        one.scheme() == "Bearer" && presented(one) && leaves.iter().any(|other| choice(&other))
    };
    if leaves.iter().any(two_ways) {
        return Decision::TwoWays;
    }

    // Credentials fail if nobody whom they are presented to accepts them: it is known when the last was asked,
    // and told of the first. The first failure in declared order decides.
    let takers = |leaf: &Leaf| {
        let same = leaf.credentials();
        let at = (0..leaves.len()).filter(|at| leaves[*at].credentials() == same);
        at.collect::<Vec<_>>()
    };
    let fails =
        |leaf: &&Leaf| presented(leaf) && !takers(leaf).iter().any(|at| holds(&leaves[*at]));
    let failed = leaves
        .iter()
        .filter(fails)
        .min_by_key(|leaf| takers(leaf).pop());
    if let Some(&failed) = failed {
        // What was not judged may be good: only what is absent is missing. An alternative that is all there
        // would do without what failed.
        let asked = |leaf: &Leaf| {
            let fork = tree.fork(*leaf, failed);
            let beside = fork.towards(*leaf);
            let would_do = matches!(fork, Tree::Any(_)) && beside.is_met(&presented);
            would_do || beside.lacks(*leaf, &presented)
        };
        let told = |leaf: &&Leaf| {
            **leaf == failed || (leaf.credentials() != failed.credentials() && asked(leaf))
        };
        let challenges = leaves.iter().filter(told).map(|leaf| {
            if *leaf == failed {
                leaf.challenge_of_rejected()
            } else {
                leaf.challenge()
            }
        });
        return Decision::Refused {
            cause: Cause::InvalidCredentials,
            scheme: Some(failed.scheme()),
            challenges: once(challenges),
        };
    }

    if let Some(identity) = tree.identity(&holds) {
        return Decision::Admitted(identity);
    }
    let missing = leaves.iter().filter(|leaf| tree.lacks(**leaf, &holds));
    Decision::Refused {
        cause: if foreign {
            Cause::SchemeNotAccepted
        } else {
            Cause::Missing
        },
        scheme: None,
        challenges: once(missing.map(|leaf| leaf.challenge())),
    }
}

/// Each challenge where it stands first.
fn once(challenges: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut sent = Vec::new();
    for challenge in challenges {
        if !sent.contains(&challenge) {
            sent.push(challenge);
        }
    }
    sent
}

impl Tree {
    pub fn leaves(&self) -> Vec<Leaf> {
        match self {
            Self::One(leaf) => vec![*leaf],
            Self::Any(parts) | Self::All(parts) => parts.iter().flat_map(Self::leaves).collect(),
        }
    }

    pub fn is_met(&self, holds: &impl Fn(&Leaf) -> bool) -> bool {
        match self {
            Self::One(leaf) => holds(leaf),
            Self::Any(parts) => parts.iter().any(|part| part.is_met(holds)),
            Self::All(parts) => parts.iter().all(|part| part.is_met(holds)),
        }
    }

    /// Of an `any` the first that is met, of an `all` the tuple.
    fn identity(&self, holds: &impl Fn(&Leaf) -> bool) -> Option<String> {
        match self {
            Self::One(leaf) => holds(leaf).then(|| leaf.identity().to_owned()),
            Self::Any(parts) => parts.iter().find_map(|part| part.identity(holds)),
            Self::All(parts) => {
                let all: Option<Vec<_>> = parts.iter().map(|part| part.identity(holds)).collect();
                all.map(|all| format!("({})", all.join(", ")))
            }
        }
    }

    /// A leaf is missing if nothing that it is part of is met.
    fn lacks(&self, leaf: Leaf, holds: &impl Fn(&Leaf) -> bool) -> bool {
        !self.is_met(holds)
            && match self {
                Self::One(_) => true,
                _ => self.towards(leaf).lacks(leaf, holds),
            }
    }

    /// The smallest part that holds both.
    fn fork(&self, one: Leaf, other: Leaf) -> &Self {
        let part = self.towards(one);
        if matches!(self, Self::One(_)) || !part.leaves().contains(&other) {
            return self;
        }
        part.fork(one, other)
    }

    /// The part that holds the leaf.
    fn towards(&self, leaf: Leaf) -> &Self {
        match self {
            Self::One(_) => self,
            Self::Any(parts) | Self::All(parts) => {
                let part = parts.iter().find(|part| part.leaves().contains(&leaf));
                part.expect("a leaf of this tree")
            }
        }
    }
}

/// As the attribute writes it.
impl std::fmt::Display for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (word, parts) = match self {
            Self::One(leaf) => return write!(f, "{leaf:?}"),
            Self::Any(parts) => ("any", parts),
            Self::All(parts) => ("all", parts),
        };
        let parts: Vec<_> = parts.iter().map(ToString::to_string).collect();
        write!(f, "{word}({})", parts.join(", "))
    }
}
