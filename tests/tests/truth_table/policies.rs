//! The policies: every shape with every choice of schemes, in every order.

use auth_core::{
    All, Any, ApiKey, Basic, Bearer, Declaration, Member, One, Policy, Spec, auth_policy, member,
};

use super::{Forms, Tree, ask, sent, table};
use sent::Leaf;

/// The schemes in policies that are written by hand.
mod one {
    use super::{ApiKey, Basic, Bearer, Declaration, Member, One, member, sent};

    pub type Token = One<Bearer>;
    pub type Partner = One<Bearer, sent::Partner>;
    pub type User = One<Basic>;
    pub type Session = One<Bearer>;
    pub type Key = One<ApiKey>;
    pub type Second = One<ApiKey, sent::Second>;

    pub const TOKEN: Member = member!(Bearer, Declaration::bearer("T"));
    pub const PARTNER: Member = TOKEN;
    pub const USER: Member = member!(Basic, Declaration::basic("U"));
    pub const SESSION: Member = member!(Bearer, Declaration::bearer("S").in_cookie("id"));
    pub const KEY: Member = member!(ApiKey, Declaration::api_key("K", "X-Key"));
    pub const SECOND: Member = member!(ApiKey, Declaration::api_key("K", "X-Second"));
}

/// Runs the table of a shape, with every choice of its schemes out of these, in every order.
///
/// Each scheme says whether it travels in the same `line` as others or in a carrier of its `own`, then its name
/// in `one`, then what the attribute writes.
macro_rules! test {
    ($test:ident: $shape:ident of $count:tt out of every, $expected:expr) => {
        test!($test: $shape $count, $expected, [
            [line Token TOKEN: Bearer(realm = "T")]
            [line User USER: Basic(realm = "U")]
            [own Session SESSION: Bearer(realm = "S", cookie = "id")]
            [own Key KEY: ApiKey(realm = "K", header = "X-Key")]
            [own Second SECOND: ApiKey(realm = "K", header = "X-Second", verifier = sent::Second)]
        ]);
    };
    ($test:ident: $shape:ident of $count:tt out of two_issuers, $expected:expr) => {
        test!($test: $shape $count, $expected, [
            [line Token TOKEN: Bearer(realm = "T")]
            [line Partner PARTNER: Bearer(realm = "T", verifier = sent::Partner)]
            [own Key KEY: ApiKey(realm = "K", header = "X-Key")]
        ]);
    };
    ($test:ident: $shape:ident $count:tt, $expected:expr, $schemes:tt) => {
        #[test]
        fn $test() {
            let mut policies = Vec::new();
            choose!(policies $shape [] $count [] $schemes);
            table(&policies, $expected);
        }
    };
}

macro_rules! choose {
    // None is left to be chosen.
    ($to:ident $shape:ident [$($chosen:tt)*] [] $before:tt $after:tt) => {
        $to.push($shape!($($chosen)*));
    };
    ($to:ident $shape:ident $chosen:tt $count:tt $before:tt []) => {};
    // Choose the first, and then further ones out of all others; or do not.
    ($to:ident $shape:ident [$($chosen:tt)*] [_ $($more:tt)*] [$($before:tt)*] [$first:tt $($after:tt)*]) => {
        choose!($to $shape [$($chosen)* $first] [$($more)*] [] [$($before)* $($after)*]);
        choose!($to $shape [$($chosen)*] [_ $($more)*] [$($before)* $first] [$($after)*]);
    };
}

// What a policy is made of: `any [..] (all [..] [..])`, say.

macro_rules! tree {
    (scheme $scheme:tt) => { tree!($scheme) };
    ([$carrier:ident $leaf:ident $($rest:tt)*]) => { Tree::One(Leaf::$leaf) };
    (any $($part:tt)+) => { Tree::Any(vec![$(tree!($part)),+]) };
    (all $($part:tt)+) => { Tree::All(vec![$(tree!($part)),+]) };
    (($($parts:tt)+)) => { tree!($($parts)+) };
}

macro_rules! accepts {
    (scheme $scheme:tt) => { accepts!($scheme) };
    ([$carrier:ident $leaf:ident $($rest:tt)*]) => { one::$leaf };
    (any $($part:tt)+) => { Any<($(accepts!($part)),+)> };
    (all $($part:tt)+) => { All<($(accepts!($part)),+)> };
    (($($parts:tt)+)) => { accepts!($($parts)+) };
}

macro_rules! members {
    ($found:tt ($join:ident $($part:tt)+) $($rest:tt)*) => { members!($found $($part)+ $($rest)*) };
    ([$($found:ident)*] [$carrier:ident $leaf:ident $member:ident $($attribute:tt)*] $($rest:tt)*) => {
        members!([$($found)* $member] $($rest)*)
    };
    ([$($found:ident)*]) => { &[$(one::$found),*] };
}

/// A policy by hand, as `$name`.
macro_rules! by_hand {
    ($name:ident, $change:ident, $join:ident $($part:tt)+) => {
        struct $name;

        impl Policy for $name {
            type Accepts = accepts!($join $($part)+);
            const SPEC: &'static Spec = {
                static MEMBERS: &[Member] = members!([] $($part)+);
                static SPEC: Spec = $change(Spec::new("by hand", MEMBERS));
                &SPEC
            };
        }
    };
}

const fn as_it_is(spec: Spec) -> Spec {
    spec
}

const fn optional(spec: Spec) -> Spec {
    spec.optional()
}

/// The policy by hand only: the attribute refuses it.
macro_rules! hand {
    ($($policy:tt)+) => {{
        by_hand!(ByHand, as_it_is, $($policy)+);
        by_hand!(Optional, optional, $($policy)+);
        Forms {
            tree: tree!($($policy)+),
            forms: vec![
                ("by hand", false, ask::<ByHand>),
                ("by hand, optional", true, ask::<Optional>),
            ],
        }
    }};
}

/// The policy as attribute and by hand.
macro_rules! both {
    (scheme [$($x:ident)+: $($a:tt)*]) => {
        both!(@ [$($a)*] scheme [$($x)+])
    };
    ($join:ident [$($x:ident)+: $($a:tt)*] [$($y:ident)+: $($b:tt)*]) => {
        both!(@ [$join($($a)*, $($b)*)] $join [$($x)+] [$($y)+])
    };
    ($join:ident [$($x:ident)+: $($a:tt)*] [$($y:ident)+: $($b:tt)*] [$($z:ident)+: $($c:tt)*]) => {
        both!(@ [$join($($a)*, $($b)*, $($c)*)] $join [$($x)+] [$($y)+] [$($z)+])
    };
    ($join:ident ($in:ident [$($x:ident)+: $($a:tt)*] [$($y:ident)+: $($b:tt)*]) [$($z:ident)+: $($c:tt)*]) => {
        both!(@ [$join($in($($a)*, $($b)*), $($c)*)] $join ($in [$($x)+] [$($y)+]) [$($z)+])
    };
    ($join:ident [$($x:ident)+: $($a:tt)*] ($in:ident [$($y:ident)+: $($b:tt)*] [$($z:ident)+: $($c:tt)*])) => {
        both!(@ [$join($($a)*, $in($($b)*, $($c)*))] $join [$($x)+] ($in [$($y)+] [$($z)+]))
    };
    (@ [$($attribute:tt)*] $($policy:tt)+) => {{
        #[auth_policy($($attribute)*)]
        struct Attribute;
        #[auth_policy($($attribute)*, optional)]
        struct OptionalAttribute;
        let mut policy = hand!($($policy)+);
        policy.forms.push(("by attribute", false, ask::<Attribute>));
        policy.forms.push(("by attribute, optional", true, ask::<OptionalAttribute>));
        policy
    }};
}

// The shapes. `all(..)` of schemes that travel in the same line can be written by hand only.

macro_rules! one {
    ([$($a:tt)*]) => { both!(scheme [$($a)*]) };
}

macro_rules! any_of_two {
    ($a:tt $b:tt) => { both!(any $a $b) };
}

macro_rules! all_of_two {
    ([line $($a:tt)*] [line $($b:tt)*]) => { hand!(all [line $($a)*] [line $($b)*]) };
    ($a:tt $b:tt) => { both!(all $a $b) };
}

macro_rules! any_of_three {
    ($a:tt $b:tt $c:tt) => { both!(any $a $b $c) };
}

macro_rules! all_of_three {
    ([line $($a:tt)*] [line $($b:tt)*] $c:tt) => { hand!(all [line $($a)*] [line $($b)*] $c) };
    ([line $($a:tt)*] $b:tt [line $($c:tt)*]) => { hand!(all [line $($a)*] $b [line $($c)*]) };
    ($a:tt [line $($b:tt)*] [line $($c:tt)*]) => { hand!(all $a [line $($b)*] [line $($c)*]) };
    ($a:tt $b:tt $c:tt) => { both!(all $a $b $c) };
}

macro_rules! any_of_all_and_one {
    ([line $($a:tt)*] [line $($b:tt)*] $c:tt) => { hand!(any (all [line $($a)*] [line $($b)*]) $c) };
    ($a:tt $b:tt $c:tt) => { both!(any (all $a $b) $c) };
}

macro_rules! any_of_one_and_all {
    ($a:tt [line $($b:tt)*] [line $($c:tt)*]) => { hand!(any $a (all [line $($b)*] [line $($c)*])) };
    ($a:tt $b:tt $c:tt) => { both!(any $a (all $b $c)) };
}

macro_rules! all_of_any_and_one {
    ([line $($a:tt)*] $b:tt [line $($c:tt)*]) => { hand!(all (any [line $($a)*] $b) [line $($c)*]) };
    ($a:tt [line $($b:tt)*] [line $($c:tt)*]) => { hand!(all (any $a [line $($b)*]) [line $($c)*]) };
    ($a:tt $b:tt $c:tt) => { both!(all (any $a $b) $c) };
}

macro_rules! all_of_one_and_any {
    ([line $($a:tt)*] [line $($b:tt)*] $c:tt) => { hand!(all [line $($a)*] (any [line $($b)*] $c)) };
    ([line $($a:tt)*] $b:tt [line $($c:tt)*]) => { hand!(all [line $($a)*] (any $b [line $($c)*])) };
    ($a:tt $b:tt $c:tt) => { both!(all $a (any $b $c)) };
}

// What the attribute does not take, since it says the same as `any` or `all` of three.

macro_rules! any_of_any_and_one {
    ($a:tt $b:tt $c:tt) => { hand!(any (any $a $b) $c) };
}

macro_rules! all_of_one_and_all {
    ($a:tt $b:tt $c:tt) => { hand!(all $a (all $b $c)) };
}

test!(one_scheme: one of [_] out of every, 5);
test!(any_of_two: any_of_two of [_ _] out of every, 20);
test!(all_of_two: all_of_two of [_ _] out of every, 20);
test!(any_of_three: any_of_three of [_ _ _] out of every, 60);
test!(all_of_three: all_of_three of [_ _ _] out of every, 60);
test!(any_of_all_and_one: any_of_all_and_one of [_ _ _] out of every, 60);
test!(any_of_one_and_all: any_of_one_and_all of [_ _ _] out of every, 60);
test!(all_of_any_and_one: all_of_any_and_one of [_ _ _] out of every, 60);
test!(all_of_one_and_any: all_of_one_and_any of [_ _ _] out of every, 60);
test!(any_of_any_and_one: any_of_any_and_one of [_ _ _] out of two_issuers, 6);
test!(all_of_one_and_all: all_of_one_and_all of [_ _ _] out of two_issuers, 6);

// One token, two verifiers.
test!(two_issuers_in_any_of_two: any_of_two of [_ _] out of two_issuers, 6);
test!(two_issuers_in_all_of_two: all_of_two of [_ _] out of two_issuers, 6);
test!(two_issuers_in_any_of_three: any_of_three of [_ _ _] out of two_issuers, 6);
test!(two_issuers_in_all_of_three: all_of_three of [_ _ _] out of two_issuers, 6);
test!(two_issuers_in_any_of_all_and_one: any_of_all_and_one of [_ _ _] out of two_issuers, 6);
test!(two_issuers_in_any_of_one_and_all: any_of_one_and_all of [_ _ _] out of two_issuers, 6);
test!(two_issuers_in_all_of_any_and_one: all_of_any_and_one of [_ _ _] out of two_issuers, 6);
test!(two_issuers_in_all_of_one_and_any: all_of_one_and_any of [_ _ _] out of two_issuers, 6);
