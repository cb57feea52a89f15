//! Whatever tokens come in: no panic, and no handler goes out unguarded without an error beside it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proc_macro2::{TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{attributes, inline};

/// Pieces of lists, right and wrong.
const ELEMENTS: &[&str] = &[
    r#"scheme = "Bearer""#,
    r#"scheme = "Basic""#,
    r#"scheme = "ApiKey""#,
    r#"scheme = "X-API-Key""#,
    r#"scheme = "Baerer""#,
    r#"scheme = "two words""#,
    "scheme = Bearer",
    "scheme =",
    "scheme",
    r#"realm = "API""#,
    r#"realm = "\r\n""#,
    r#"realm = "Büro""#,
    r#"realm = "\"\\""#,
    "realm = ZONE",
    "realm = crate::zones::ZONE",
    "realm = Vec::<u8>::ZONE",
    "realm = 5u8",
    r#"realm = b"API""#,
    r#"realm = "API"suffix"#,
    r#"scope = "orders:read orders:write""#,
    r#"scope = "a  b""#,
    r#"scope = "\"""#,
    r#"header = "X-API-Key""#,
    r#"header = "Authorization""#,
    r#"header = "a b""#,
    "charset = none",
    r#"charset = "utf-8""#,
    "charset = []",
    r#"error_when_missing = "missing_token""#,
    r#"error_when_missing = """#,
    r#"scheme = "Digest""#,
    "Digest",
    r#"Digest(realm = "API", algorithm = "SHA-256, MD5", userhash)"#,
    r#"any(Digest(qop = "auth, auth-int"), all(Basic, ApiKey(header = "X-1")))"#,
    "any(Digest, Digest)",
    r#"algorithm = "md5-sess,SHA-512-256""#,
    r#"algorithm = "SHA-512""#,
    r#"qop = "auth""#,
    r#"qop = "auth-int""#,
    r#"domain = "/a https://b.example""#,
    r#"domain = "a""#,
    r#"opaque = "5ccc""#,
    r#"opaque = """#,
    "userhash",
    "userhash = true",
    "__noted",
    "verifier = Partner",
    "verifier = crate::Tagged<u8, 'static>",
    "verifier = Fn(u8) -> u8",
    "optional",
    "optional = true",
    "crate = ::auth_core",
    "crate = a::<b>",
    "crate = crate",
    "crate = Fn()",
    r#"reason = "probe""#,
    r#"reason = """#,
    "Api",
    "self::Api",
    "Bearer",
    "Basic",
    r#"Bearer(realm = "API")"#,
    r#"Basic(realm = "API", charset = none)"#,
    r#"ApiKey(realm = "API", header = "X-Key")"#,
    r#"any(Bearer(realm = "API"), Basic(realm = "API"))"#,
    r#"any(Bearer, Basic, ApiKey(header = "X-1"), ApiKey(header = "X-2"))"#,
    "any(Bearer)",
    "any",
    "all",
    r#"all(Bearer, ApiKey(header = "X-1"))"#,
    r#"any(all(Bearer, ApiKey(header = "X-1")), Basic)"#,
    r#"all(any(Bearer, Basic), ApiKey(cookie = "id"))"#,
    r#"all(all(Bearer, ApiKey(cookie = "id")), any)"#,
    "any(Bearer, Bearer(verifier = Partner))",
    r#"scope = any("a b", all("c", any("d", "e")))"#,
    "scope = any()",
    r#"scope = all("a",, "b")"#,
    "scope = any[..]",
    r#"role = "admin""#,
    r#"role = any("admin", "a b")"#,
    "role = 5",
    r#"acr = "urn:mfa urn:pwd""#,
    r#"acr = "a  b""#,
    "max_age = 300",
    "max_age = 99999999999999999999999999",
    "max_age = -1",
    "max_age = 0x10",
    r#"cookie = "id""#,
    r#"cookie = "a b""#,
    "secure",
    "secure = true",
    "scheme = self::Signed",
    "scheme = a::<b>::C",
    r#"self::Signed(realm = "API", window = 300, hash = "x")"#,
    "self::Signed(r#type = 5, x = [], y)",
    "self::Signed",
    "all(Bearer, Basic)",
    "any[Bearer]",
    "permit = user.id == id",
    "permit = f::<A, B>(x).await && |a, b| a",
    "permit = x y",
    "permit = a < b, c > (d)",
    "permit",
    "permitt = x",
    "request = req",
    "request = &mut self.req",
    "request = {",
    "reqest = req",
    "state = self.app",
    "state = f(a, b)?",
    "state =",
    "identity = user: Claims",
    "identity = mut user: Option<Authenticated<A<B, C>>>",
    "identity = Claims",
    "identity = (a, b): (A, B)",
    "identity = user: Authenticated",
    "settings",
    "tag = Partner",
    "tag",
];

const RIGHT_LISTS: &[&str] = &[
    r#"scheme = "Bearer", realm = "API""#,
    r#"scheme = "Basic", realm = crate::ZONE, charset = none, optional"#,
    r#"scheme = "X-API-Key", realm = "API", verifier = Partner<u8>,"#,
    r#"any(Bearer(scope = "a b"), Basic, ApiKey(header = "X-1")), realm = "API""#,
    r#"crate = self::renamed, Bearer(realm = "\"\\")"#,
    "crate::Api",
    r#"crate::Api, scope = any("a", "b"), role = "admin", max_age = 5, secure"#,
    r#"realm = "API", role = "admin", any(all(Bearer, ApiKey(header = "X-1")), Basic), secure"#,
    r#"realm = ZONE, all(any(Bearer, Bearer(verifier = Partner)), ApiKey(cookie = "id"))"#,
    r#"scheme = self::Signed, realm = "API", window = 300, r#type = "x""#,
    r#"scheme = "Digest", realm = ZONE, algorithm = "SHA-256, MD5", qop = "auth, auth-int", userhash, charset = none"#,
    r#"realm = "API", any(Digest(domain = "/", opaque = "x"), Basic)"#,
    r#"reason = "probe""#,
    r#"scheme = "Bearer", realm = "API", permit = id == 7"#,
    "permit = a::<b, c>(d).await, crate::Api",
];

/// Of the inline form, and of `check!`.
const INLINE_LISTS: &[&str] = &[
    r#"scheme = "Bearer", realm = "API", request = req, state = self.app"#,
    "request = &req, Api, identity = user: Claims, state = f(a, b)",
    r#"any(Bearer, Basic), realm = "API", state = s, optional, identity = user: A<B, C>, request = r"#,
    r#"any(Digest, Basic), realm = "API", request = req, state = s"#,
    "Api, request = req, state = s, permit = x.y().await, identity = u: Option<Authenticated<A>>",
    "Api, request = req, state = s, identity = Claims",
];

const TOKENS: &[&str] = &[
    "=",
    ",",
    "::",
    "<",
    ">",
    "'a",
    "#",
    "!",
    "->",
    "&",
    "..",
    "_",
    "self",
    "Self",
    "crate",
    "super",
    "fn",
    "async",
    "impl",
    "dyn",
    "for",
    "where",
    "struct",
    "pub",
    "mut",
    "r#type",
    "any",
    "scheme",
    "realm",
    "Bearer",
    "Authenticated",
    "Option",
    "requires_auth",
    "public",
    "5",
    "1.5",
    "'c'",
    "b'c'",
    "\"text\"",
    "r#\"raw\"#",
    "c\"c\"",
    "cfg",
    "auth",
    "optional",
];

const ATTRIBUTES: &[&str] = &[
    "",
    "",
    "",
    "#[doc = \"text\"]",
    "#[inline]",
    "#[requires_auth(scheme = \"Bearer\")]",
    "#[auth_core::public]",
    "#[cfg_attr(all(), requires_auth)]",
    "#[allow(unused)]",
];

const ARGUMENTS: &[&str] = &[
    "user: Authenticated<Claims>",
    "user: Option<Authenticated<Claims>>",
    "user: auth_core::Authenticated<T>",
    "mut user: (Authenticated<Claims>)",
    "user: Authenticated",
    "user: Authenticated<>",
    "user: Option<>",
    "#[cfg(test)] user: Authenticated<Claims>",
    "Query(page): Query<Page>",
    "(a, b): (u8, u8)",
    "_: [u8; { 1 + 1 }]",
    "x: impl Fn(u8) -> u8",
    "x: &'a str",
    "x: <T as Trait>::Type",
    "x: Self",
    "x: m!()",
    "self",
    "&mut self",
    "x: !",
    "...",
];

const ITEMS: &[&str] = &[
    "struct Api;",
    "pub struct Api;",
    "struct Api<T>(T);",
    "enum Api {}",
    "mod api {}",
    "impl Api { fn f() {} }",
    "trait Api { fn f(); }",
    "union U { a: u8 }",
    "extern \"C\" { fn f(); }",
    "macro_rules! m { () => {} }",
    "m! {}",
    "use a::b;",
    "type A = B;",
    "const A: u8 = 5;",
    "static A: u8 = 5;",
    "",
];

const ROLES: &[&str] = &[
    "",
    "#[auth(Bearer)]",
    "#[auth(Basic)]",
    "#[auth(Bearer, tag = Partner)]",
    "#[auth(settings)]",
    "#[auth(settings, tag = Partner)]",
    "#[auth(bearer)]",
    "#[auth]",
    "#[auth = 5]",
    "#[auth()]",
    "#[auth(Bearer(x))]",
    "#[auth(Bearer, settings)]",
    "#[auth(crate = ::auth_core)]",
    "#[other]",
];

/// Any tokens, with groups in them.
fn soup() -> impl Strategy<Value = String> {
    let leaf = select([TOKENS, ELEMENTS].concat()).prop_map(str::to_owned);
    leaf.prop_recursive(3, 24, 6, |inner| {
        (vec(inner, 0..6), select(vec!["()", "[]", "{}", "  "])).prop_map(|(tokens, braces)| {
            let (open, close) = braces.split_at(1);
            format!("{open}{}{close}", tokens.join(" "))
        })
    })
}

const FUTURES_BY_HAND: &[&str] = &[
    "fn f() -> Pin<Box<dyn Future<Output = u8>>> { Box::pin(__body() as fn() + async move { 5 }) }",
    "fn f() -> Pin<Box<dyn Future<Output = u8>>> { __body; Box::pin(async move { 5 }) }",
    "fn f() -> Pin<Box<dyn Future<Output = u8>>> { Box::pin(async { __body }) }",
    "fn f() -> Pin<Box<dyn Future<Output = u8>>> { Box::pin(__body, async move {}) }",
];

const RIGHT_FUNCTIONS: &[&str] = &[
    "async fn f(id: u32) -> Result<impl A, B> { #![allow(a)] __body }",
    "pub async fn f(&self, req: R) -> Result<A, B> { __body; return x; }",
    "#[doc = \"text\"] fn f<'a>(&'a mut self, req: R) -> ::core::pin::Pin<Box<dyn ::core::future::Future<Output = \
     Result<A, B>> + Send + 'a>> where Self: 'a { Box::pin(async move { let __self = self; __body }) }",
];

/// What a function does when it runs.
const BODY: &str = "__body";

fn list() -> impl Strategy<Value = String> {
    let elements = vec(select(ELEMENTS), 0..5).prop_map(|elements| elements.join(", "));
    let nested = (
        elements.clone(),
        select(vec!["any", "Bearer", "all", "x::y"]),
    )
        .prop_map(|(inner, outer)| format!("{outer}({inner})"));
    prop_oneof![3 => select(RIGHT_LISTS).prop_map(str::to_owned),
        3 => select(INLINE_LISTS).prop_map(str::to_owned), 4 => elements.clone(), 2 => nested.clone(), 1 => soup(),
        2 => (nested, elements, soup()).prop_map(|(a, b, c)| format!("{a}, {b}, {c}"))]
}

fn function() -> impl Strategy<Value = String> {
    (
        vec(select(ATTRIBUTES), 0..3),
        select(vec!["", "pub", "pub(crate)", "pub(in a::b)"]),
        select(vec!["", "async", "const", "unsafe", "async unsafe", "extern \"C\"", "default"]),
        select(vec!["orders", "r#async", "r#type", "_x"]),
        select(vec!["", "<T>", "<'a, T: Fn(u8) -> u8, const N: usize>", "<>", "<"]),
        vec(select(ARGUMENTS), 0..4),
        select(vec!["", "-> u8", "-> impl Trait", "-> Self", "->", "-> Result<(), E>", "-> ()",
            "-> Pin<Box<dyn Future<Output = u8> + Send>>", "-> Result<impl A, [impl B; 3]>"]),
        select(vec!["", "where T: Clone", "where"]),
        prop_oneof![2 => Just(format!("{{ {BODY} }}")), 1 => Just(";".to_owned()),
            2 => Just(format!("{{ Box::pin(async move {{ {BODY} }}) }}")),
            1 => Just(format!("{{ {BODY}; Box::pin(async move {{ {BODY} }}) }}")),
            1 => Just(format!("{{ #![allow(a)] {BODY} }}")),
            1 => soup().prop_map(|body| format!("{{ {body} }}")), 1 => soup()],
    )
        .prop_map(
            |(attributes, visibility, qualifiers, name, generics, arguments, returns, bounds, body)| {
                format!(
                    "{} {visibility} {qualifiers} fn {name}{generics}({}) {returns} {bounds} {body}",
                    attributes.join(" "),
                    arguments.join(", "),
                )
            },
        )
}

fn item() -> impl Strategy<Value = String> {
    prop_oneof![6 => function(), 2 => select(RIGHT_FUNCTIONS).prop_map(str::to_owned),
        1 => select(FUTURES_BY_HAND).prop_map(str::to_owned), 2 => select(ITEMS).prop_map(str::to_owned), 1 => soup()]
}

fn state() -> impl Strategy<Value = String> {
    let field = (
        vec(select(ROLES), 0..3),
        select(vec!["A", "FnVerifier<Bearer, u8>", "&'a str", "!"]),
    );
    (
        vec(select(ROLES), 0..2),
        vec(field, 0..4),
        any::<bool>(),
        select(vec!["struct", "enum", "union"]),
    )
        .prop_map(|(roles, fields, named, kind)| {
            let fields: Vec<String> = fields
                .into_iter()
                .enumerate()
                .map(|(at, (roles, ty))| {
                    let name = if named {
                        format!("f{at}: ")
                    } else {
                        String::new()
                    };
                    format!("{} {name}{ty}", roles.join(" "))
                })
                .collect();
            let fields = fields.join(", ");
            let body = if named {
                format!("{{ {fields} }}")
            } else {
                format!("({fields});")
            };
            format!("{} {kind} App<'a, T> {body}", roles.join(" "))
        })
}

/// Between functions, right and wrong.
const BETWEEN: &[&str] = &[
    "use a::{b, c};",
    "const A: fn(u8) -> u8 = { fn free() {} x };",
    "static A: [u8; { 1 }] = [5];",
    "struct Api;",
    "pub struct Api<const N: usize = { 1 }>(fn()) where A<{ 1 }>: B;",
    "enum Api { A { b: u8 } }",
    "extern \"C\" { fn free(); }",
    "macro_rules! m { () => { fn free() {} } }",
    "#[helper] impl<T: Fn() -> u8> Api<{ 1 }> for T { fn free() {} }",
    "#[helper] trait Api { fn free() {} }",
    "impl Api for A { const B: u8 = 1; type C = D; #[helper] fn free() {} }",
    "#[public] impl Api { fn free() {} }",
    ";",
];

const WRONG_BETWEEN: &[&str] = &[
    "m! { fn NAME() {} }",
    "impl Api { fn NAME() {} }",
    "impl Api { m! { fn NAME() {} } }",
    "trait Api { fn NAME() {} }",
    "mod api;",
    "#[cfg_attr(a, helper)] fn free() {}",
    "fn NAME( {}",
    "struct Api",
    "impl Api",
    "const A: u8 = 5",
    "#[doc]",
    "pub",
    "<",
];

/// The content of a module in which functions that need a decision have this name.
fn content(name: &'static str, depth: u8) -> BoxedStrategy<String> {
    let free = (
        select(vec![
            "#[helper]",
            "#[public]",
            "#[auth_core::public(reason = \"probe\")] #[inline]",
            "#[doc = \"text\"] #[requires_auth(Bearer(realm = \"API\"))]",
        ]),
        function_named("free"),
    )
        .prop_map(|(mark, function)| format!("{mark} {function}"));
    let mut items = vec![
        (8, function_named(name).boxed()),
        (4, free.boxed()),
        (6, select(BETWEEN).prop_map(str::to_owned).boxed()),
        (
            1,
            select([WRONG_BETWEEN, ITEMS].concat())
                .prop_map(move |item| item.replace("NAME", name))
                .boxed(),
        ),
    ];
    if let Some(depth) = depth.checked_sub(1) {
        let marked = select(vec![
            "#[helper]",
            "#[public]",
            "#[self::requires_auth(Api)]",
        ]);
        let marked = (marked, content("free", depth))
            .prop_map(|(mark, content)| format!("{mark} mod marked {{ {content} }}"));
        let nested =
            content(name, depth).prop_map(|content| format!("pub mod nested {{ {content} }}"));
        items.extend([(1, marked.boxed()), (2, nested.boxed())]);
    }
    vec(proptest::strategy::Union::new_weighted(items), 0..6)
        .prop_map(|items| items.join(" "))
        .boxed()
}

fn function_named(name: &'static str) -> impl Strategy<Value = String> {
    (
        select(vec!["", "#[doc = \"text\"]", "#[inline] #[cfg_attr(a, allow(unused))]", "#[cfg(a)]"]),
        select(vec!["", "pub", "pub(crate)", "pub(in a::b)"]),
        select(vec!["", "async", "const", "unsafe", "async unsafe", "extern \"C\""]),
        select(vec!["", "<T>", "<'a, T: Fn(u8) -> Vec<Vec<u8>>, const N: usize>"]),
        select(vec!["", "user: Authenticated<Claims>", "a: [u8; { 1 }], (b, c): (u8, fn() -> u8)"]),
        select(vec!["", "-> u8", "-> A<{ 1 }>", "-> impl Fn() -> u8 where A<{ 1 }>: B"]),
        prop_oneof![1 => Just(String::new()), 1 => soup()],
    )
        .prop_map(move |(attributes, visibility, qualifiers, generics, arguments, returns, body)| {
            format!(
                "{attributes} {visibility} {qualifiers} fn {name}{generics}({arguments}) {returns} {{ {body} }}"
            )
        })
}

/// Each `fn` of this name, with what stands between it and the item before it.
fn functions(tokens: TokenStream, name: &str) -> Vec<TokenStream> {
    let (mut found, mut item, mut function) = (Vec::new(), TokenStream::new(), false);
    for token in tokens {
        let mut ends = false;
        match &token {
            TokenTree::Ident(word) if function && word == name => found.push(item.clone()),
            TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Brace => {
                // Those in a function's body are none.
                if !mentions(item.clone(), "fn") {
                    found.extend(functions(group.stream(), name));
                }
                ends = !item.to_string().ends_with('<');
            }
            TokenTree::Punct(punct) => ends = punct.as_char() == ';',
            _ => {}
        }
        function = matches!(&token, TokenTree::Ident(word) if word == "fn");
        item.extend([token]);
        if ends {
            item = TokenStream::new();
        }
    }
    found
}

/// Without an error, exactly the functions that need it have been given the decision.
fn decided_in_module(out: &TokenStream, item: &TokenStream, decision: &str) {
    if has_error(out) {
        return;
    }
    let before = functions(item.clone(), "needy");
    let after = functions(out.clone(), "needy");
    assert_eq!(before.len(), after.len(), "{out}");
    assert!(!after.is_empty(), "{out}");
    for function in after {
        let text = function.to_string().replace(' ', "");
        assert_eq!(text.matches(decision).count(), 1, "{text} in {out}");
    }
    for function in functions(out.clone(), "free") {
        let text = function.to_string().replace(' ', "");
        assert!(!text.contains(decision), "{text} in {out}");
    }
}

/// Some text is no tokens at all, such as a lone quote: it never reaches a macro.
fn tokens(text: &str) -> Option<TokenStream> {
    text.parse().ok()
}

fn mentions(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(group.stream(), word),
        _ => false,
    })
}

fn has_error(out: &TokenStream) -> bool {
    mentions(out.clone(), "compile_error")
}

/// All words and marks in the order of the text.
fn flat(tokens: TokenStream, out: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => flat(group.stream(), out),
            other => out.push(other.to_string()),
        }
    }
}

/// Without an error, nothing of the body stands in front of a check that leaves the function.
fn checked(out: &TokenStream, item: &TokenStream) {
    if has_error(out) {
        return;
    }
    let mut words = Vec::new();
    flat(out.clone(), &mut words);
    let find = |word: &str| words.iter().position(|found| found == word);
    let (admit, leave) = (find("admit"), find("return"));
    assert!(admit.is_some() && leave.is_some(), "{out}");
    if let Some(body) = find(BODY) {
        assert!(admit < Some(body) && leave < Some(body), "{out}");
    }
    let function = match syn::parse2::<syn::ItemFn>(out.clone()) {
        Ok(function) => function,
        // The body goes out as it came in.
        Err(_) if syn::parse2::<syn::Item>(item.clone()).is_err() => return,
        Err(error) => panic!("{error}: {out}"),
    };
    let own = |argument: &syn::FnArg| !mentions(quote::quote!(#argument), "Guard");
    assert!(function.sig.inputs.iter().all(own), "{out}");
    // The check is the first that runs: of the body, or of the future that the body is.
    let first = match &*function.block.stmts {
        [syn::Stmt::Expr(syn::Expr::Call(pinned), None)] => match pinned.args.first() {
            Some(syn::Expr::Async(block)) => &block.block.stmts,
            _ => panic!("{out}"),
        },
        own if function.sig.asyncness.is_some() => own,
        _ => panic!("no future checks: {out}"),
    };
    let runs = |statement: &&syn::Stmt| !matches!(statement, syn::Stmt::Item(_));
    let first = first.iter().find(runs);
    assert!(mentions(quote::quote!(#first), "admit"), "{out}");
}

/// Without an error, the body stands behind the condition.
fn permitted(out: &TokenStream) {
    let mut words = Vec::new();
    flat(out.clone(), &mut words);
    let find = |word: &str| words.iter().position(|found| found == word);
    if let (false, Some(condition), Some(body)) =
        (has_error(out), find("not_permitted"), find(BODY))
    {
        assert!(condition < body, "{out}");
    }
}

/// Without an error, each function that goes out takes the decision as its first argument.
fn decided(out: &TokenStream, item: &TokenStream, decision: &str) {
    if has_error(out) {
        return;
    }
    if let Ok(syn::Item::Impl(_)) = syn::parse2(item.clone()) {
        // Its methods get the attribute; those of a public one get nothing.
        assert!(
            decision == "Public" || mentions(out.clone(), "requires_auth"),
            "{out}"
        );
        return;
    }
    let file = match syn::parse2::<syn::File>(out.clone()) {
        Ok(file) => file,
        // The body goes out as it came in.
        Err(_) if syn::parse2::<syn::Item>(item.clone()).is_err() => return,
        Err(error) => panic!("{error}: {out}"),
    };
    let functions: Vec<&syn::ItemFn> = file
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Fn(function) => Some(function),
            _ => None,
        })
        .collect();
    assert_eq!(functions.len(), 1, "{out}");
    for function in functions {
        match function.sig.inputs.first() {
            Some(syn::FnArg::Typed(argument)) => {
                let ty = &argument.ty;
                assert!(mentions(quote::quote!(#ty), decision), "{out}");
            }
            _ => panic!("no decision: {out}"),
        }
    }
}

fn parses(out: &TokenStream) {
    if !has_error(out) {
        syn::parse2::<syn::File>(out.clone()).unwrap_or_else(|error| panic!("{error}: {out}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn requires_auth_guards_or_complains(list in list(), item in item()) {
        if let (Some(list), Some(item)) = (tokens(&list), tokens(&item)) {
            let out = attributes::requires_auth(list, &item);
            if !mentions(out.clone(), "admit") {
                decided(&out, &item, "Guard");
            }
            permitted(&out);
        }
    }

    #[test]
    fn the_inline_form_checks_or_complains(
        list in prop_oneof![4 => select(INLINE_LISTS).prop_map(str::to_owned), 1 => list()],
        rest in prop_oneof![3 => Just(String::new()), 1 => list()],
        item in item(),
    ) {
        let list = format!("{list}, {rest}, request = req");
        let once = list.replacen(", request = req", "", usize::from(list.matches("request =").count() > 1));
        for list in [list, once] {
            if let (Some(list), Some(item)) = (tokens(&list), tokens(&item)) {
                checked(&attributes::requires_auth(list, &item), &item);
            }
        }
    }

    #[test]
    fn check_is_an_expression_or_complains(list in list()) {
        if let Some(list) = tokens(&list) {
            let out = inline::check(list);
            let parsed = syn::parse2::<syn::Expr>(out.clone());
            if !has_error(&out) {
                prop_assert!(parsed.is_ok() && mentions(out.clone(), "admit"), "{}", out);
            }
        }
    }

    #[test]
    fn public_declares_or_complains(list in list(), item in item()) {
        if let (Some(list), Some(item)) = (tokens(&list), tokens(&item)) {
            decided(&attributes::public(list, &item), &item, "Public");
        }
    }

    /// V12.
    #[test]
    fn modules_guard_each_function_or_complain(list in list(), content in content("needy", 2)) {
        if let (Some(list), Some(item)) = (tokens(&list), tokens(&format!("mod api {{ {content} }}"))) {
            let out = attributes::requires_auth(list, &item);
            decided_in_module(&out, &item, "::__requires_auth_mod_api,crate=");
            let reason = tokens("reason = \"probe\"").unwrap();
            let out = attributes::public(reason, &item);
            decided_in_module(&out, &item, "::public(reason=\"probe\",crate=::auth_core)");
        }
    }

    /// The same for methods.
    #[test]
    fn impl_blocks_guard_each_method_or_complain(content in content("needy", 0)) {
        let list = tokens("Api, request = a, state = self.app").unwrap();
        if let Some(item) = tokens(&format!("impl Api {{ {content} }}")) {
            let out = attributes::requires_auth(list, &item);
            decided_in_module(&out, &item, "::requires_auth(Api,request=a,state=self.app)");
        }
    }

    #[test]
    fn auth_policy_expands_or_complains(list in list(), item in item()) {
        if let (Some(list), Some(item)) = (tokens(&list), tokens(&item)) {
            parses(&attributes::auth_policy(list, item));
        }
    }

    #[test]
    fn auth_state_expands_or_complains(item in prop_oneof![4 => state(), 1 => item()]) {
        if let Some(item) = tokens(&item) {
            parses(&attributes::auth_state(item));
        }
    }
}

/// The strategies reach what they are meant to reach: enough of their lists and items are right.
#[test]
fn right_input_is_among_the_tested() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut right = [0; 5];
    for _ in 0..4000 {
        let (list, item) = (list(), item()).new_tree(&mut runner).unwrap().current();
        let (Some(list), Some(item)) = (tokens(&list), tokens(&item)) else {
            continue;
        };
        let out = attributes::requires_auth(list.clone(), &item);
        let has = |word| !has_error(&out) && mentions(out.clone(), word);
        let reached = [
            has("Guard"),
            has("admit") && !has("pin"),
            has("admit") && has("pin"),
            has("not_permitted"),
            !has_error(&inline::check(list)),
        ];
        for (count, reached) in right.iter_mut().zip(reached) {
            *count += usize::from(reached);
        }
    }
    assert!(right.iter().all(|count| *count > 5), "{right:?}");
    let mut right = 0;
    for _ in 0..2000 {
        let content = content("needy", 2).new_tree(&mut runner).unwrap().current();
        if let Some(item) = tokens(&format!("mod api {{ {content} }}")) {
            let list = tokens("Api").unwrap();
            right += usize::from(!has_error(&attributes::requires_auth(list, &item)));
        }
    }
    assert!(right > 400, "{right}");
}
