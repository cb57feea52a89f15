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
            "const" | "static" | "use" | "type" => self.other(self.semicolon(at)?),
            "extern" if self.word(at + 1)? == "crate" => self.other(self.semicolon(at)?),
            "extern" | "struct" | "enum" | "union" => self.other(self.braces_or_semicolon(at)?),
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
        if content.delimiter() != Delimiter::Brace || self.holds_function(end) {
            return None;
        }
        Some((without_last(self.take(end + 1)), content))
    }

    fn other(&mut self, end: usize) -> Option<(TokenStream, Kind)> {
        if self.holds_function(end) {
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

    /// Whether a function stands before `end`: then this is more than one item.
    fn holds_function(&self, end: usize) -> bool {
        declares_function(self.0.iter().take(end).cloned())
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
