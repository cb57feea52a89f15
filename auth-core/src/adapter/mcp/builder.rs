//! Which policy a tool has.

use core::fmt;
use core::marker::PhantomData;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::admission::{Admission, Judge};
use super::sessions::{Owner, Sessions};
use super::{McpLayer, Unseen};
use crate::decide::Accepts;
use crate::guard::Wanted;
use crate::policy::{Policy, Spec};
use crate::readable::debug_like_display;
use crate::secret::Secret;
use crate::state::AuthState;

/// What [`McpLayerBuilder::max_message_len`] is, if nothing else is said: 4 MiB, as in rmcp.
pub const DEFAULT_MAX_MESSAGE_LEN: usize = 4 * 1024 * 1024;

/// The octets of a key of [`McpLayerBuilder::bind_sessions_with`], at least.
pub const MIN_SESSION_KEY_LEN: usize = 32;

/// Makes a [`McpLayer`]; from [`McpLayer::builder`].
#[must_use = "it does nothing until `build`"]
pub struct McpLayerBuilder<P, St, W = Unseen> {
    state: St,
    tools: Vec<(String, Judge<St, W>)>,
    others: Option<Judge<St, W>>,
    offered: Option<BTreeSet<String>>,
    max_message_len: usize,
    /// Whose sessions are whose, if they are bound.
    owner: Option<Owner<W>>,
    key: Option<Secret<Vec<u8>>>,
    policy: PhantomData<fn() -> P>,
}

impl<P, St, W> McpLayerBuilder<P, St, W>
where
    P: Policy,
    P::Accepts: Accepts<St, W>,
    St: AuthState + 'static,
    W: Wanted + Clone + Sync,
{
    pub(super) fn new(state: St) -> Self {
        Self {
            state,
            tools: Vec::new(),
            others: None,
            offered: None,
            max_message_len: DEFAULT_MAX_MESSAGE_LEN,
            owner: None,
            key: None,
            policy: PhantomData,
        }
    }

    /// A call of this tool is decided by policy `T`: `P` itself, or one that narrows it,
    /// `#[auth_policy(P, scope = "…")]`, so that its challenges name all that is needed, that of `P` too. Names are compared
    /// octet by octet.
    pub fn tool<T: Policy<Accepts = P::Accepts>>(mut self, name: impl Into<String>) -> Self {
        self.tools.push((name.into(), Judge::of::<T>()));
        self
    }

    /// A call of any other tool is decided by policy `T`. Without this it is refused (403): a tool that was forgotten, or
    /// was renamed, is open to nobody. The log then says `permission missing` of the policy of the server.
    pub fn other_tools<T: Policy<Accepts = P::Accepts>>(mut self) -> Self {
        self.others = Some(Judge::of::<T>());
        self
    }

    /// The tools that the server has: [`build`](Self::build) fails if one of them has no policy, or a policy no tool. Of rmcp
    /// they are `Server::tool_router().list_all().into_iter().map(|tool| tool.name)`.
    pub fn offered(mut self, names: impl IntoIterator<Item: Into<String>>) -> Self {
        self.offered = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// How long a message may be, in octets; [`DEFAULT_MAX_MESSAGE_LEN`] if not given. A longer one is answered 413. The
    /// memory of so much is taken for each request under way whose caller is known, of nobody else.
    pub fn max_message_len(mut self, octets: usize) -> Self {
        self.max_message_len = octets;
        self
    }

    /// Binds each session to whoever opened it: `owner` says who that is, in whatever words stay the same with every token
    /// of the same user, and are no other user's. To everybody else the session is unknown (404), and so are the events of
    /// its streams. See [sessions](super#sessions).
    ///
    /// The key is this process's own: behind a load balancer, [`bind_sessions_with`](Self::bind_sessions_with).
    pub fn bind_sessions(mut self, owner: impl Fn(&W) -> String + Send + Sync + 'static) -> Self {
        self.owner = Some(Box::new(owner));
        self.key = None;
        self
    }

    /// The same with a key that several processes share: at least [`MIN_SESSION_KEY_LEN`] random octets.
    pub fn bind_sessions_with(
        self,
        key: Secret<Vec<u8>>,
        owner: impl Fn(&W) -> String + Send + Sync + 'static,
    ) -> Self {
        let mut this = self.bind_sessions(owner);
        this.key = Some(key);
        this
    }

    /// The layer.
    ///
    /// # Errors
    /// What is wrong with the policies, the tools, or the key of the sessions.
    pub fn build(self) -> Result<McpLayer<P, St, W>, McpLayerError> {
        let base = Judge::of::<P>();
        let judges = self.tools.iter().map(|(_, judge)| judge);
        for judge in judges.chain(&self.others).chain([&base]) {
            check(judge.spec, base.spec)?;
        }
        let mut tools = HashMap::with_capacity(self.tools.len());
        for (name, judge) in self.tools {
            if tools.insert(name.clone(), judge).is_some() {
                return Err(McpLayerError::ToolTwice(name));
            }
        }
        if let Some(offered) = self.offered {
            let forgotten = offered.iter().find(|name| !tools.contains_key(*name));
            if let (Some(name), None) = (forgotten, &self.others) {
                return Err(McpLayerError::NoPolicy(name.clone()));
            }
            if let Some(name) = tools.keys().find(|name| !offered.contains(*name)) {
                return Err(McpLayerError::NoSuchTool(name.clone()));
            }
        }
        let sessions = match self.owner {
            Some(owner) => Some(Sessions {
                key: self.key.map_or_else(fresh_key, checked_key)?,
                owner,
            }),
            None => None,
        };
        Ok(McpLayer {
            admission: Arc::new(Admission {
                state: self.state,
                base,
                tools,
                others: self.others,
                max_message_len: self.max_message_len,
                sessions,
            }),
            policy: PhantomData,
        })
    }
}

fn check(spec: &'static Spec, base: &'static Spec) -> Result<(), McpLayerError> {
    let digest = |spec: &Spec| {
        let mut members = spec.members().iter();
        members.any(|member| member.declaration().digest_terms().is_some())
    };
    if digest(spec) {
        return Err(McpLayerError::Digest(spec.name()));
    }
    if spec.is_optional() {
        return Err(McpLayerError::Optional(spec.name()));
    }
    if !spec.includes(base) {
        return Err(McpLayerError::NotNarrower(spec.name(), base.name()));
    }
    Ok(())
}

fn fresh_key() -> Result<Secret<Vec<u8>>, McpLayerError> {
    let mut key = vec![0; MIN_SESSION_KEY_LEN];
    getrandom::fill(&mut key).map_err(|_| McpLayerError::NoRandomness)?;
    Ok(Secret::new(key))
}

fn checked_key(key: Secret<Vec<u8>>) -> Result<Secret<Vec<u8>>, McpLayerError> {
    if key.expose().len() < MIN_SESSION_KEY_LEN {
        return Err(McpLayerError::ShortKey);
    }
    Ok(key)
}

impl<P, St, W> fmt::Debug for McpLayerBuilder<P, St, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("McpLayerBuilder")
    }
}

/// Why an [`McpLayer`] cannot be made.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum McpLayerError {
    /// A tool has two policies.
    ToolTwice(String),
    /// A tool that is offered has no policy.
    NoPolicy(String),
    /// A policy is for a tool that is not offered.
    NoSuchTool(String),
    /// The first policy is a tool's, and does not narrow the second one, which is everybody's.
    NotNarrower(&'static str, &'static str),
    /// The policy has Digest in it, whose credentials are good for one decision.
    Digest(&'static str),
    /// The policy is `optional`: one that narrows it would be too, and would let nobody in particular call its tool.
    Optional(&'static str),
    /// The key of the sessions is shorter than [`MIN_SESSION_KEY_LEN`].
    ShortKey,
    /// The operating system gave no random octets for the key of the sessions.
    NoRandomness,
}

impl fmt::Display for McpLayerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ToolTwice(name) => write!(
                f,
                "the tool `{name}` has two policies: take one away, or write one policy that demands what both do"
            ),
            Self::NoPolicy(name) => write!(
                f,
                "the tool `{name}` has no policy: add `.tool::<..>(\"{name}\")`, or `.other_tools::<..>()`"
            ),
            Self::NoSuchTool(name) => write!(
                f,
                "there is a policy for the tool `{name}`, which the server does not offer: is its name another one now?"
            ),
            Self::NotNarrower(policy, base) => write!(
                f,
                "the policy `{policy}` of a tool does not narrow `{base}`: write it as `#[auth_policy({base}, scope = \"…\")]`, so that a refusal names all that a call needs"
            ),
            Self::Digest(policy) => write!(
                f,
                "the policy `{policy}` has Digest in it, whose credentials are good for one decision, and a call may need two: MCP has Bearer (its authorization specification)"
            ),
            Self::Optional(policy) => write!(
                f,
                "the policy `{policy}` is `optional`, so whoever presents nothing could call every tool: take `optional` away"
            ),
            Self::ShortKey => write!(
                f,
                "the key of the sessions is too short: take {MIN_SESSION_KEY_LEN} random octets"
            ),
            Self::NoRandomness => f.write_str("the operating system gave no random octets"),
        }
    }
}

impl core::error::Error for McpLayerError {}

debug_like_display!(McpLayerError);
