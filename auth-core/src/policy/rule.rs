//! What a policy accepts, as a type: a tree of [`One`], [`Any`] and [`All`].

use core::fmt;
use core::marker::PhantomData;

use super::MAX_MEMBERS;

/// The verifier of a scheme that has no other tag: what `verifier = …` was not written for.
#[derive(Clone, Copy, Debug)]
pub enum Main {}

/// Credentials of scheme `S`, checked by the verifier that the state provides for `S` and `Tag`.
pub struct One<S, Tag = Main>(PhantomData<fn() -> (S, Tag)>);

/// Alternatives in declared order: a tuple of two to eight [`One`]s, [`All`]s or [`Any`]s.
pub struct Any<T>(PhantomData<fn() -> T>);

/// Several credentials at once, each in a carrier of its own: a tuple of two to eight [`One`]s, [`Any`]s or
/// [`All`]s.
pub struct All<T>(PhantomData<fn() -> T>);

impl<S, Tag> fmt::Debug for One<S, Tag> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("One")
    }
}

impl<T> fmt::Debug for Any<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Any")
    }
}

impl<T> fmt::Debug for All<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("All")
    }
}

/// A tree of [`One`], [`Any`] and [`All`], which can say its own shape.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a policy can accept",
    label = "not a tree of `One`, `Any` and `All`",
    note = "write `One<Bearer>` for one scheme; `Any<(..)>` and `All<(..)>` take a tuple of two to eight of these"
)]
pub trait Rule: sealed::Tree + 'static {
    /// How its members are joined.
    const SHAPE: Shape;
}

/// Whoever could write a tree of another kind could write one that is met by nothing.
pub(crate) mod sealed {
    pub trait Tree {}
}

impl<S, Tag> sealed::Tree for One<S, Tag> {}
impl<T> sealed::Tree for Any<T> {}
impl<T> sealed::Tree for All<T> {}

impl<S: 'static, Tag: 'static> Rule for One<S, Tag> {
    const SHAPE: Shape = Shape::Member;
}

macro_rules! joined {
    ($($member:ident),+) => {
        impl<$($member: Rule),+> Rule for Any<($($member,)+)> {
            const SHAPE: Shape = Shape::Any(&[$($member::SHAPE),+]);
        }

        impl<$($member: Rule),+> Rule for All<($($member,)+)> {
            const SHAPE: Shape = Shape::All(&[$($member::SHAPE),+]);
        }
    };
}

joined!(A, B);
joined!(A, B, C);
joined!(A, B, C, D);
joined!(A, B, C, D, E);
joined!(A, B, C, D, E, F);
joined!(A, B, C, D, E, F, G);
joined!(A, B, C, D, E, F, G, H);

/// How the members of a policy are joined. Its leaves are the members in declared order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One of the members.
    Member,
    /// One of these is needed.
    Any(&'static [Shape]),
    /// All of these are needed.
    All(&'static [Shape]),
}

impl Shape {
    /// How many members it has.
    #[must_use]
    pub const fn members(&self) -> usize {
        let (Self::Any(mut parts) | Self::All(mut parts)) = *self else {
            return 1;
        };
        let mut members = 0;
        while let [first, rest @ ..] = parts {
            members += first.members();
            parts = rest;
        }
        members
    }

    /// Whether these two members are parts of one `any(..)`, so that one of them would do.
    pub(crate) fn are_alternatives(&self, a: usize, b: usize) -> bool {
        self.are_alternatives_from(a, b, 0)
    }

    fn are_alternatives_from(&self, a: usize, b: usize, first: usize) -> bool {
        let (Self::Any(parts) | Self::All(parts)) = self else {
            return false;
        };
        let both = with_places(parts, first).find(|(part, at)| {
            let places = *at..*at + part.members();
            places.contains(&a) && places.contains(&b)
        });
        match both {
            Some((part, at)) => part.are_alternatives_from(a, b, at),
            None => matches!(self, Self::Any(_)),
        }
    }

    /// Whether these members meet it.
    pub(crate) fn is_met_by(&self, held: Members) -> bool {
        self.is_met_from(held, 0)
    }

    fn is_met_from(&self, held: Members, first: usize) -> bool {
        match self {
            Self::Member => held.has(first),
            Self::Any(parts) => {
                with_places(parts, first).any(|(part, at)| part.is_met_from(held, at))
            }
            Self::All(parts) => {
                with_places(parts, first).all(|(part, at)| part.is_met_from(held, at))
            }
        }
    }

    /// The member whose identity is the caller's, or the first of those that it is put together from: as
    /// [`Accepts::identity`](crate::Accepts::identity) chooses. `None` if it is not met.
    pub(crate) fn identified_by(&self, held: Members) -> Option<usize> {
        self.identified_from(held, 0)
    }

    fn identified_from(&self, held: Members, first: usize) -> Option<usize> {
        if !self.is_met_from(held, first) {
            return None;
        }
        match self {
            Self::Member => Some(first),
            Self::Any(parts) | Self::All(parts) => {
                with_places(parts, first).find_map(|(part, at)| part.identified_from(held, at))
            }
        }
    }

    /// The members that are missing beside those that are held: of what is not met all parts that are not
    /// met. An alternative to what is met is not missing.
    pub(crate) fn missing_beside(&self, held: Members) -> Members {
        self.missing_from(held, 0)
    }

    fn missing_from(&self, held: Members, first: usize) -> Members {
        if self.is_met_from(held, first) {
            return Members::NONE;
        }
        match self {
            Self::Member => Members::NONE.with(first),
            Self::Any(parts) | Self::All(parts) => with_places(parts, first)
                .map(|(part, at)| part.missing_from(held, at))
                .fold(Members::NONE, Members::and),
        }
    }
}

impl Shape {
    /// What an answer asks for when a member failed: that member, and beside it what would be missing had it
    /// held; of `any(..)` every alternative to it as well.
    pub(crate) fn missing_when_failed(&self, failed: usize, presented: Members) -> Members {
        self.failed_from(failed, presented, 0)
    }

    fn failed_from(&self, failed: usize, presented: Members, first: usize) -> Members {
        let (Self::Any(parts) | Self::All(parts)) = self else {
            return Members::NONE.with(first);
        };
        with_places(parts, first)
            .map(|(part, at)| {
                if (at..at + part.members()).contains(&failed) {
                    return part.failed_from(failed, presented, at);
                }
                let missing = part.missing_from(presented, at);
                match self {
                    // It is met, and would do alone.
                    Self::Any(_) if missing == Members::NONE => {
                        (at..at + part.members()).fold(Members::NONE, Members::with)
                    }
                    _ => missing,
                }
            })
            .fold(Members::NONE, Members::and)
    }
}

/// The parts, each with the place of its first member.
fn with_places(parts: &[Shape], first: usize) -> impl Iterator<Item = (&Shape, usize)> {
    parts.iter().scan(first, |next, part| {
        let at = *next;
        *next += part.members();
        Some((part, at))
    })
}

/// A set of members, by their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Members(u8);

const _: () = assert!(MAX_MEMBERS <= 8);

impl Members {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const ALL: Self = Self(u8::MAX);

    pub(crate) fn has(self, place: usize) -> bool {
        self.0 & Self::bit(place) != 0
    }

    #[must_use]
    pub(crate) fn with(self, place: usize) -> Self {
        Self(self.0 | Self::bit(place))
    }

    #[must_use]
    pub(crate) fn without(self, place: usize) -> Self {
        Self(self.0 & !Self::bit(place))
    }

    fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    fn bit(place: usize) -> u8 {
        u32::try_from(place)
            .ok()
            .and_then(|place| 1_u8.checked_shl(place))
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(places: &[usize]) -> Members {
        places
            .iter()
            .fold(Members::NONE, |set, place| set.with(*place))
    }

    #[test]
    fn the_identity_is_that_of_the_first_part_that_is_met() {
        const TREE: Shape = Shape::Any(&[
            Shape::All(&[Shape::Member, Shape::Member]),
            Shape::Member,
            Shape::Member,
        ]);
        for (held, by) in [
            (&[][..], None),
            (&[0], None),
            (&[0, 2], Some(2)),
            (&[0, 1, 2], Some(0)),
            (&[2, 3], Some(2)),
            (&[3], Some(3)),
        ] {
            assert_eq!(TREE.identified_by(set(held)), by, "{held:?}");
        }
    }

    #[test]
    fn what_is_missing_completes_it() {
        // any(all(0, 1), 2)
        let shape = <Any<(All<(One<()>, One<()>)>, One<()>)>>::SHAPE;
        assert_eq!(shape.members(), 3);
        for (held, missing) in [
            (&[][..], &[0, 1, 2][..]),
            (&[0], &[1, 2]),
            (&[1], &[0, 2]),
            (&[0, 1], &[]),
            (&[2], &[]),
        ] {
            assert_eq!(shape.missing_beside(set(held)), set(missing), "{held:?}");
            assert_eq!(shape.is_met_by(set(held)), missing.is_empty(), "{held:?}");
        }
    }

    #[test]
    fn alternatives_are_parts_of_one_any() {
        // any(all(0, any(1, 2)), 3)
        let shape = <Any<(All<(One<()>, Any<(One<()>, One<()>)>)>, One<()>)>>::SHAPE;
        for (a, b, alternatives) in [(0, 1, false), (1, 2, true), (0, 3, true), (2, 3, true)] {
            assert_eq!(shape.are_alternatives(a, b), alternatives, "{a} {b}");
        }
    }

    #[test]
    fn what_failed_is_asked_for_with_its_alternatives() {
        // any(0, 1)
        let any = <Any<(One<()>, One<()>)>>::SHAPE;
        assert_eq!(any.missing_when_failed(0, set(&[0])), set(&[0, 1]));
        assert_eq!(any.missing_when_failed(1, set(&[0, 1])), set(&[0, 1]));
        // all(any(0, 1), 2)
        let all = <All<(Any<(One<()>, One<()>)>, One<()>)>>::SHAPE;
        assert_eq!(all.missing_when_failed(0, set(&[0, 2])), set(&[0, 1]));
        assert_eq!(all.missing_when_failed(0, set(&[0])), set(&[0, 1, 2]));
        assert_eq!(all.missing_when_failed(2, set(&[1, 2])), set(&[2]));
    }

    #[test]
    fn alternatives_to_what_is_met_are_not_missing() {
        // all(any(0, 1), 2)
        let shape = <All<(Any<(One<()>, One<()>)>, One<()>)>>::SHAPE;
        assert_eq!(shape.missing_beside(set(&[1])), set(&[2]));
        assert_eq!(shape.missing_beside(set(&[2])), set(&[0, 1]));
        assert!(shape.is_met_by(set(&[0, 2])));
    }
}
