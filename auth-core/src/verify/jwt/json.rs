//! JSON objects, read strictly (RFC 7515 §4, RFC 7519 §4 and §7.2).

use core::fmt;
use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The wanted members of an object, each as it stands there; a name may be wanted twice. `None` unless the text is exactly one
/// JSON object in which no name occurs twice in one object, at whatever depth and however it is escaped:
/// with doubled names, two readers of one token can see two tokens. Depth is bounded by `serde_json`
/// (128), work by the sorting of names.
pub(in crate::verify) fn members<'a, const N: usize>(
    text: &'a str,
    wanted: [&str; N],
) -> Option<[Option<&'a RawValue>; N]> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let members = deserializer.deserialize_map(Wanted(wanted)).ok()?;
    deserializer.end().ok()?;
    Some(members)
}

/// A string, borrowed unless something in it is escaped.
pub(in crate::verify) fn string(value: &RawValue) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Text<'_>>(value.get())
        .ok()
        .map(|text| text.0)
}

/// An array of strings.
pub(super) fn strings(value: &RawValue) -> Option<Vec<Cow<'_, str>>> {
    let texts: Vec<Text<'_>> = serde_json::from_str(value.get()).ok()?;
    Some(texts.into_iter().map(|text| text.0).collect())
}

/// An array whose members are each a string, or an object whose member of this name is one.
pub(super) fn strings_or_objects<'a>(value: &'a RawValue, name: &str) -> Option<Vec<Cow<'a, str>>> {
    let entries: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
    let text = |entry: &'a RawValue| match string(entry) {
        Some(text) => Some(text),
        None => {
            let [member] = members(entry.get(), [name])?;
            string(member?)
        }
    };
    entries.into_iter().map(text).collect()
}

/// A number that an `f64` can hold: finite, by the reader's own rule.
pub(super) fn number(value: &RawValue) -> Option<f64> {
    serde_json::from_str(value.get()).ok()
}

struct Wanted<'w, const N: usize>([&'w str; N]);

impl<'de, const N: usize> Visitor<'de> for Wanted<'_, N> {
    type Value = [Option<&'de RawValue>; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut found = [None; N];
        let mut names = Names(Vec::with_capacity(16));
        while let Some(Text(name)) = map.next_key()? {
            if self.0.iter().any(|wanted| *wanted == name) {
                let value: &RawValue = map.next_value()?;
                // The caller reads strings and numbers; what holds others may pass it unread.
                if value.get().starts_with(['{', '[']) {
                    let _: Sound = serde_json::from_str(value.get()).map_err(M::Error::custom)?;
                }
                for (place, wanted) in found.iter_mut().zip(self.0) {
                    if wanted == name {
                        *place = Some(value);
                    }
                }
            } else {
                let _: Sound = map.next_value()?;
            }
            names.0.push(name);
        }
        names.distinct()?;
        Ok(found)
    }
}

/// The names of one object.
struct Names<'de>(Vec<Cow<'de, str>>);

impl Names<'_> {
    fn distinct<E: Error>(mut self) -> Result<(), E> {
        // Sorted first: a token of ten thousand names takes no quadratic time.
        self.0.sort_unstable();
        if self.0.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(E::custom("a name occurs twice"));
        }
        Ok(())
    }
}

struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

/// Any value that can be read in full, without doubled names. Serde's `IgnoredAny` skips over numbers
/// out of range (`1e400`) and half surrogates in strings.
struct Sound;

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Sound)
    }
}

impl<'de> Visitor<'de> for Sound {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self, A::Error> {
        while let Some(Sound) = sequence.next_element()? {}
        Ok(self)
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self, M::Error> {
        let mut names = Names(Vec::new());
        while let Some(Text(name)) = map.next_key()? {
            if name == NUMBER {
                let Text(digits) = map.next_value()?;
                number_of(&digits)?;
            } else {
                let Sound = map.next_value()?;
            }
            names.0.push(name);
        }
        names.distinct()?;
        Ok(self)
    }
}

/// How `serde_json` hands a number over where any crate of the program has turned its feature `arbitrary_precision` on:
/// unread, as the one member of a map. No claim has this name.
const NUMBER: &str = "$serde_json::private::Number";

fn number_of<E: Error>(digits: &str) -> Result<f64, E> {
    let number: Option<f64> = digits.parse().ok();
    let finite = number.filter(|number| number.is_finite());
    finite.ok_or_else(|| E::custom("a number out of range"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What `a` is, "absent" without one; `None` for a text that is refused.
    fn a(text: &str) -> Option<&str> {
        members(text, ["a", "b"]).map(|[a, _]| a.map_or("absent", RawValue::get))
    }

    #[test]
    fn j19_numbers_are_read_also_where_serde_json_hands_them_over_unread() {
        let handed = |digits: &str| format!(r#"{{"c":{{"{NUMBER}":"{digits}"}}}}"#);
        assert_eq!(a(&handed("1.5e3")), Some("absent"));
        for bad in ["1e400", "-1e400", "x", "", "NaN", "inf"] {
            assert_eq!(a(&handed(bad)), None, "{bad}");
        }
    }

    #[test]
    fn j11_doubled_names_are_refused_however_written() {
        assert_eq!(a(r#"{"a":1,"b":2,"c":3}"#), Some("1"));
        assert_eq!(a(r#"{ "b" : 2 }"#), Some("absent"));
        for doubled in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"x":1,"b":2,"a":3,"x":null}"#,
            r#"{"":1,"":2}"#,
            r#"{"c":{"a":[],"a":["admin"]}}"#,
            r#"{"c":{"a":1,"\u0061":2}}"#,
            r#"{"c":[1,{"d":{"e":1,"f":2,"e":1}}]}"#,
            r#"{"a":{"x":1,"x":2}}"#,
            r#"{"a":[{"x":1,"x":2}]}"#,
        ] {
            assert_eq!(a(doubled), None, "{doubled}");
        }
        // One name, wanted twice.
        let twice = members(r#"{"b":2,"a":1}"#, ["a", "b", "a"]).unwrap();
        let twice = twice.map(|value| value.map_or("absent", RawValue::get));
        assert_eq!(twice, ["1", "2", "1"]);
        // Case matters: these are two names.
        let cases = members(r#"{"A":1}"#, ["a", "A"]).unwrap();
        assert_eq!(
            cases.map(|value| value.map(RawValue::get)),
            [None, Some("1")]
        );
        assert_eq!(a(r#"{"a":1,"A":2}"#), Some("1"));
        // So do places: a name may occur once in each object.
        let nested = r#"{"a":1,"c":{"a":1,"c":{"a":1}},"d":[{"a":1},{"a":1}]}"#;
        assert_eq!(a(nested), Some("1"));
    }

    #[test]
    fn j19_only_one_whole_object_is_one() {
        for bad in [
            "",
            "null",
            "1",
            "\"a\"",
            "[]",
            "[{}]",
            "{",
            "{}{}",
            "{} x",
            "{\"a\":}",
            "{a:1}",
            "\u{feff}{}",
            "{\"a\":1,}",
            "{\"c\":1e400}",
            "{\"c\":[{\"d\":-1e400}]}",
            "{\"c\":\"\\ud800\"}",
            "{\"c\":01}",
            "{\"c\":NaN}",
        ] {
            assert_eq!(a(bad), None, "{bad}");
        }
        assert_eq!(a("{}"), Some("absent"));
        assert_eq!(
            a(" {\n\"c\": [1e300, -4, true, null, {\"d\": \"\\u00e9\"}]} "),
            Some("absent")
        );
    }

    #[test]
    fn v24_depth_and_width_are_bounded() {
        let deep = format!("{{\"c\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(a(&deep), None);
        let wide: Vec<String> = (0..10_000).map(|n| format!("\"n{n}\":0")).collect();
        let wide = format!("{{{}}}", wide.join(","));
        assert_eq!(a(&wide), Some("absent"));
        assert_eq!(a(&format!("{{\"c\":{wide}}}")), Some("absent"));
        let objects = |depth: usize| {
            format!(
                "{{\"c\":{}1{}}}",
                "{\"d\":".repeat(depth),
                "}".repeat(depth)
            )
        };
        assert_eq!(a(&objects(100)), Some("absent"));
        assert_eq!(a(&objects(10_000)), None);
    }

    #[test]
    fn v6_values_are_of_exactly_the_type_that_is_asked_for() {
        let value = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
        assert_eq!(string(&value(r#""caf\u00e9""#)).unwrap(), "café");
        assert_eq!(number(&value("1.5")), Some(1.5));
        assert_eq!(number(&value("15")), Some(15.0));
        assert_eq!(strings(&value(r#"["a","b"]"#)).unwrap(), ["a", "b"]);
        for other in ["null", "true", "[]", "{}", "[1]", r#"["1"]"#, r#"{"a":1}"#] {
            assert_eq!(string(&value(other)), None, "{other}");
            assert_eq!(number(&value(other)), None, "{other}");
        }
        assert_eq!(number(&value("\"1\"")), None);
        assert_eq!(string(&value("1")), None);
        for number_out_of_range in ["1e400", "-1e400"] {
            assert_eq!(number(&value(number_out_of_range)), None);
        }
        for other in ["null", "\"a\"", "[1]", r#"["a",null]"#, "{}"] {
            assert_eq!(strings(&value(other)), None, "{other}");
        }
    }
}
