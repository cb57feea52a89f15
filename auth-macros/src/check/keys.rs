//! The keys of a list, and their values as literals and paths.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser as _;
use syn::{Ident, LitStr, Path};

use super::shown;
use crate::args::{Args, Item};
use crate::errors::{self, Errors};
use crate::names::{FLAGS, MEMBER_FLAGS, MEMBER_KEYS};

/// Keys with their values, no key twice.
#[derive(Default)]
pub(super) struct Keys {
    pub(super) given: Vec<(Ident, TokenStream)>,
    /// Something among them could not be read as a key.
    pub(super) doubtful: bool,
}

impl Keys {
    /// Of one member, none of them read yet.
    pub(super) fn of(args: &Args) -> Self {
        Self {
            doubtful: args.broken,
            ..Self::default()
        }
    }

    /// A key of an own scheme, whose keys are known to its table only.
    pub(super) fn take_any(&mut self, item: Item, errors: &mut Errors) {
        match item {
            Item::Key { key, .. } if FLAGS.iter().any(|flag| key == flag) => {
                errors.at(key.span(), errors::no_value(&key.to_string()));
            }
            Item::Key { key, value } => self.add(key, value, errors),
            other => {
                self.doubtful = true;
                let path = other.path();
                errors.over(&path, errors::not_a_param(&shown(&path)));
            }
        }
    }

    pub(super) fn take(&mut self, item: Item, valid: &[&str], errors: &mut Errors) {
        let (key, value) = match item {
            Item::Key { key, .. } if is_member_flag(&key) => {
                errors.at(key.span(), errors::no_value(&key.to_string()));
                (key, TokenStream::new())
            }
            Item::Key { key, value } => (key, value),
            Item::Path(ref path) if let Some(flag) = member_flag(path) => {
                (flag.clone(), TokenStream::new())
            }
            Item::Path(path) if valid.iter().any(|valid| path.is_ident(valid)) => {
                let key = quote!(#path).to_string();
                return errors.over(path, errors::missing_value(&key));
            }
            other => {
                self.doubtful = true;
                let path = other.path();
                return errors.over(&path, errors::unknown_key(&path.to_string(), valid));
            }
        };
        if valid.iter().any(|valid| key == valid) {
            self.add(key, value, errors);
        } else {
            self.doubtful = true;
            errors.at(key.span(), errors::unknown_key(&key.to_string(), valid));
        }
    }

    fn add(&mut self, key: Ident, value: TokenStream, errors: &mut Errors) {
        if self.find(&key.to_string()).is_some() {
            errors.at(key.span(), errors::duplicate_key(&key.to_string()));
        } else {
            self.given.push((key, value));
        }
    }

    /// With those of the keys beside it that hold for it too. What is given in both places is an error:
    /// one of the two would be dropped, and a dropped `scope` is a hole.
    pub(super) fn with_those_beside(
        mut self,
        beside: &Self,
        inherits: &[&str],
        errors: &mut Errors,
    ) -> Self {
        self.doubtful |= beside.doubtful;
        for (key, value) in &beside.given {
            let name = key.to_string();
            if !inherits.contains(&name.as_str()) {
                // It was complained about, and would be missed here for nothing.
                self.doubtful |= MEMBER_KEYS.contains(&name.as_str());
            } else if let Some((inside, _)) = self.find(&name) {
                errors.at(inside.span(), errors::inside_and_beside(&name));
            } else {
                self.given.push((key.clone(), value.clone()));
            }
        }
        self
    }

    pub(super) fn find(&self, key: &str) -> Option<&(Ident, TokenStream)> {
        self.given.iter().find(|(name, _)| name == key)
    }

    pub(super) fn string(&self, key: &str, errors: &mut Errors) -> Option<LitStr> {
        let (_, value) = self.find(key)?;
        // A scheme lacks its quotes, and beside a reason there is no realm.
        if !matches!(key, "scheme" | "reason") && is_path(value) {
            errors.over(value, errors::no_const(key));
            return None;
        }
        self.literal(key, errors::not_a_string, errors)
    }

    pub(super) fn literal(
        &self,
        key: &str,
        otherwise: fn(&str) -> String,
        errors: &mut Errors,
    ) -> Option<LitStr> {
        let (name, value) = self.find(key)?;
        if value.is_empty() {
            errors.at(name.span(), errors::missing_value(key));
            return None;
        }
        match syn::parse2::<LitStr>(value.clone()) {
            // A suffix such as "x"u8 is no string.
            Ok(literal) if literal.suffix().is_empty() => Some(literal),
            _ => {
                errors.over(value, otherwise(key));
                None
            }
        }
    }

    /// A path without generic arguments.
    pub(super) fn mod_path(&self, key: &str, errors: &mut Errors) -> Option<Path> {
        let path = self.path(key, errors)?;
        if path
            .segments
            .iter()
            .all(|segment| segment.arguments.is_none())
        {
            return Some(path);
        }
        errors.over(path, errors::not_a_path(key));
        None
    }

    pub(super) fn path(&self, key: &str, errors: &mut Errors) -> Option<Path> {
        let (name, value) = self.find(key)?;
        if value.is_empty() {
            errors.at(name.span(), errors::missing_value(key));
            return None;
        }
        match syn::parse2::<Path>(value.clone()) {
            Ok(path) => Some(path),
            Err(_) => {
                errors.over(value, errors::not_a_path(key));
                None
            }
        }
    }
}

/// A key of a member that is just a word.
pub(super) fn member_flag(path: &Path) -> Option<&Ident> {
    path.get_ident().filter(|word| is_member_flag(word))
}

fn is_member_flag(key: &Ident) -> bool {
    MEMBER_FLAGS.iter().any(|flag| key == flag)
}

/// What may be the path of a `const`; a word in lower case lacks its quotes.
pub(super) fn is_path(value: &TokenStream) -> bool {
    let path = Path::parse_mod_style.parse2(value.clone());
    path.is_ok_and(|path| {
        let last = path.segments.last().map(|last| last.ident.to_string());
        last.is_some_and(|last| !last.starts_with(char::is_lowercase))
    })
}
