//! What stands in a module or an `impl` block: its items, one after the other, as they were written.
//!
//! Only so much is parsed as tells one item from the next, so that half-typed bodies get the compiler's own
//! errors alone. The compiler has parsed these tokens before us: where it and this reader could disagree,
//! nothing compiles, or the item is unreadable, which is an error.

use std::collections::VecDeque;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser as _;
use syn::{Attribute, Signature};

/// One item.
pub(crate) struct Item {
    pub(crate) attributes: Vec<Attribute>,
    /// What stands behind the attributes, except for the content of a module, `impl` block or trait.
    pub(crate) head: TokenStream,
    pub(crate) kind: Kind,
}

/// What kind of item it is, as far as functions can hide in it.
pub(crate) enum Kind {
    Function(Box<Signature>),
    Module {
        keyword: Span,
        name: Ident,
        /// None if it stands in another file.
        content: Option<Group>,
    },
    Impl {
        keyword: Span,
        content: Group,
    },
    Trait {
        keyword: Span,
        content: Group,
    },
    /// The last name of its path.
    MacroCall(Ident),
    /// Holds no function.
    Other,
    Unreadable(Span),
}

/// The attributes of the block itself, which stand in it, and the items.
pub(crate) fn items(tokens: TokenStream) -> (TokenStream, Vec<Item>) {
    let mut reader = Reader(tokens.into_iter().collect());
    let inner = reader.inner_attributes();
    (inner, core::iter::from_fn(|| reader.item()).collect())
}

/// The item that an attribute stands on, if it is a single one.
pub(crate) fn single(tokens: TokenStream) -> Option<Item> {
    // Most attributes stand on functions, which are not read twice.
    if declares_function(tokens.clone().into_iter()) {
        return None;
    }
    let mut reader = Reader(tokens.into_iter().collect());
    let item = reader.item()?;
    reader.0.is_empty().then_some(item)
}

impl Item {
    /// As it was written, with other content.
    pub(crate) fn with_content(&self, content: &Group, tokens: TokenStream) -> TokenStream {
        let mut group = Group::new(content.delimiter(), tokens);
        group.set_span(content.span());
        let Self {
            attributes, head, ..
        } = self;
        quote::quote!(#(#attributes)* #head #group)
    }
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for attribute in &self.attributes {
            attribute.to_tokens(tokens);
        }
        self.head.to_tokens(tokens);
        match &self.kind {
            Kind::Module {
                content: Some(content),
                ..
            }
            | Kind::Impl { content, .. }
            | Kind::Trait { content, .. } => content.to_tokens(tokens),
            _ => {}
        }
    }
}

struct Reader(VecDeque<TokenTree>);

impl Reader {
    fn item(&mut self) -> Option<Item> {
        self.enter_invisible_groups();
        let mut attributes = Vec::new();
        while is_punct(self.0.front(), '#') {
            let span = self.span(0);
            let attribute = self.take(2);
            match Attribute::parse_outer.parse2(attribute.clone()) {
                Ok(read) => attributes.extend(read),
                Err(_) => {
                    return Some(Item {
                        attributes,
                        head: attribute,
                        kind: Kind::Unreadable(span),
                    });
                }
            }
            self.enter_invisible_groups();
        }
        if let (true, Some(last)) = (self.0.is_empty(), attributes.last()) {
            let kind = Kind::Unreadable(last.pound_token.span);
            return Some(Item {
                attributes,
                head: TokenStream::new(),
                kind,
            });
        }
        self.0.front()?;
        let (head, kind) = self
            .readable()
            .unwrap_or_else(|| (TokenStream::new(), Kind::Unreadable(self.span(0))));
        let (head, kind) = match kind {
            Kind::Unreadable(span) if head.is_empty() => (self.skip(), Kind::Unreadable(span)),
            _ => (head, kind),
        };
        Some(Item {
            attributes,
            head,
            kind,
        })
    }

    /// What `macro_rules!` captured as an item or a visibility stands in a group without delimiters.
    fn enter_invisible_groups(&mut self) {
        while let Some(TokenTree::Group(group)) = self.0.front()
            && group.delimiter() == Delimiter::None
        {
            let inside = group.stream();
            self.0.pop_front();
            for token in inside.into_iter().collect::<Vec<_>>().into_iter().rev() {
                self.0.push_front(token);
            }
        }
    }

    fn inner_attributes(&mut self) -> TokenStream {
        let mut attributes = TokenStream::new();
        while is_punct(self.0.front(), '#') && is_punct(self.0.get(1), '!') {
            attributes.extend(self.take(3));
        }
        attributes
    }

    /// Takes one item whose attributes were taken. None, and nothing taken, if it cannot be told where
    /// it ends.
    fn readable(&mut self) -> Option<(TokenStream, Kind)> {
        let start = self.behind_visibility();
        if is_punct(self.0.front(), ';') {
            return Some((self.take(1), Kind::Other));
        }
        if let Some(bang) = self.bang(start) {
            return self.macro_item(bang);
        }
        let at = self.behind_qualifiers(start);
        let keyword = self.span(at);
        match self.word(at)?.as_str() {
            "fn" => self.function(),
            "mod" => self.module(at),
            "impl" => {
                let (head, content) = self.block(at)?;
                Some((head, Kind::Impl { keyword, content }))
            }
            "trait" => {
                let (head, content) = self.block(at)?;
                Some((head, Kind::Trait { keyword, content }))
            }
            "const" | "static" | "use" | "type" => self.other(at, self.semicolon(at)?),
            "extern" if self.word(at + 1).as_deref() == Some("crate") => {
                self.other(at, self.semicolon(at)?)
            }
            "extern" | "struct" | "enum" | "union" => self.other(at, self.braces_or_semicolon(at)?),
            _ => None,
        }
    }

    fn function(&mut self) -> Option<(TokenStream, Kind)> {
        let end = self.braces_or_semicolon(0)?;
        let start = self.behind_visibility();
        let signature: TokenStream = self.0.iter().take(end).skip(start).cloned().collect();
        let signature = without_default(signature);
        match syn::parse2::<Signature>(signature) {
            Ok(signature) => Some((self.take(end + 1), Kind::Function(Box::new(signature)))),
            Err(error) => Some((TokenStream::new(), Kind::Unreadable(error.span()))),
        }
    }

    fn module(&mut self, at: usize) -> Option<(TokenStream, Kind)> {
        let keyword = self.span(at);
        let Some(TokenTree::Ident(name)) = self.0.get(at + 1).cloned() else {
            return None;
        };
        let content = match self.0.get(at + 2)? {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.clone()),
            token if is_punct(Some(token), ';') => None,
            _ => return None,
        };
        let head = self.take(at + 3);
        let head = match content {
            Some(_) => without_last(head),
            None => head,
        };
        Some((
            head,
            Kind::Module {
                keyword,
                name,
                content,
            },
        ))
    }

    /// An `impl` block or a trait.
    fn block(&mut self, at: usize) -> Option<(TokenStream, Group)> {
        let end = self.braces_or_semicolon(at)?;
        let Some(TokenTree::Group(content)) = self.0.get(end).cloned() else {
            return None;
        };
        if content.delimiter() != Delimiter::Brace || self.holds_another(at, end) {
            return None;
        }
        Some((without_last(self.take(end + 1)), content))
    }

    fn other(&mut self, at: usize, end: usize) -> Option<(TokenStream, Kind)> {
        if self.holds_another(at, end) {
            return None;
        }
        Some((self.take(end + 1), Kind::Other))
    }

    fn macro_item(&mut self, bang: usize) -> Option<(TokenStream, Kind)> {
        let Some(TokenTree::Ident(name)) = self.0.get(bang - 1).cloned() else {
            return None;
        };
        let defines = name == "macro_rules" && bang == 1;
        let group = bang + 1 + usize::from(defines);
        let Some(TokenTree::Group(content)) = self.0.get(group) else {
            return None;
        };
        let braces = content.delimiter() == Delimiter::Brace;
        let semicolon = !braces && is_punct(self.0.get(group + 1), ';');
        let tokens = self.take(group + 1 + usize::from(semicolon));
        let kind = if defines {
            Kind::Other
        } else {
            Kind::MacroCall(name)
        };
        Some((tokens, kind))
    }

    fn behind_visibility(&self) -> usize {
        match (self.word(0).as_deref(), self.0.get(1)) {
            (Some("pub"), Some(TokenTree::Group(group)))
                if group.delimiter() == Delimiter::Parenthesis =>
            {
                2
            }
            (Some("pub"), _) => 1,
            _ => 0,
        }
    }

    /// The exclamation mark of a macro call or definition that begins here.
    fn bang(&self, start: usize) -> Option<usize> {
        let colons = |at| is_punct(self.0.get(at), ':') && is_punct(self.0.get(at + 1), ':');
        let mut at = start + if colons(start) { 2 } else { 0 };
        loop {
            let word = self.word(at)?;
            at += 1;
            if !colons(at) {
                // `impl !Send for ..` is none.
                return (word != "impl" && is_punct(self.0.get(at), '!')).then_some(at);
            }
            at += 2;
        }
    }

    /// Behind `const`, `async`, `unsafe`, `extern "C"` and the like, where something follows that they
    /// qualify.
    fn behind_qualifiers(&self, mut at: usize) -> usize {
        loop {
            let next = match self.word(at).as_deref() {
                Some("extern") if matches!(self.0.get(at + 1), Some(TokenTree::Literal(_))) => {
                    at + 2
                }
                Some("const" | "async" | "unsafe" | "extern" | "safe" | "default" | "auto") => {
                    at + 1
                }
                _ => return at,
            };
            if !self.is_qualified(next) {
                return at;
            }
            at = next;
        }
    }

    fn is_qualified(&self, at: usize) -> bool {
        match self.word(at).as_deref() {
            Some("const" | "async" | "unsafe" | "extern" | "fn" | "impl" | "trait" | "mod") => true,
            // Elsewhere these are names.
            Some("safe" | "default" | "auto") => self.is_qualified(at + 1),
            _ => false,
        }
    }

    fn semicolon(&self, from: usize) -> Option<usize> {
        (from..self.0.len()).find(|at| is_punct(self.0.get(*at), ';'))
    }

    /// Where the braces stand that are no generic argument, or a semicolon.
    fn braces_or_semicolon(&self, from: usize) -> Option<usize> {
        let (mut depth, mut arrow) = (0_usize, false);
        for (at, token) in self.0.iter().enumerate().skip(from) {
            match token {
                TokenTree::Punct(punct) => {
                    match punct.as_char() {
                        ';' => return Some(at),
                        '<' => depth += 1,
                        '>' if !arrow => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    arrow = punct.as_char() == '-';
                }
                TokenTree::Group(group) if depth == 0 && is_braces(group) => return Some(at),
                _ => {}
            }
        }
        None
    }

    /// Whether something that can hold functions begins behind the keyword: then this is more than one item.
    fn holds_another(&self, at: usize, end: usize) -> bool {
        let behind = || self.0.iter().take(end).skip(at + 1).cloned();
        declares_function(behind()) || names(behind(), &["mod", "impl", "trait"])
    }

    /// What cannot be read, up to where the next item could begin.
    fn skip(&mut self) -> TokenStream {
        let braces =
            |token: &TokenTree| matches!(token, TokenTree::Group(group) if is_braces(group));
        let end = self
            .0
            .iter()
            .position(|token| braces(token) || is_punct(Some(token), ';'));
        self.take(end.map_or(self.0.len(), |end| end + 1))
    }

    fn take(&mut self, count: usize) -> TokenStream {
        self.0.drain(..count.min(self.0.len())).collect()
    }

    fn word(&self, at: usize) -> Option<String> {
        match self.0.get(at) {
            Some(TokenTree::Ident(word)) => Some(word.to_string()),
            _ => None,
        }
    }

    fn span(&self, at: usize) -> Span {
        self.0.get(at).map_or_else(Span::call_site, TokenTree::span)
    }
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

/// Braces, also those of a block that `macro_rules!` captured.
fn is_braces(group: &Group) -> bool {
    match group.delimiter() {
        Delimiter::Brace => true,
        Delimiter::None => {
            let mut inside = group.stream().into_iter();
            matches!((inside.next(), inside.next()),
                (Some(TokenTree::Group(group)), None) if is_braces(&group))
        }
        _ => false,
    }
}

/// `fn` with a name: without one it is a type.
fn declares_function(tokens: impl Iterator<Item = TokenTree>) -> bool {
    let mut function = false;
    for token in tokens {
        match token {
            TokenTree::Ident(word) if function || word == "fn" => {
                if function {
                    return true;
                }
                function = true;
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                if declares_function(group.stream().into_iter()) {
                    return true;
                }
            }
            _ => function = false,
        }
    }
    false
}

/// Whether one of these words stands there, and not in parentheses or braces.
fn names(mut tokens: impl Iterator<Item = TokenTree>, words: &[&str]) -> bool {
    tokens.any(|token| match token {
        TokenTree::Ident(word) => words.iter().any(|wanted| word == wanted),
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => names(
            group.stream().into_iter().collect::<Vec<_>>().into_iter(),
            words,
        ),
        _ => false,
    })
}

/// `default fn`, which only rustc knows.
fn without_default(signature: TokenStream) -> TokenStream {
    let mut tokens = signature.into_iter().peekable();
    if let Some(TokenTree::Ident(word)) = tokens.peek()
        && word == "default"
    {
        tokens.next();
    }
    tokens.collect()
}

fn without_last(tokens: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    tokens.pop();
    tokens.into_iter().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn kinds(tokens: TokenStream) -> Vec<String> {
        let (_, items) = items(tokens);
        items
            .iter()
            .map(|item| match &item.kind {
                Kind::Function(signature) => format!("fn {}", signature.ident),
                Kind::Module { name, content, .. } => {
                    format!("mod {name} {}", content.is_some())
                }
                Kind::Impl { .. } => "impl".into(),
                Kind::Trait { .. } => "trait".into(),
                Kind::MacroCall(name) => format!("{name}!"),
                Kind::Other => "other".into(),
                Kind::Unreadable(_) => "unreadable".into(),
            })
            .collect()
    }

    /// Whatever stands before a function, the function is found.
    #[test]
    fn each_item_ends_where_the_next_begins() {
        for (item, kind) in [
            ("use a::{b, c::{d}};", "other"),
            ("pub(crate) use a::*;", "other"),
            ("extern crate core;", "other"),
            ("const A: fn(u8) -> u8 = { fn x() {} x };", "other"),
            ("const _: () = ();", "other"),
            ("const safe: u8 = 1 < 2;", "other"),
            ("const A: m!() = 5;", "other"),
            ("pub static mut A: [u8; { 1 + 1 }] = [0; 2];", "other"),
            ("type A<T> = Vec<fn(T)>;", "other"),
            ("struct A;", "other"),
            ("struct A(u8, fn());", "other"),
            (
                "pub struct A<const N: usize = { 1 }> where [(); { N }]: Sized { a: u8 }",
                "other",
            ),
            (
                "struct A<T = Vec<Vec<u8>>>(T) where T: Fn() -> Vec<u8>;",
                "other",
            ),
            ("enum A { B { c: u8 }, D = { 5 } }", "other"),
            ("union A { a: u8 }", "other"),
            ("extern \"C\" { fn a(); }", "other"),
            ("unsafe extern { safe fn a(); }", "other"),
            ("macro_rules! a { () => { fn b() {} } }", "other"),
            ("macro_rules! a(() => {});", "other"),
            (";", "other"),
            ("a! { fn b() {} }", "a!"),
            ("::a::b::c!(fn b() {});", "c!"),
            ("default![];", "default!"),
            ("union! {}", "union!"),
            ("mod a { fn b() {} }", "mod a true"),
            ("pub mod r#async;", "mod r#async false"),
            ("unsafe mod a {}", "mod a true"),
            ("impl !Send for A {}", "impl"),
            (
                "impl<T: Fn() -> u8> A<{ 1 }> for B<T> where A<{ 2 }>: B { fn c() {} }",
                "impl",
            ),
            ("unsafe impl<const N: bool> A for [u8; { 5 }] {}", "impl"),
            ("pub unsafe auto trait A {}", "trait"),
            ("trait A<T>: B<T> where T: C<{ 1 }> { fn a(); }", "trait"),
            ("fn a() {}", "fn a"),
            ("fn a();", "fn a"),
            (
                "pub(in a::b) const unsafe extern \"C\" fn a<'a, T>() -> A<{ 1 }> where T: Fn() -> u8 { = ; }",
                "fn a",
            ),
            (
                "async fn r#type(a: u8) -> impl Fn() -> Vec<u8> { half typed }",
                "fn r#type",
            ),
            ("default fn a() {}", "fn a"),
            ("#[unsafe(no_mangle)] #[doc = \"b\"] fn a() {}", "fn a"),
            ("#[cfg_attr(a, b)] struct A { b: u8 }", "other"),
        ] {
            let tokens: TokenStream = format!("{item} #[mark] pub fn next() {{}}")
                .parse()
                .unwrap();
            assert_eq!(kinds(tokens.clone()), [kind, "fn next"], "{item}");
            let (_, items) = items(tokens.clone());
            let written: TokenStream = items.iter().map(ToTokens::to_token_stream).collect();
            assert_eq!(written.to_string(), tokens.to_string(), "as it was written");
        }
    }

    /// It may hide a function, so that it must not pass for something else; what follows is found.
    #[test]
    fn what_cannot_be_read_is_no_other_item() {
        for item in [
            "fn a(b: ) {}",
            "fn {}",
            "mod {}",
            "mod a::b {}",
            "impl;",
            "trait A = B;",
            "macro a() {}",
            "const A: u8 = 5 fn b() {}",
            "struct A fn b() {}",
            "impl A fn b() {}",
            "struct A impl B { fn b() {} }",
            "const A: u8 = 5 mod b { fn c() {} } const D: u8 = 5;",
            "enum A pub unsafe trait B { fn b() {} }",
            "async {}",
            "5;",
            "#[5] {}",
            "pub pub fn a() {}",
            "unknown {}",
        ] {
            let tokens: TokenStream = format!("{item} fn next() {{}}").parse().unwrap();
            let kinds = kinds(tokens);
            assert_eq!(kinds.first().unwrap(), "unreadable", "{item}");
            assert_eq!(kinds.last().unwrap(), "fn next", "{item}");
        }
    }

    #[test]
    fn nothing_is_lost_at_the_end() {
        for item in [
            "#[a]",
            "pub",
            "fn a()",
            "const A: u8 = 5",
            "#",
            "impl A<{ 1 }",
            "a!",
        ] {
            let tokens: TokenStream = item.parse().unwrap();
            assert_eq!(kinds(tokens.clone()), ["unreadable"], "{item}");
            let (_, items) = items(tokens);
            let written: TokenStream = items.iter().map(ToTokens::to_token_stream).collect();
            assert_eq!(written.to_string().replace(' ', ""), item.replace(' ', ""));
        }
    }

    /// `macro_rules!` puts what it captures into groups without delimiters.
    #[test]
    fn invisible_groups() {
        let group = |text: &str| {
            let tokens: TokenStream = text.parse().unwrap();
            TokenStream::from(TokenTree::Group(Group::new(Delimiter::None, tokens)))
        };
        let (item, visibility, none) = (group("#[a] fn one() {}"), group("pub"), group(""));
        let (body, value) = (group("{}"), group("1 + 1"));
        let tokens = quote::quote! {
            #item #[b] #item #visibility fn two() {} #none fn three() #body
            const A: u8 = #value * 2; fn four() {}
        };
        assert_eq!(
            kinds(tokens),
            ["fn one", "fn one", "fn two", "fn three", "other", "fn four"]
        );
        let hidden = group("fn two() {}");
        let tokens = quote::quote!(struct A #hidden fn three() {});
        assert_eq!(kinds(tokens)[0], "unreadable");
    }
}
