//! What the writer writes, readers read back: ours, and the crate `http-auth`.

#![allow(clippy::unwrap_used, reason = "tests")]

use auth_syntax::{BadChallenge, Challenge, Challenges, NoRoom, Param, Value};
use proptest::prelude::*;

/// A challenge that owns its parts.
#[derive(Clone, Debug, PartialEq)]
struct Parts {
    scheme: String,
    token68: Option<String>,
    params: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
struct Part {
    name: String,
    value: String,
    quoted: bool,
}

impl Part {
    fn as_param(&self) -> Param<'_> {
        let form = if self.quoted {
            Param::quoted
        } else {
            Param::token
        };
        form(&self.name, &self.value)
    }
}

impl Parts {
    fn params(&self) -> Vec<Param<'_>> {
        self.params.iter().map(Part::as_param).collect()
    }

    fn with<T>(&self, then: impl FnOnce(Challenge<'_>) -> T) -> T {
        match &self.token68 {
            Some(text) => then(Challenge::token68(&self.scheme, text)),
            None => then(Challenge::new(&self.scheme, &self.params())),
        }
    }

    /// Nothing is written before it was checked.
    fn written(&self) -> Result<Vec<u8>, BadChallenge> {
        self.with(|challenge| {
            challenge.check()?;
            let mut out = vec![0; challenge.written_len()];
            assert_eq!(challenge.write_to(&mut out, 0), Ok(out.len()));
            Ok(out)
        })
    }

    /// The rules, once more and plainly: H-5, H-6, H-9, H-10, H-11.
    fn may_be_sent(&self) -> bool {
        let token = |s: &str| {
            !s.is_empty()
                && s.bytes()
                    .all(|b| b.is_ascii_graphic() && !b"\"(),/:;<=>?@[\\]{}".contains(&b))
        };
        let token68 = |s: &str| {
            let text = s.trim_end_matches('=');
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b))
        };
        let value = |part: &Part| {
            if part.quoted {
                part.value.bytes().all(|b| (0x20..0x7F).contains(&b))
            } else {
                token(&part.value) && !part.name.eq_ignore_ascii_case("realm")
            }
        };
        let mut names: Vec<_> = self
            .params
            .iter()
            .map(|part| part.name.to_ascii_lowercase())
            .collect();
        names.sort();
        names.dedup();
        token(&self.scheme)
            && match &self.token68 {
                Some(text) => token68(text),
                None => {
                    self.params.len() <= 32
                        && names.len() == self.params.len()
                        && self
                            .params
                            .iter()
                            .all(|part| token(&part.name) && value(part))
                }
            }
    }
}

fn token() -> impl Strategy<Value = String> {
    "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}"
}

fn sendable() -> impl Strategy<Value = Parts> {
    let value = prop_oneof![
        (token(), Just(false)),
        ("[ -~]{0,40}", Just(true)),
        // Dense in what must be escaped, across the writer's eights.
        (r#"["\\a]{0,40}"#, Just(true)),
    ];
    let part = (token(), value).prop_map(|(name, (value, quoted))| {
        let quoted = quoted || name.eq_ignore_ascii_case("realm");
        Part {
            name,
            value,
            quoted,
        }
    });
    let params = prop::collection::vec(part, 0..6).prop_map(|mut params| {
        let mut seen = Vec::new();
        params.retain(|part: &Part| {
            let name = part.name.to_ascii_lowercase();
            let fresh = !seen.contains(&name);
            seen.push(name);
            fresh
        });
        params
    });
    prop_oneof![
        1 => (token(), "[A-Za-z0-9._~+/-]{1,20}={0,3}")
            .prop_map(|(scheme, text)| Parts { scheme, token68: Some(text), params: Vec::new() }),
        4 => (token(), params).prop_map(|(scheme, params)| Parts { scheme, token68: None, params }),
    ]
}

/// Few letters and some that do not belong, so that every rule is met and broken.
fn any_parts() -> impl Strategy<Value = Parts> {
    let word =
        || prop_oneof![6 => "[a-c]{1,2}", 1 => "[aA= ;\"\\\\\n\u{7F}é]{0,2}", 1 => "[rR]ealm"];
    let part = (
        word(),
        "[a \"\\\\]{0,9}|[ab]{1,2}|a\r|\t|é|\u{7F}",
        any::<bool>(),
    )
        .prop_map(|(name, value, quoted)| Part {
            name,
            value,
            quoted,
        });
    let token68 = prop::option::weighted(0.2, "[a=]{0,3}|a b|a,");
    (word(), token68, prop::collection::vec(part, 0..4)).prop_map(|(scheme, token68, params)| {
        Parts {
            scheme,
            token68,
            params,
        }
    })
}

/// The challenges of a field value, in our reading.
fn read(value: &[u8]) -> Vec<Parts> {
    let challenge = |challenge: auth_syntax::ChallengeRef<'_>| Parts {
        scheme: challenge.scheme.to_owned(),
        token68: challenge.token68().map(str::to_owned),
        params: challenge
            .params()
            .map(|param| Part {
                name: param.name.to_owned(),
                value: param.value.to_string(),
                quoted: param.value.is_quoted(),
            })
            .collect(),
    };
    Challenges::new(value)
        .map(|item| challenge(item.unwrap()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_written_is_read_back(challenges in prop::collection::vec(sendable(), 1..4)) {
        let lines: Vec<_> = challenges.iter().map(|parts| parts.written().unwrap()).collect();
        for (parts, line) in challenges.iter().zip(&lines) {
            prop_assert_eq!(&read(line), std::slice::from_ref(parts));
        }
        prop_assert_eq!(read(&lines.join(&b", "[..])), challenges);
    }

    #[test]
    fn http_auth_reads_the_same(parts in sendable()) {
        prop_assume!(parts.token68.is_none()); // it reads none
        let line = String::from_utf8(parts.written().unwrap()).unwrap();
        let theirs = http_auth::parse_challenges(&line).unwrap();
        prop_assert_eq!(theirs.len(), 1);
        prop_assert_eq!(theirs[0].scheme, &parts.scheme);
        let read = theirs[0].params.iter().map(|(name, value)| ((*name).to_owned(), value.to_unescaped()));
        let read: Vec<_> = read.collect();
        let sent: Vec<_> = parts.params.into_iter().map(|part| (part.name, part.value)).collect();
        prop_assert_eq!(read, sent);
    }

    // H-5, H-6, H-9, H-10, H-11: the check refuses exactly what must not be sent.
    #[test]
    fn only_what_may_be_sent_is_written(parts in any_parts()) {
        prop_assert_eq!(parts.written().is_ok(), parts.may_be_sent(), "{:?}", parts.written());
    }

    // H-10
    #[test]
    fn what_is_written_is_printable_ascii(parts in any_parts()) {
        if let Ok(line) = parts.written() {
            prop_assert!(line.iter().all(|b| (0x20..0x7F).contains(b)));
        }
    }

    #[test]
    fn display_writes_the_same_octets(parts in any_parts()) {
        parts.with(|challenge| {
            let mut out = vec![0; challenge.written_len()];
            challenge.write_to(&mut out, 0).unwrap();
            prop_assert_eq!(challenge.to_string().into_bytes(), out);
            Ok(())
        })?;
    }

    #[test]
    fn a_small_output_is_an_error_and_nothing_outside_is_touched(
        parts in sendable(),
        at in 0..40usize,
        room in 0..80usize,
    ) {
        parts.with(|challenge| {
            let mut out = vec![b'.'; at + room];
            let end = challenge.write_to(&mut out, at);
            let fits = challenge.written_len() <= room;
            prop_assert_eq!(end, if fits { Ok(at + challenge.written_len()) } else { Err(NoRoom) });
            prop_assert!(out[..at].iter().all(|b| *b == b'.'));
            if let Ok(end) = end {
                prop_assert_eq!(out[at..end].to_vec(), challenge.to_string().into_bytes());
                prop_assert!(out[end..].iter().all(|b| *b == b'.'));
            }
            prop_assert_eq!(challenge.write_to(&mut out, at + room + 1), Err(NoRoom));
            Ok(())
        })?;
    }
}

// Assembled and checked while the program is compiled.
const REALM: &str = r#"the "dev" zone in C:\"#;
const PARAMS: &[Param<'_>] = &[
    Param::quoted("realm", REALM),
    Param {
        name: "stale",
        value: Value::Token("true"),
    },
];
const CHALLENGE: Challenge<'_> = Challenge::new("Digest", PARAMS);
const TEXT: [u8; CHALLENGE.written_len()] = {
    assert!(CHALLENGE.check().is_ok());
    let mut text = [0; CHALLENGE.written_len()];
    assert!(CHALLENGE.write_to(&mut text, 0).is_ok());
    text
};

#[test]
fn a_challenge_is_assembled_in_a_constant() {
    assert_eq!(
        TEXT.escape_ascii().to_string(),
        br#"Digest realm="the \"dev\" zone in C:\\", stale=true"#
            .escape_ascii()
            .to_string()
    );
    assert_eq!(read(&TEXT)[0].params[0].value, REALM);
}
