//! A policy with further demands: what `#[requires_auth(Api, scope = "…")]` makes, in constants.

use auth_syntax::{Declaration, parse_seconds, same};

use super::{Demand, Member, Need, Spec, seconds};

/// A policy that demands more than another one: its schemes are the same, and every demand of the other
/// holds as well, so it can never admit what the other refuses.
///
/// The attribute writes it; by hand it is best written with [`narrowed!`](crate::narrowed).
#[derive(Clone, Copy, Debug)]
pub struct Narrowed {
    of: &'static Spec,
    /// What the challenges tell of it, and what is demanded.
    scope: Option<(&'static str, Need)>,
    role: Option<Need>,
    acr_values: Option<&'static str>,
    max_age: Option<&'static str>,
    secure: bool,
}

impl Narrowed {
    /// A policy that demands what this one demands, and more.
    #[must_use]
    pub const fn new(of: &'static Spec) -> Self {
        Self {
            of,
            scope: None,
            role: None,
            acr_values: None,
            max_age: None,
            secure: false,
        }
    }

    /// Demands these scopes, separated by one space, as well.
    #[must_use]
    pub const fn with_scope(mut self, scope: &'static str) -> Self {
        self.scope = Some((scope, Need::One(scope)));
        self
    }

    /// Demands scopes with alternatives: what [`with_scope`](Self::with_scope) said is then only what
    /// challenges tell clients to ask for.
    #[must_use]
    pub const fn with_scopes(mut self, need: Need) -> Self {
        need.check();
        let told = match self.scope {
            Some((told, _)) => told,
            None => "",
        };
        self.scope = Some((told, need));
        self
    }

    /// Demands these roles as well.
    #[must_use]
    pub const fn with_role(mut self, role: Need) -> Self {
        role.check();
        self.role = Some(role);
        self
    }

    /// Demands one of these authentication contexts (RFC 9470), separated by one space.
    #[must_use]
    pub const fn with_acr_values(mut self, acr_values: &'static str) -> Self {
        self.acr_values = Some(acr_values);
        self
    }

    /// Demands that the user was authenticated at most so long ago: seconds, in digits. The shorter time
    /// of the two policies holds.
    #[must_use]
    pub const fn with_max_age(mut self, seconds: &'static str) -> Self {
        self.max_age = Some(seconds);
        self
    }

    /// Demands a secure transport.
    #[must_use]
    pub const fn secure(mut self) -> Self {
        self.secure = true;
        self
    }

    /// How many members it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.of.members.len()
    }

    /// It has members.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// How many octets [`scopes`](Self::scopes) takes.
    #[must_use]
    pub const fn scopes_len(&self) -> usize {
        let (mut total, mut at) = (0, 0);
        while at < self.len() {
            total += self.joined(at, &mut [], 0);
            at += 1;
        }
        total
    }

    /// The scopes of all members, those of the other policy first, one member behind the other.
    #[must_use]
    pub const fn scopes<const N: usize>(&self) -> [u8; N] {
        let mut text = [0; N];
        let (mut start, mut at) = (0, 0);
        while at < self.len() {
            start += self.joined(at, &mut text, start);
            at += 1;
        }
        text
    }

    /// What the members declare now. `scopes` is what [`scopes`](Self::scopes) made.
    ///
    /// # Panics
    /// When the demands contradict each other: a compile error, since this is called in constants.
    #[must_use]
    #[expect(
        clippy::panic,
        reason = "called in constants: the panic is a compile error"
    )]
    pub const fn declarations<const N: usize>(
        &self,
        scopes: &'static [u8],
    ) -> [Declaration<'static>; N] {
        let mut declarations = [self.of.members[0].declaration; N];
        let (mut rest, mut at) = (scopes, 0);
        while at < N {
            let (scope, behind) = rest.split_at(self.joined(at, &mut [], 0));
            rest = behind;
            declarations[at] = match core::str::from_utf8(scope) {
                Ok(scope) => self.declaration(&self.of.members[at].declaration, scope),
                Err(_) => panic!("these are the scopes of another policy"),
            };
            at += 1;
        }
        declarations
    }

    #[expect(
        clippy::panic,
        reason = "called in constants: the panic is a compile error"
    )]
    const fn declaration(
        &self,
        of: &Declaration<'static>,
        scope: &'static str,
    ) -> Declaration<'static> {
        let mut declaration = *of;
        if self.of.stand_in {
            return declaration;
        }
        if !scope.is_empty() {
            declaration = declaration.with_scope(scope);
        }
        match (of.acr_values(), self.acr_values) {
            (_, None) => {}
            (None, Some(values)) => declaration = declaration.with_acr_values(values),
            (Some(_), Some(_)) => {
                panic!("the policy demands an `acr` already: two cannot both be met")
            }
        }
        declaration = match (of.max_age(), self.max_age) {
            (_, None) => declaration,
            (None, Some(seconds)) => declaration.with_max_age(seconds),
            (Some(theirs), Some(ours)) => declaration.with_max_age(shorter(theirs, ours)),
        };
        if let Err(bad) = declaration.check() {
            panic!("{}", bad.message());
        }
        declaration
    }

    /// The members as they tell it now. Without new scopes, `acr` and `max_age` that is as before:
    /// [`members_as_told`](Self::members_as_told).
    #[must_use]
    pub const fn members<const N: usize>(
        &self,
        declarations: &'static [Declaration<'static>],
        challenges: &'static [&'static str],
    ) -> [Member; N] {
        let mut members = [self.of.members[0]; N];
        let (mut rest, mut at) = (challenges, 0);
        while at < N {
            let (own, behind) = rest.split_at(declarations[at].kinds());
            rest = behind;
            members[at] = self.member(at, declarations[at], own);
            at += 1;
        }
        members
    }

    /// The members with the challenges of the other policy.
    #[must_use]
    pub const fn members_as_told<const N: usize>(&self) -> [Member; N] {
        let mut members = [self.of.members[0]; N];
        let mut at = 0;
        while at < N {
            let of = self.of.members[at];
            members[at] = self.member(at, of.declaration, of.challenges);
            at += 1;
        }
        members
    }

    const fn member(
        &self,
        at: usize,
        declaration: Declaration<'static>,
        challenges: &'static [&'static str],
    ) -> Member {
        let of = &self.of.members[at];
        Member {
            declaration,
            challenges,
            demand: Demand {
                scope: match self.scope {
                    Some((_, need)) => Some(need),
                    None => None,
                },
                role: self.role,
                acr_values: self.acr_values,
                max_age: seconds(self.max_age),
                narrows: Some(&of.demand),
            },
            ..*of
        }
    }

    /// The policy, under a name of its own.
    ///
    /// # Panics
    /// With members that are not those of this policy: a compile error, since this is called in constants.
    #[must_use]
    pub const fn spec(&self, name: &'static str, members: &'static [Member]) -> Spec {
        assert!(
            members.len() == self.len(),
            "these are the members of another policy"
        );
        let mut at = 0;
        while at < members.len() {
            assert!(
                members[at].demand.narrows.is_some(),
                "these are the members of another policy"
            );
            at += 1;
        }
        Spec {
            name,
            members,
            optional: self.of.optional,
            secure: self.of.secure || self.secure,
            stand_in: self.of.stand_in,
        }
    }

    /// Writes the scopes of a member, each once, and says how long they are; into nothing, it only counts.
    const fn joined(&self, at: usize, text: &mut [u8], start: usize) -> usize {
        let theirs = match self.of.members[at].declaration.scope() {
            Some(scope) => scope.as_bytes(),
            None => b"",
        };
        let mut end = write(text, start, theirs);
        let mut ours = match self.scope {
            Some((told, _)) => told.as_bytes(),
            None => b"",
        };
        while let Some((scope, rest)) = first_word(ours) {
            if !has_word(theirs, scope) {
                if end > start {
                    end = write(text, end, b" ");
                }
                end = write(text, end, scope);
            }
            ours = rest;
        }
        end - start
    }
}

/// Copies, or counts if there is nothing to copy into.
const fn write(text: &mut [u8], start: usize, octets: &[u8]) -> usize {
    let mut at = 0;
    while at < octets.len() {
        if !text.is_empty() {
            text[start + at] = octets[at];
        }
        at += 1;
    }
    start + at
}

const fn first_word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if text.is_empty() {
        return None;
    }
    let mut end = 0;
    while end < text.len() && text[end] != b' ' {
        end += 1;
    }
    let (word, rest) = text.split_at(end);
    match rest {
        [_, rest @ ..] => Some((word, rest)),
        [] => Some((word, rest)),
    }
}

const fn has_word(text: &[u8], word: &[u8]) -> bool {
    let mut rest = text;
    while let Some((first, behind)) = first_word(rest) {
        if same(first, word) {
            return true;
        }
        rest = behind;
    }
    false
}

const fn shorter(a: &'static str, b: &'static str) -> &'static str {
    match (parse_seconds(a), parse_seconds(b)) {
        (Some(x), Some(y)) if y < x => b,
        _ => a,
    }
}

/// How many octets the challenges of these declarations take, one behind the other.
#[must_use]
pub const fn texts_len(declarations: &[Declaration<'_>]) -> usize {
    let (mut total, mut at) = (0, 0);
    while at < declarations.len() {
        total += declarations[at].text_len();
        at += 1;
    }
    total
}

/// How many challenges these declarations have.
#[must_use]
pub const fn challenges_len(declarations: &[Declaration<'_>]) -> usize {
    let (mut total, mut at) = (0, 0);
    while at < declarations.len() {
        total += declarations[at].kinds();
        at += 1;
    }
    total
}

/// The challenges of these declarations, one behind the other.
///
/// # Panics
/// When `N` is not [`texts_len`]: a compile error, since this is called in constants.
#[must_use]
#[expect(
    clippy::panic,
    reason = "called in constants: the panic is a compile error"
)]
pub const fn texts<const N: usize>(declarations: &[Declaration<'_>]) -> [u8; N] {
    let mut text = [0; N];
    let (mut end, mut at) = (0, 0);
    while at < declarations.len() {
        end = match declarations[at].write_text(&mut text, end) {
            Ok(end) => end,
            Err(_) => panic!("the array must have `texts_len(..)` octets"),
        };
        at += 1;
    }
    text
}

/// Cuts what [`texts`] wrote into challenges.
///
/// # Panics
/// When the text is another one's: a compile error, since this is called in constants.
#[must_use]
#[expect(
    clippy::panic,
    reason = "called in constants: the panic is a compile error"
)]
pub const fn cut_texts<const K: usize>(
    declarations: &[Declaration<'_>],
    text: &'static [u8],
) -> [&'static str; K] {
    let mut cut = [""; K];
    let (mut rest, mut next, mut at) = (text, 0, 0);
    while at < declarations.len() {
        rest = match declarations[at].cut_into(rest, &mut cut, next) {
            Some(behind) => behind,
            None => panic!("these are the challenges of other declarations"),
        };
        next += declarations[at].kinds();
        at += 1;
    }
    cut
}
