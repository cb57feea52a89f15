//! The whole list: flags, keys, and the tree of schemes or the policy that it names.

use auth_syntax::MAX_MEMBERS;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Ident, LitStr, Path};

use super::keys::{Keys, member_flag};
use super::member::{SchemeName, demand, member, values};
use super::{krate, shown};
use crate::args::{Args, Item};
use crate::errors::{self, Errors};
use crate::model::{Member, Narrowing, Policy, Rule, Scheme, Tree};
use crate::names::{
    BODY_KEYS, FLAGS, MEMBER_KEYS, NARROWING_KEYS, NOTED, OWN_SCHEME_KEYS, SCHEMES, SHARED_KEYS,
    TOP_KEYS,
};
use crate::nearest::nearest;

/// The top of an attribute, sorted.
pub(super) struct Top {
    span: Span,
    keys: Keys,
    /// The flags that are set, by their names.
    flags: Vec<(String, Span)>,
    krate: Option<Path>,
    /// What is to be noted was noted at another method of the same block.
    noted: bool,
    /// `any(..)`, `Bearer(..)`, a policy
    rules: Vec<Item>,
}

impl Top {
    pub(super) fn sort(args: Args, body: &[&str], errors: &mut Errors) -> Self {
        let mut top = Self {
            span: args.span,
            keys: Keys::default(),
            flags: Vec::new(),
            krate: None,
            noted: false,
            rules: Vec::new(),
        };
        top.keys.doubtful = args.broken;
        let valid: Vec<&str> = TOP_KEYS.iter().chain(&MEMBER_KEYS).copied().collect();
        let offered = offered(&args, body);
        let own_scheme = args.items.iter().any(names_own_scheme);
        let quoted = args.items.iter().any(quotes_unknown_scheme);
        for item in args.items {
            match item {
                Item::Path(path) if is_flag(&path) => top.set(&path, errors),
                Item::Path(path) if path.is_ident(NOTED) => top.noted = true,
                Item::Path(ref path) if !own_scheme && member_flag(path).is_some() => {
                    top.keys.take(item, &valid, errors);
                }
                Item::Path(path) if is_key_without_value(&path) => {
                    top.keys.doubtful = true;
                    let key = quote!(#path).to_string();
                    errors.over(path, errors::missing_value(&key));
                }
                Item::Key { key, .. } if FLAGS.iter().any(|flag| key == flag) => {
                    errors.at(key.span(), errors::no_value(&key.to_string()));
                    top.flags.push((key.to_string(), key.span()));
                }
                Item::Path(path) if is_lower_case_word(&path) => {
                    top.keys.doubtful = true;
                    let word = quote!(#path).to_string();
                    errors.over(path, errors::unknown_key(&word, &offered));
                }
                Item::Key { .. } if own_scheme => top.keys.take_any(item, errors),
                Item::Key { key, .. } if !valid.iter().any(|valid| key == valid) => {
                    top.keys.doubtful = true;
                    let word = key.to_string();
                    // Of a scheme that nobody knows, the keys are not known either.
                    if !quoted || nearest(&word, valid.iter().copied()).is_some() {
                        errors.at(key.span(), errors::unknown_key(&word, &offered));
                    }
                }
                Item::Key { .. } => top.keys.take(item, &valid, errors),
                Item::Call { .. } | Item::Path(_) => top.rules.push(item),
            }
        }
        top.krate = top.keys.mod_path("crate", errors);
        top
    }

    fn set(&mut self, path: &Path, errors: &mut Errors) {
        let name = quote!(#path).to_string();
        let span = path
            .segments
            .last()
            .map_or_else(Span::call_site, |last| last.ident.span());
        if self.flag(&name).is_some() {
            errors.at(span, errors::duplicate_key(&name));
        }
        self.flags.push((name, span));
    }

    pub(super) fn flag(&self, name: &str) -> Option<Span> {
        let found = self.flags.iter().find(|(flag, _)| flag == name);
        found.map(|(_, span)| *span)
    }

    pub(super) fn krate(&self) -> TokenStream {
        krate(self.krate.as_ref())
    }

    pub(super) fn policy(&self, errors: &mut Errors) -> Option<Policy> {
        let scheme = self.keys.find("scheme");
        if let (Some((key, _)), Some(Item::Path(path))) = (scheme, self.rules.first())
            && names_policy(path)
        {
            errors.at(key.span(), errors::scheme_beside_policy(&shown(path)));
            values(&self.keys, errors);
            return None;
        }
        for second in self.rules.iter().skip(usize::from(scheme.is_none())) {
            let path = second.path();
            errors.over(&path, errors::two_decisions_in_one(&shown(&path)));
        }
        match (scheme, self.rules.first()) {
            (Some(_), _) => self.plain(errors).map(|member| self.one(member)),
            (None, Some(Item::Call { path, args })) => match Group::of(path) {
                Some(group) => {
                    self.keys_of_one_member(errors);
                    let tree = self.group(group, path, args, None, errors);
                    distinct(&tree, errors);
                    let basic = basic_beside_digest(&tree);
                    Some(self.rule(tree.without_places()?, basic))
                }
                None => self
                    .member(path, args, &MEMBER_KEYS, errors)
                    .map(|member| self.one(member)),
            },
            (None, Some(Item::Path(path))) => self.named(path, errors),
            (None, Some(Item::Key { .. }) | None) => {
                if !self.keys.doubtful {
                    errors.at(self.span, errors::no_scheme());
                }
                values(&self.keys, errors);
                None
            }
        }
    }

    fn one(&self, member: Member) -> Policy {
        self.rule(Tree::One(Box::new(member)), None)
    }

    fn rule(&self, tree: Tree, basic_beside_digest: Option<Span>) -> Policy {
        Policy::Own(Rule {
            tree,
            optional: self.flag("optional").is_some(),
            secure: self.flag("secure").is_some(),
            basic_beside_digest: basic_beside_digest.filter(|_| !self.noted),
        })
    }

    /// `scheme = "Bearer", realm = "API"`, or `scheme = path` for an own one.
    fn plain(&self, errors: &mut Errors) -> Option<Member> {
        if let Some((key, value)) = self.keys.find("scheme")
            && let Some(path) = own_scheme(value)
        {
            return member(Some(SchemeName::Own(path)), key.span(), &self.keys, errors);
        }
        if let Some((key, value)) = self.keys.find("scheme")
            && let Some(path) = called(value)
        {
            errors.at(key.span(), errors::list_behind_scheme(&path));
            values(&self.keys, errors);
            return None;
        }
        let Some(name) = self.keys.string("scheme", errors) else {
            values(&self.keys, errors);
            return None;
        };
        let scheme = SchemeName::read(&name.value(), name.span(), errors);
        member(scheme, name.span(), &self.keys, errors)
    }

    /// `Bearer(realm = "API")`, alone or in a group. Those of the keys beside it that are listed hold
    /// for it as well.
    fn member(
        &self,
        path: &Path,
        args: &Args,
        inherits: &[&str],
        errors: &mut Errors,
    ) -> Option<Member> {
        let Some(name) = path.get_ident() else {
            let span = path
                .segments
                .last()
                .map_or_else(Span::call_site, |last| last.ident.span());
            let inherits: Vec<&str> = inherits
                .iter()
                .copied()
                .filter(|key| OWN_SCHEME_KEYS.contains(key))
                .collect();
            let keys = any_keys(args, errors).with_those_beside(&self.keys, &inherits, errors);
            return member(Some(SchemeName::Own(path.clone())), span, &keys, errors);
        };
        let name_text = name.to_string();
        let scheme = SchemeName::read(&name_text, name.span(), errors);
        // Of a scheme that nobody knows, or meant, the keys are not known either.
        let keys = if scheme.is_none() && nearest(&name_text, SCHEMES).is_none() {
            any_keys(args, errors)
        } else {
            member_keys(args, errors)
        };
        let keys = keys.with_those_beside(&self.keys, inherits, errors);
        member(scheme, name.span(), &keys, errors)
    }

    fn keys_of_one_member(&self, errors: &mut Errors) {
        for (name, _) in &self.keys.given {
            let key = name.to_string();
            if MEMBER_KEYS.contains(&key.as_str()) && !SHARED_KEYS.contains(&key.as_str()) {
                errors.at(name.span(), errors::key_of_one_member(&key));
            }
        }
    }

    /// `any(..)` or `all(..)`, with the place of each member for what is checked next.
    fn group(
        &self,
        group: Group,
        path: &Path,
        args: &Args,
        outer: Option<Group>,
        errors: &mut Errors,
    ) -> Placed {
        let word = group.word();
        if outer == Some(group) {
            errors.over(path, errors::group_in_itself(word));
        }
        let stray = args
            .items
            .iter()
            .any(|item| matches!(item, Item::Key { .. }));
        let mut parts = Vec::new();
        for item in &args.items {
            match item {
                Item::Call { path, args } if let Some(inner) = Group::of(path) => {
                    parts.push(self.group(inner, path, args, Some(group), errors));
                }
                Item::Call { path, args } => {
                    let member = self.member(path, args, &SHARED_KEYS, errors);
                    parts.push(Placed::One(path.clone(), member.map(Box::new)));
                }
                Item::Path(path) if Group::of(path).is_some() => {
                    errors.over(path, errors::group_of_one(&quote!(#path).to_string()));
                }
                Item::Path(path) if is_policy(path) => {
                    errors.over(path, errors::policy_in_group(&shown(path), word));
                }
                Item::Path(path) => {
                    let empty = Args {
                        items: Vec::new(),
                        span: args.span,
                        // What seems to be missing may be what does not stand behind a scheme.
                        broken: stray,
                    };
                    let member = self.member(path, &empty, &SHARED_KEYS, errors);
                    parts.push(Placed::One(path.clone(), member.map(Box::new)));
                }
                Item::Key { key, .. } => errors.at(key.span(), errors::not_a_member(word)),
            }
        }
        if args.items.len() < 2 && !args.broken {
            errors.over(path, errors::group_of_one(word));
        }
        Placed::Group(group, parts)
    }

    /// `Api`: a policy; a built-in scheme is one without its keys.
    fn named(&self, path: &Path, errors: &mut Errors) -> Option<Policy> {
        if let Some(group) = Group::of(path) {
            errors.over(path, errors::group_of_one(group.word()));
            return None;
        }
        if let Some(name) = path.get_ident()
            && SCHEMES.iter().any(|scheme| name == scheme)
        {
            let empty = Args::empty(name.span());
            return self
                .member(path, &empty, &MEMBER_KEYS, errors)
                .map(|member| self.one(member));
        }
        let shown = shown(path);
        for (key, _) in &self.keys.given {
            let name = key.to_string();
            if name != "crate" && !NARROWING_KEYS.contains(&name.as_str()) {
                errors.at(key.span(), errors::key_does_not_narrow(&name, &shown));
            }
        }
        if let Some(span) = self.flag("optional") {
            errors.at(span, errors::optional_would_widen(&shown));
        }
        let narrowing = Narrowing {
            demand: demand(&self.keys, errors),
            secure: self.flag("secure").is_some(),
        };
        Some(if narrowing.demands_nothing() {
            Policy::Named(path.clone())
        } else {
            Policy::Narrowed(path.clone(), narrowing)
        })
    }
}

/// The words that join schemes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Any,
    All,
}

impl Group {
    fn of(path: &Path) -> Option<Self> {
        if path.is_ident("any") {
            Some(Self::Any)
        } else if path.is_ident("all") {
            Some(Self::All)
        } else {
            None
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
        }
    }
}

/// A tree whose members know where they stand; a member is missing if an error was found in it.
enum Placed {
    One(Path, Option<Box<Member>>),
    Group(Group, Vec<Placed>),
}

impl Placed {
    fn members(&self) -> Vec<(&Path, Option<&Member>)> {
        match self {
            Self::One(path, member) => vec![(path, member.as_deref())],
            Self::Group(_, parts) => parts.iter().flat_map(Self::members).collect(),
        }
    }

    /// None if a member is missing.
    fn without_places(self) -> Option<Tree> {
        let trees = |parts: Vec<Self>| parts.into_iter().map(Self::without_places).collect();
        match self {
            Self::One(_, member) => member.map(Tree::One),
            Self::Group(Group::Any, parts) => Option::<Vec<Tree>>::map(trees(parts), Tree::Any),
            Self::Group(Group::All, parts) => Option::<Vec<Tree>>::map(trees(parts), Tree::All),
        }
    }
}

/// What only the whole tree shows.
fn distinct(tree: &Placed, errors: &mut Errors) {
    let members = tree.members();
    if let Some((path, _)) = members.get(MAX_MEMBERS) {
        errors.over(path, errors::too_many_members(MAX_MEMBERS));
    }
    for (at, (path, member)) in members.iter().enumerate() {
        let Some(member) = member else { continue };
        let mut before = members.iter().take(at).filter_map(|(_, member)| *member);
        if is_digest(member) {
            if before.any(is_digest) {
                errors.over(path, errors::two_digests());
            }
        } else if before.any(|other| same_verifier(other, member)) {
            errors.over(path, errors::same_member_twice(&shown(path)));
        }
    }
    one_carrier_each(tree, errors);
}

/// A request can hold one set of credentials in a carrier, so two parts of `all(..)` that both want it can
/// never be met.
fn one_carrier_each(tree: &Placed, errors: &mut Errors) {
    let Placed::Group(group, parts) = tree else {
        return;
    };
    if *group == Group::All {
        for (at, part) in parts.iter().enumerate() {
            for (path, member) in part.members() {
                let Some(member) = member else { continue };
                let taken = parts
                    .iter()
                    .take(at)
                    .flat_map(Placed::members)
                    .filter_map(|(_, other)| other)
                    // Two of Digest were complained about.
                    .filter(|other| !(is_digest(other) && is_digest(member)))
                    .any(|other| carrier(other) == carrier(member));
                if taken {
                    errors.over(
                        path,
                        errors::carrier_of_all_twice(&shown(path), &carrier(member)),
                    );
                }
            }
        }
    }
    for part in parts {
        one_carrier_each(part, errors);
    }
}

/// The first Basic of a tree in which Digest stands as well. Both travel in `Authorization`, so that the one can only
/// be accepted instead of the other: D-26.
fn basic_beside_digest(tree: &Placed) -> Option<Span> {
    let members = tree.members();
    let is_there = |(_, member): &(&Path, Option<&Member>)| member.is_some_and(is_digest);
    let (path, _) = members
        .iter()
        .find(|(_, member)| member.is_some_and(|it| matches!(it.scheme, Scheme::Basic { .. })))?;
    members.iter().any(is_there).then(|| path.span())
}

fn is_digest(member: &Member) -> bool {
    matches!(member.scheme, Scheme::Digest(_))
}

/// Whether two members would ask the same verifier about the same credentials.
fn same_verifier(a: &Member, b: &Member) -> bool {
    let scheme = |member: &Member| match &member.scheme {
        Scheme::Basic { .. } => "Basic".to_owned(),
        Scheme::Bearer { .. } => "Bearer".to_owned(),
        Scheme::Digest(_) => "Digest".to_owned(),
        Scheme::ApiKey(_) | Scheme::NamedAfterField { .. } => "ApiKey".to_owned(),
        Scheme::Own { path, .. } => shown(path),
    };
    let tag = |member: &Member| member.tag.as_ref().map(shown);
    carrier(a) == carrier(b) && scheme(a) == scheme(b) && tag(a) == tag(b)
}

/// Where the credentials travel, as one text for each carrier.
fn carrier(member: &Member) -> String {
    match member.scheme.carrier() {
        auth_syntax::Carrier::Field(name) => format!("the field `{}`", name.to_lowercase()),
        auth_syntax::Carrier::Cookie(name) => format!("the cookie `{name}`"),
        _ => "`Authorization`".to_owned(),
    }
}

impl Item {
    /// What names it, for messages.
    pub(crate) fn path(&self) -> TokenStream {
        match self {
            Self::Key { key, .. } => quote!(#key),
            Self::Call { path, .. } | Self::Path(path) => quote!(#path),
        }
    }
}

/// A key of the whole attribute, which no member has.
fn is_of_the_whole(key: &Ident) -> bool {
    TOP_KEYS.iter().chain(&BODY_KEYS).any(|top| key == top)
}

/// The keys of an own scheme, which it alone knows.
fn any_keys(args: &Args, errors: &mut Errors) -> Keys {
    let mut keys = Keys::of(args);
    for item in &args.items {
        match item {
            Item::Key { key, .. } if is_of_the_whole(key) => {
                errors.at(key.span(), errors::key_not_in_member(&key.to_string()));
            }
            item => keys.take_any(item.clone(), errors),
        }
    }
    keys
}

fn member_keys(args: &Args, errors: &mut Errors) -> Keys {
    let mut keys = Keys::of(args);
    for item in &args.items {
        match item {
            Item::Key { key, .. } if is_of_the_whole(key) => {
                errors.at(key.span(), errors::key_not_in_member(&key.to_string()));
            }
            Item::Path(path) if is_flag(path) => {
                let flag = quote!(#path).to_string();
                errors.over(path, errors::key_not_in_member(&flag));
            }
            Item::Path(path) if member_flag(path).is_some() => {
                keys.take(item.clone(), &MEMBER_KEYS, errors);
            }
            Item::Path(path) if is_key_without_value(path) => {
                keys.doubtful = true;
                let key = quote!(#path).to_string();
                errors.over(path, errors::missing_value(&key));
            }
            Item::Key { .. } => keys.take(item.clone(), &MEMBER_KEYS, errors),
            Item::Call { path, .. } | Item::Path(path) => {
                keys.doubtful = true;
                errors.over(
                    path,
                    errors::unknown_key(&quote!(#path).to_string(), &MEMBER_KEYS),
                );
            }
        }
    }
    keys
}

/// `scheme = path`, where the path is no built-in scheme that somebody forgot to quote.
fn names_own_scheme(item: &Item) -> bool {
    matches!(item, Item::Key { key, value } if key == "scheme" && own_scheme(value).is_some())
}

/// `scheme = "Signed"`, which is no built-in scheme, nor a misspelt one.
fn quotes_unknown_scheme(item: &Item) -> bool {
    let Item::Key { key, value } = item else {
        return false;
    };
    let Ok(name) = syn::parse2::<LitStr>(value.clone()) else {
        return false;
    };
    let name = name.value();
    let known = name.to_ascii_lowercase().starts_with("x-") || nearest(&name, SCHEMES).is_some();
    key == "scheme" && auth_syntax::is_token(&name) && !known
}

/// `scheme = any(..)`, `scheme = Bearer(..)`: the words before the list.
fn called(value: &TokenStream) -> Option<String> {
    let parser = |input: ParseStream<'_>| {
        let path = Path::parse_mod_style(input)?;
        input.parse::<proc_macro2::Group>()?;
        Ok(path)
    };
    parser.parse2(value.clone()).ok().map(|path| shown(&path))
}

/// The keys that are offered for one that nobody knows.
fn offered<'k>(args: &Args, body: &[&'k str]) -> Vec<&'k str> {
    let policy = args
        .items
        .iter()
        .any(|item| matches!(item, Item::Path(path) if names_policy(path)));
    let mut keys: Vec<&str> = if policy {
        let narrowing = NARROWING_KEYS.iter().chain(&["secure", "crate"]);
        narrowing.copied().collect()
    } else {
        TOP_KEYS.iter().chain(&MEMBER_KEYS).copied().collect()
    };
    keys.extend(body);
    keys
}

/// `Api`, and no word of the language.
fn names_policy(path: &Path) -> bool {
    Group::of(path).is_none()
        && is_policy(path)
        && !is_flag(path)
        && !is_key_without_value(path)
        && !is_lower_case_word(path)
}

fn own_scheme(value: &TokenStream) -> Option<Path> {
    let path = Path::parse_mod_style.parse2(value.clone()).ok()?;
    let built_in = path
        .get_ident()
        .is_some_and(|word| nearest(&word.to_string(), SCHEMES).is_some());
    (!built_in).then_some(path)
}

/// A path that is no scheme and no misspelt one, so that it must mean a policy.
fn is_policy(path: &Path) -> bool {
    path.get_ident()
        .is_none_or(|word| nearest(&word.to_string(), SCHEMES).is_none())
}

fn is_flag(path: &Path) -> bool {
    FLAGS.iter().any(|flag| path.is_ident(flag))
}

/// A key that somebody forgot to give a value.
fn is_key_without_value(path: &Path) -> bool {
    path.get_ident().is_some_and(|ident| {
        MEMBER_KEYS
            .iter()
            .chain(&["scheme", "crate"])
            .any(|key| ident == key)
    })
}

/// A single word as keys are written; types and schemes begin with a capital letter.
fn is_lower_case_word(path: &Path) -> bool {
    path.get_ident().is_some_and(|ident| {
        let word = ident.to_string();
        Group::of(path).is_none() && word.starts_with(char::is_lowercase)
    })
}
