//! The reader against a second one: slow, and nothing but the ABNF of RFC 9110 written down. It
//! tries every way to derive an input, so it also shows that there is never more than one reading.

#![allow(clippy::unwrap_used, reason = "tests")]

use auth_syntax::{Challenges, Credentials, is_joined};
use proptest::prelude::*;

/// Scheme, and either a token68 or parameters.
type Challenge = (String, Result<String, Vec<Param>>);
/// Name and value.
type Param = (String, Vec<u8>);

mod grammar {
    //! Each rule takes a place in the input and gives every way to match from there: what was
    //! matched, and where it ends.

    use super::{Challenge, Param};

    type Ways<T> = Vec<(T, usize)>;

    /// `WWW-Authenticate = #challenge`
    pub(super) fn challenges(s: &[u8]) -> Vec<Vec<Challenge>> {
        whole(list(s, 0, challenge), s)
    }

    /// `[ token68 / #auth-param ]`, as it stands behind the scheme of credentials
    pub(super) fn body(s: &[u8]) -> (Vec<String>, Vec<Vec<Param>>) {
        (whole(token68(s, 0), s), whole(list(s, 0, auth_param), s))
    }

    /// `challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]`
    fn challenge(s: &[u8], at: usize) -> Ways<Challenge> {
        let mut ways = Vec::new();
        for (scheme, end) in token(s, at) {
            ways.push(((scheme.clone(), Err(Vec::new())), end));
            for ((), end) in many(s, end, 1, |b| b == b' ') {
                ways.extend(
                    token68(s, end)
                        .into_iter()
                        .map(|(text, end)| ((scheme.clone(), Ok(text)), end)),
                );
                let lists = list(s, end, auth_param).into_iter();
                ways.extend(lists.map(|(params, end)| ((scheme.clone(), Err(params)), end)));
            }
        }
        distinct(ways)
    }

    /// `#element => [ element ] *( OWS "," OWS [ element ] )`
    fn list<T: Clone + PartialEq>(
        s: &[u8],
        at: usize,
        element: fn(&[u8], usize) -> Ways<T>,
    ) -> Ways<Vec<T>> {
        let mut ways: Ways<Vec<T>> = vec![(Vec::new(), at)];
        ways.extend(
            element(s, at)
                .into_iter()
                .map(|(first, end)| (vec![first], end)),
        );
        let mut next = 0;
        while let Some((elements, at)) = ways.get(next).cloned() {
            next += 1;
            for at in ows(s, at)
                .into_iter()
                .filter(|at| s.get(*at) == Some(&b','))
            {
                for at in ows(s, at + 1) {
                    ways.push((elements.clone(), at));
                    for (element, end) in element(s, at) {
                        ways.push(([&elements[..], &[element]].concat(), end));
                    }
                }
            }
            ways = distinct(ways);
        }
        ways
    }

    /// `auth-param = token BWS "=" BWS ( token / quoted-string )`
    fn auth_param(s: &[u8], at: usize) -> Ways<Param> {
        let mut ways = Vec::new();
        for (name, at) in token(s, at) {
            for at in ows(s, at)
                .into_iter()
                .filter(|at| s.get(*at) == Some(&b'='))
            {
                for at in ows(s, at + 1) {
                    let tokens = token(s, at)
                        .into_iter()
                        .map(|(text, end)| (text.into_bytes(), end));
                    let values = tokens.chain(quoted_string(s, at));
                    ways.extend(values.map(|(value, end)| ((name.clone(), value), end)));
                }
            }
        }
        distinct(ways)
    }

    /// `quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE`
    fn quoted_string(s: &[u8], at: usize) -> Ways<Vec<u8>> {
        let mut text = Vec::new();
        let Some(b'"') = s.get(at) else {
            return Vec::new();
        };
        let mut at = at + 1;
        loop {
            match (s.get(at), s.get(at + 1)) {
                (Some(b'"'), _) => return vec![(text, at + 1)],
                (Some(b'\\'), Some(b'\t' | b' '..=b'~' | 0x80..)) => {
                    text.push(s[at + 1]);
                    at += 2;
                }
                (Some(b @ (b'\t' | b' '..=b'[' | b']'..=b'~' | 0x80..)), _) => {
                    text.push(*b);
                    at += 1;
                }
                _ => return Vec::new(),
            }
        }
    }

    /// `token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`
    fn token68(s: &[u8], at: usize) -> Ways<String> {
        let text = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b);
        let ends = many(s, at, 1, text)
            .into_iter()
            .flat_map(|((), end)| many(s, end, 0, |b| b == b'='));
        distinct(ends.map(|((), end)| (string(&s[at..end]), end)).collect())
    }

    /// `token = 1*tchar`: any VCHAR, except delimiters
    fn token(s: &[u8], at: usize) -> Ways<String> {
        let tchar = |b: u8| b.is_ascii_graphic() && !b"\"(),/:;<=>?@[\\]{}".contains(&b);
        many(s, at, 1, tchar)
            .into_iter()
            .map(|((), end)| (string(&s[at..end]), end))
            .collect()
    }

    fn ows(s: &[u8], at: usize) -> Vec<usize> {
        many(s, at, 0, |b| b == b' ' || b == b'\t')
            .into_iter()
            .map(|((), end)| end)
            .collect()
    }

    /// `<least>*octet`, with every number of octets
    fn many(s: &[u8], at: usize, least: usize, octet: fn(u8) -> bool) -> Ways<()> {
        let most = s[at..].iter().take_while(|b| octet(**b)).count();
        (least..=most).map(|count| ((), at + count)).collect()
    }

    fn whole<T: PartialEq>(ways: Ways<T>, s: &[u8]) -> Vec<T> {
        ways.into_iter()
            .filter(|(_, end)| *end == s.len())
            .map(|(way, _)| way)
            .collect()
    }

    fn distinct<T: PartialEq>(ways: Ways<T>) -> Ways<T> {
        let mut distinct = Vec::new();
        for way in ways {
            if !distinct.contains(&way) {
                distinct.push(way);
            }
        }
        distinct
    }

    fn string(bytes: &[u8]) -> String {
        String::from_utf8(bytes.to_vec()).unwrap()
    }
}

/// Near the grammar: its own pieces, and what is easily taken for one, in any order.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => prop::sample::select(vec![" ", ",", "=", ", ", "\t", "\""]),
        6 => prop::sample::select(vec!["A", "b", "B c", "A b=c", "a=b", "b==", "A ", "c=\"x\""]),
        2 => prop::sample::select(vec!["\"\\\"\"", "\"a,B c\"", "\\", "/", ";", "é", "\u{1}", "=\"", "\u{7F}"]),
    ];
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat().into_bytes())
}

/// The challenges that the grammar derives; the errors are those that it cannot express.
fn expected(value: &[u8]) -> Option<Vec<Challenge>> {
    let mut readings = grammar::challenges(trimmed(value));
    assert!(readings.len() <= 1, "ambiguous: {readings:?}");
    let challenges = readings.pop()?;
    // H-6
    let unique = challenges.iter().all(|(_, body)| {
        body.as_ref()
            .map_or_else(|params| no_name_twice(params), |_| true)
    });
    unique.then_some(challenges)
}

fn no_name_twice(params: &[Param]) -> bool {
    let mut names: Vec<_> = params
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    names.sort();
    names.dedup();
    names.len() == params.len()
}

fn read(value: &[u8]) -> Option<Vec<Challenge>> {
    Challenges::new(value)
        .map(|challenge| {
            let challenge = challenge.ok()?;
            let params = challenge
                .params()
                .map(|param| (param.name.to_owned(), param.value.unescaped().collect()));
            let body = challenge
                .token68()
                .map(str::to_owned)
                .ok_or_else(|| params.collect());
            Some((challenge.scheme.to_owned(), body))
        })
        .collect()
}

/// RFC 9110 §5.5: white space around a field's value is no part of it.
fn trimmed(value: &[u8]) -> &[u8] {
    let white = |b: &u8| *b == b' ' || *b == b'\t';
    let start = value.iter().position(|b| !white(b)).unwrap_or(value.len());
    let end = value
        .iter()
        .rposition(|b| !white(b))
        .map_or(start, |last| last + 1);
    &value[start..end]
}

/// The rule of `is_joined`, by cutting the value to pieces.
fn expected_joined(value: &[u8]) -> bool {
    // Latin-1, so that each octet is one character.
    let text: String = value.iter().map(|b| char::from(*b)).collect();
    let mut outside = String::new();
    let mut rest = text.as_str();
    while let Some((before, quoted)) = rest.split_once('"') {
        // `\0` stands for a quoted-string: neither token nor white space.
        outside = outside + before + "\0";
        let mut end = 0;
        while let Some(c) = quoted[end..].chars().next() {
            if c == '"' {
                break;
            }
            end += if c == '\\' {
                1 + quoted[end + 1..].chars().next().map_or(0, char::len_utf8)
            } else {
                c.len_utf8()
            };
        }
        rest = quoted.get(end + 1..).unwrap_or_default();
    }
    outside += rest;
    let white = [' ', '\t'];
    let elements: Vec<_> = outside
        .split(',')
        .map(|element| element.trim_matches(white))
        .collect();
    let Some(first) = elements.iter().position(|element| !element.is_empty()) else {
        return false;
    };
    first > 0
        || elements[1..].iter().any(|element| {
            let (scheme, body) = element.split_once(white).unwrap_or((element, ""));
            auth_syntax::is_token(scheme) && !body.trim_start_matches(white).starts_with('=')
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn challenges_are_what_the_grammar_derives(value in pieces()) {
        prop_assert_eq!(read(&value), expected(&value), "{}", value.escape_ascii());
    }

    #[test]
    fn the_body_of_credentials_is_what_the_grammar_derives(value in pieces()) {
        let body = trimmed(&value);
        let (token68, lists) = grammar::body(body);
        let list = lists.into_iter().next().filter(|params| no_name_twice(params));

        let field = [b"Scheme ", body].concat();
        let credentials = Credentials::read(&field).unwrap().unwrap();
        prop_assert_eq!(credentials.rest, body);
        prop_assert_eq!(credentials.token68(), token68.first().map(String::as_str));
        let read: Result<Vec<Param>, _> = credentials
            .params()
            .map(|param| param.map(|param| (param.name.to_owned(), param.value.unescaped().collect())))
            .collect();
        prop_assert_eq!(read.ok(), list);
    }

    // H-15
    #[test]
    fn joined_is_what_the_rule_says(value in pieces()) {
        prop_assert_eq!(is_joined(&value), expected_joined(&value), "{}", value.escape_ascii());
    }

    // H-15: nothing well formed is refused, and two that are joined never pass.
    #[test]
    fn one_is_not_joined_and_two_are(
        one in well_formed(),
        two in prop_oneof![3 => well_formed(), 1 => "[A-Za-z0-9-]{1,5}"],
        comma in "[ \t]?,[ ,\t]{0,2}",
    ) {
        prop_assert!(!is_joined(one.as_bytes()));
        let joined = format!("{one}{comma}{two}");
        prop_assert!(is_joined(joined.as_bytes()), "{}", joined);
        let behind_an_empty_line = format!("{comma}{one}");
        prop_assert!(is_joined(behind_an_empty_line.as_bytes()), "{}", behind_an_empty_line);
    }

    #[test]
    fn no_input_panics(
        start in prop::sample::select(vec!["", "A ", "A b", "A b=", "A b=\"", "A b=c,"]),
        rest in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let value = [start.as_bytes(), &rest].concat();
        for challenge in Challenges::new(&value).flatten() {
            challenge.params().for_each(|param| drop(param.value.to_string()));
            let _ = challenge.param("realm");
        }
        if let Ok(Some(credentials)) = Credentials::read(&value) {
            let _ = (credentials.params().count(), credentials.token68());
        }
        let _ = is_joined(&value);
    }
}

/// Credentials with a body, each in one of its two forms.
fn well_formed() -> impl Strategy<Value = String> {
    let value = prop_oneof!["[a-z0-9]{1,3}", r#""([a-z,= ]|\\"|\\\\)*""#];
    let param = ("[a-z]{1,3}", "[ \t]{0,2}=[ \t]{0,2}", value)
        .prop_map(|(name, equals, value)| format!("{name}{equals}{value}"));
    let list = prop::collection::vec(param, 1..4).prop_map(|params| params.join(" , "));
    let body = prop_oneof!["[A-Za-z0-9._~+/-]{1,6}={0,2}", list];
    ("[A-Za-z0-9-]{1,5}", " {1,3}", body)
        .prop_map(|(scheme, spaces, body)| format!("{scheme}{spaces}{body}"))
}
