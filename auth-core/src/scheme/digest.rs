//! Digest (RFC 7616).

use core::fmt;
use std::borrow::Cow;

use auth_syntax::{
    Credentials, DigestAlgorithm, DigestQop, ParamRef, SyntaxErrorKind, Unescaped, ValueRef,
};

use super::{ChallengeErrors, Scheme};
use crate::hex;
use crate::refusal::{Cause, DigestFault, InvalidRequest, Text};

/// The Digest scheme (RFC 7616): the client proves that it knows the password, for one method and one target, and sends
/// neither the password nor anything that would do in its place.
///
/// It hides the password from the server and from whoever listens. Everything else still needs TLS.
///
/// `digest::DigestVerifier` (feature `digest`) checks it. A verifier of yours has to [complete](crate::Verifier::complete)
/// challenges as well, and to compare all of [`DigestCredentials`] with the request and with what the policy
/// [declares](crate::RequestView::declaration).
#[derive(Clone, Copy, Debug)]
pub enum Digest {}

impl Scheme for Digest {
    type Credentials<'r> = DigestCredentials<'r>;
    type Owned = DigestCredentials<'static>;

    const NAME: &'static str = "Digest";
    const REJECTED: Text = crate::refusal::text!(
        "invalid_credentials",
        "User name, password or digest is wrong"
    );
    const ERRORS: ChallengeErrors = ChallengeErrors::None;
    const OPEN_CHALLENGES: bool = true;

    fn extract(value: &[u8]) -> Result<DigestCredentials<'_>, Cause> {
        Sent::read(value)
            .and_then(Sent::checked)
            .map_err(|fault| Cause::InvalidRequest(InvalidRequest::Digest(fault)))
    }

    fn to_owned(credentials: DigestCredentials<'_>) -> DigestCredentials<'static> {
        credentials.into_owned()
    }
}

/// Octets of the longest `cnonce`. Clients send 16 to 64.
const MAX_CNONCE_LEN: usize = 256;

/// Digest credentials as they were presented (RFC 7616 §3.4): every parameter that is needed is there once and is well
/// formed, and nothing more is known about them: not whether they are for this target, realm and algorithm.
///
/// - `algorithm`, `qop` and `nc` may be quoted, as some clients send them; `response` and `nc` may have digits of either
///   case.
/// - Texts are UTF-8 without control characters; none is empty. `cnonce` is ASCII, of at most 256 characters.
/// - `nc` is not zero: the first request of a nonce has 1.
/// - Parameters that RFC 7616 does not define are ignored.
///
/// Nothing of them is printed.
pub struct DigestCredentials<'r> {
    user: Cow<'r, str>,
    hashed: bool,
    realm: Cow<'r, str>,
    nonce: Cow<'r, str>,
    uri: Cow<'r, str>,
    algorithm: Option<DigestAlgorithm>,
    qop: DigestQop,
    cnonce: Cow<'r, str>,
    count: u32,
    count_text: Cow<'r, str>,
    response: Hex,
    opaque: Option<Cow<'r, str>>,
}

impl DigestCredentials<'_> {
    /// Who is said to call.
    #[must_use]
    pub fn user(&self) -> DigestUser<'_> {
        if self.hashed {
            DigestUser::Hashed(&self.user)
        } else {
            DigestUser::Plain(&self.user)
        }
    }

    /// The realm of the challenge that is answered.
    #[must_use]
    pub fn realm(&self) -> &str {
        &self.realm
    }

    /// The nonce of the challenge that is answered.
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// The request target, as the digest has it.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The algorithm: MD5 where none is named (RFC 7616 §3.4), `None` for one of an unknown name.
    #[must_use]
    pub fn algorithm(&self) -> Option<DigestAlgorithm> {
        self.algorithm
    }

    /// The quality of protection.
    #[must_use]
    pub fn qop(&self) -> DigestQop {
        self.qop
    }

    /// The client's own nonce.
    #[must_use]
    pub fn cnonce(&self) -> &str {
        &self.cnonce
    }

    /// `nc`: which request with this nonce it is, from 1.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// `nc` as it was sent, which is what the digest has: 8 hexadecimal digits.
    #[must_use]
    pub fn count_text(&self) -> &str {
        &self.count_text
    }

    /// `response`: the octets of the digest. Compare it in constant time.
    #[must_use]
    pub fn response(&self) -> &[u8] {
        self.response.octets()
    }

    /// `opaque`, if it was sent back.
    #[must_use]
    pub fn opaque(&self) -> Option<&str> {
        self.opaque.as_deref()
    }

    fn into_owned(self) -> DigestCredentials<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        DigestCredentials {
            user: owned(self.user),
            hashed: self.hashed,
            realm: owned(self.realm),
            nonce: owned(self.nonce),
            uri: owned(self.uri),
            algorithm: self.algorithm,
            qop: self.qop,
            cnonce: owned(self.cnonce),
            count: self.count,
            count_text: owned(self.count_text),
            response: self.response,
            opaque: self.opaque.map(owned),
        }
    }
}

impl fmt::Debug for DigestCredentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DigestCredentials([redacted])")
    }
}

/// Whom Digest credentials name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum DigestUser<'r> {
    /// `username`, or `username*` decoded (RFC 8187).
    Plain(&'r str),
    /// `username` under `userhash=true`: H(user:realm) in the algorithm of the credentials, in hexadecimal digits of lower
    /// case (RFC 7616 §3.4.4).
    Hashed(&'r str),
}

/// Prints nothing of the name.
impl fmt::Debug for DigestUser<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain([redacted])",
            Self::Hashed(_) => "Hashed([redacted])",
        })
    }
}

/// The parameters as they were sent, each at most once.
#[derive(Default)]
struct Sent<'r> {
    username: Option<ValueRef<'r>>,
    username_star: Option<ValueRef<'r>>,
    userhash: Option<ValueRef<'r>>,
    realm: Option<ValueRef<'r>>,
    nonce: Option<ValueRef<'r>>,
    uri: Option<ValueRef<'r>>,
    response: Option<ValueRef<'r>>,
    algorithm: Option<ValueRef<'r>>,
    cnonce: Option<ValueRef<'r>>,
    opaque: Option<ValueRef<'r>>,
    qop: Option<ValueRef<'r>>,
    nc: Option<ValueRef<'r>>,
}

impl<'r> Sent<'r> {
    fn read(value: &'r [u8]) -> Result<Self, DigestFault> {
        let credentials = Credentials {
            scheme: Digest::NAME,
            rest: value,
        };
        let mut sent = Self::default();
        for param in credentials.params() {
            let param = param.map_err(|error| match error.kind {
                SyntaxErrorKind::RepeatedName => DigestFault::Repeated,
                _ => DigestFault::Syntax,
            })?;
            if let Some(place) = sent.place(&param) {
                *place = Some(param.value);
            }
        }
        Ok(sent)
    }

    fn place(&mut self, param: &ParamRef<'_>) -> Option<&mut Option<ValueRef<'r>>> {
        let places = [
            ("username", &mut self.username),
            ("username*", &mut self.username_star),
            ("userhash", &mut self.userhash),
            ("realm", &mut self.realm),
            ("nonce", &mut self.nonce),
            ("uri", &mut self.uri),
            ("response", &mut self.response),
            ("algorithm", &mut self.algorithm),
            ("cnonce", &mut self.cnonce),
            ("opaque", &mut self.opaque),
            ("qop", &mut self.qop),
            ("nc", &mut self.nc),
        ];
        let mut places = places.into_iter();
        places.find_map(|(name, place)| param.is(name).then_some(place))
    }

    fn checked(self) -> Result<DigestCredentials<'r>, DigestFault> {
        let algorithm = match self.algorithm {
            // RFC 7616 §3.4: whoever names none means this one.
            None => Some(DigestAlgorithm::Md5),
            Some(name) => DigestAlgorithm::parse(&text("algorithm", name)?),
        };
        let hashed = match self.userhash {
            None => false,
            Some(told) => match &*text("userhash", told)? {
                told if told.eq_ignore_ascii_case("true") => true,
                told if told.eq_ignore_ascii_case("false") => false,
                _ => return Err(DigestFault::Malformed("userhash")),
            },
        };
        let user = match (self.username, self.username_star) {
            (None, None) => return Err(DigestFault::Missing("username")),
            (Some(_), Some(_)) => return Err(DigestFault::TwoNames),
            (Some(name), None) if hashed => hash_of_name(name)?,
            (Some(name), None) => text("username", name)?,
            // RFC 7616 §3.4: only where the name is not hashed.
            (None, Some(_)) if hashed => return Err(DigestFault::Malformed("username*")),
            (None, Some(name)) => Cow::Owned(extended("username*", name)?),
        };
        let qop = required("qop", self.qop)?;
        let qop = DigestQop::parse(&qop).ok_or(DigestFault::QopNotOffered)?;
        let count_text = required("nc", self.nc)?;
        let response = required("response", self.response)?;
        // Where no algorithm is named, whoever looks at the offer says so, and not that the length is another one.
        let digits = self.algorithm.and(algorithm);
        let digits = digits.map(DigestAlgorithm::digest_len);
        let response = Hex::read(&response)
            .filter(|hex| digits.is_none_or(|digits| hex.octets().len() == digits))
            .ok_or(DigestFault::Malformed("response"))?;
        Ok(DigestCredentials {
            user,
            hashed,
            realm: required("realm", self.realm)?,
            nonce: required("nonce", self.nonce)?,
            uri: required("uri", self.uri)?,
            algorithm,
            qop,
            cnonce: cnonce(self.cnonce)?,
            count: count(&count_text).ok_or(DigestFault::Malformed("nc"))?,
            count_text,
            response,
            opaque: self.opaque.map(|value| text("opaque", value)).transpose()?,
        })
    }
}

fn required<'r>(
    name: &'static str,
    value: Option<ValueRef<'r>>,
) -> Result<Cow<'r, str>, DigestFault> {
    text(name, value.ok_or(DigestFault::Missing(name))?)
}

/// ASCII (RFC 7616 §3.4), and no longer than [`MAX_CNONCE_LEN`]: it goes into the answer.
fn cnonce(value: Option<ValueRef<'_>>) -> Result<Cow<'_, str>, DigestFault> {
    let cnonce = required("cnonce", value)?;
    if !cnonce.is_ascii() || cnonce.len() > MAX_CNONCE_LEN {
        return Err(DigestFault::Malformed("cnonce"));
    }
    Ok(cnonce)
}

/// UTF-8 without control characters, and not nothing.
fn text<'r>(name: &'static str, value: ValueRef<'r>) -> Result<Cow<'r, str>, DigestFault> {
    let text = match value.as_str() {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(copied(value.unescaped()).ok_or(DigestFault::Malformed(name))?),
    };
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(DigestFault::Malformed(name));
    }
    Ok(text)
}

fn copied(value: Unescaped<'_>) -> Option<String> {
    String::from_utf8(value.collect()).ok()
}

/// H(user:realm) in lower case, as we compute it.
fn hash_of_name(value: ValueRef<'_>) -> Result<Cow<'_, str>, DigestFault> {
    let mut hash = text("username", value)?;
    if Hex::read(&hash).is_none() {
        return Err(DigestFault::NotAUserhash);
    }
    if hash.bytes().any(|digit| digit.is_ascii_uppercase()) {
        hash.to_mut().make_ascii_lowercase();
    }
    Ok(hash)
}

/// `ext-value` of RFC 8187 §3.2: `UTF-8''J%C3%A4s`. The language is not used.
fn extended(name: &'static str, value: ValueRef<'_>) -> Result<String, DigestFault> {
    let malformed = DigestFault::Malformed(name);
    let value = text(name, value)?;
    let mut parts = value.splitn(3, '\'');
    let (Some(charset), Some(language), Some(coded)) = (parts.next(), parts.next(), parts.next())
    else {
        return Err(malformed);
    };
    let is_language = language
        .bytes()
        .all(|octet| octet.is_ascii_alphanumeric() || octet == b'-');
    if !charset.eq_ignore_ascii_case("UTF-8") || !is_language {
        return Err(malformed);
    }
    let mut octets = Vec::with_capacity(coded.len());
    let mut rest = coded.as_bytes();
    loop {
        rest = match rest {
            [] => break,
            [b'%', high, low, rest @ ..] => {
                octets.push(hex::octet([*high, *low]).ok_or(malformed)?);
                rest
            }
            [octet, rest @ ..] if is_attr_char(*octet) => {
                octets.push(*octet);
                rest
            }
            _ => return Err(malformed),
        };
    }
    String::from_utf8(octets)
        .ok()
        .filter(|text| !text.is_empty() && !text.chars().any(char::is_control))
        .ok_or(malformed)
}

/// `attr-char` of RFC 8187 §3.2.1.
fn is_attr_char(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&octet)
}

/// Exactly 8 digits (RFC 7616 §3.5, D-9), and not 0 (D-10).
fn count(text: &str) -> Option<u32> {
    if text.len() != 8 || !text.bytes().all(|octet| octet.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(text, 16)
        .ok()
        .filter(|count| *count != 0)
}

/// The octets of a digest, of 16 or 32.
#[derive(Clone, Copy)]
struct Hex {
    octets: [u8; 32],
    length: usize,
}

impl Hex {
    fn read(text: &str) -> Option<Self> {
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
            return None;
        };
        if !matches!(pairs.len(), 16 | 32) {
            return None;
        }
        let mut octets = [0; 32];
        for (octet, pair) in octets.iter_mut().zip(pairs) {
            *octet = hex::octet(*pair)?;
        }
        Some(Self {
            octets,
            length: pairs.len(),
        })
    }

    fn octets(&self) -> &[u8] {
        self.octets.get(..self.length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    const RESPONSE: &str = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";

    /// The credentials of RFC 7616 §3.9.1, with one parameter changed, left out or added.
    fn with(name: &str, value: Option<&str>) -> String {
        let mut params = vec![
            ("username", "\"Mufasa\"".to_owned()),
            ("realm", "\"http-auth@example.org\"".to_owned()),
            ("uri", "\"/dir/index.html\"".to_owned()),
            ("algorithm", "SHA-256".to_owned()),
            (
                "nonce",
                "\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\"".to_owned(),
            ),
            ("nc", "00000001".to_owned()),
            (
                "cnonce",
                "\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\"".to_owned(),
            ),
            ("qop", "auth".to_owned()),
            ("response", format!("\"{RESPONSE}\"")),
            (
                "opaque",
                "\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"".to_owned(),
            ),
        ];
        params.retain(|(known, _)| *known != name);
        if let Some(value) = value {
            params.push((name, value.to_owned()));
        }
        let params: Vec<_> = params
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        params.join(", ")
    }

    fn fault(value: &str) -> DigestFault {
        match Digest::extract(value.as_bytes()) {
            Err(Cause::InvalidRequest(InvalidRequest::Digest(fault))) => fault,
            other => panic!("{value}: {other:?}"),
        }
    }

    #[test]
    fn the_example_of_the_rfc_is_read_d27() {
        let text = with("", None);
        let read = Digest::extract(text.as_bytes()).unwrap();
        assert_eq!(read.user(), DigestUser::Plain("Mufasa"));
        assert_eq!(read.realm(), "http-auth@example.org");
        assert_eq!(read.uri(), "/dir/index.html");
        assert_eq!(read.algorithm(), Some(DigestAlgorithm::Sha256));
        assert_eq!(read.nonce(), "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v");
        assert_eq!((read.count(), read.count_text()), (1, "00000001"));
        assert_eq!(
            read.cnonce(),
            "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
        );
        assert_eq!(read.qop(), DigestQop::Auth);
        assert_eq!(read.response().len(), 32);
        assert_eq!(read.response()[..3], [0x75, 0x39, 0x27]);
        assert_eq!(
            read.opaque(),
            Some("FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")
        );
        let shown = format!("{read:?}{:?}", read.user());
        assert!(
            !shown.contains("Mufasa") && !shown.contains("753927"),
            "{shown}"
        );
        let owned = <Digest as Scheme>::to_owned(read);
        assert_eq!(owned.user(), DigestUser::Plain("Mufasa"));
    }

    // D-9, D-16: and absent is another thing than wrong.
    #[test]
    fn what_is_needed_is_missing_d9_d16() {
        for name in [
            "username", "realm", "nonce", "uri", "response", "qop", "cnonce", "nc",
        ] {
            assert_eq!(fault(&with(name, None)), DigestFault::Missing(name));
            assert_eq!(
                fault(&with(name, Some("\"\""))),
                match name {
                    "qop" => DigestFault::Malformed("qop"),
                    _ => DigestFault::Malformed(name),
                }
            );
        }
        assert_eq!(fault(""), DigestFault::Missing("username"));
        assert!(Digest::extract(with("opaque", None).as_bytes()).is_ok());
    }

    // D-4
    #[test]
    fn no_algorithm_means_md5_d4() {
        let md5 = with("response", Some("\"8ca523f5e9506fed4657c9700eebdbec\""));
        let none = md5.replace("algorithm=SHA-256, ", "");
        let read = Digest::extract(none.as_bytes()).unwrap();
        assert_eq!(read.algorithm(), Some(DigestAlgorithm::Md5));
        let unknown = with("algorithm", Some("SHA-1"));
        assert_eq!(
            Digest::extract(unknown.as_bytes()).unwrap().algorithm(),
            None
        );
        // A digest of another length than the algorithm has, if one is named: else that it is not is what is wrong.
        assert_eq!(fault(&md5), DigestFault::Malformed("response"));
        let sha256 = with("algorithm", None);
        let read = Digest::extract(sha256.as_bytes()).unwrap();
        assert_eq!(read.algorithm(), Some(DigestAlgorithm::Md5));
    }

    // D-9, D-10
    #[test]
    fn a_count_is_eight_digits_and_not_zero_d9_d10() {
        for wrong in [
            "1",
            "0000001",
            "000000001",
            "zzzzzzzz",
            "00000000",
            "\"+0000001\"",
            "\"0x000001\"",
            "\" 0000001\"",
        ] {
            assert_eq!(
                fault(&with("nc", Some(wrong))),
                DigestFault::Malformed("nc"),
                "{wrong}"
            );
        }
        for (right, count) in [
            ("0000000a", 10),
            ("0000000A", 10),
            ("ffffffff", u32::MAX),
            ("\"00000001\"", 1),
        ] {
            let text = with("nc", Some(right));
            assert_eq!(Digest::extract(text.as_bytes()).unwrap().count(), count);
        }
    }

    // D-25
    #[test]
    fn quoted_forms_that_clients_send_are_read_d25() {
        for (name, value) in [
            ("algorithm", "\"SHA-256\""),
            ("algorithm", "sha-256"),
            ("qop", "\"auth\""),
            ("qop", "AUTH"),
            ("userhash", "false"),
            ("userhash", "\"false\""),
            ("response", &RESPONSE.to_uppercase()),
            ("realm", "token"),
            ("unknown", "\"x\""),
        ] {
            let text = with(name, Some(value));
            assert!(Digest::extract(text.as_bytes()).is_ok(), "{name}={value}");
        }
    }

    // D-8, D-16, D-17, D-25, V17
    #[test]
    fn what_is_malformed_is_named_d16_d17_d25() {
        use DigestFault::{Malformed, QopNotOffered, Repeated, Syntax, TwoNames};
        for (name, value, found) in [
            ("username", "\"Mu\tfasa\"", Malformed("username")),
            ("username", "\"Mu\\\u{7f}fasa\"", Syntax),
            ("username", "\"Mu\u{85}fasa\"", Malformed("username")),
            ("username*", "UTF-8''x", TwoNames),
            ("qop", "\"auth, auth-int\"", QopNotOffered),
            ("qop", "auth-conf", QopNotOffered),
            ("userhash", "maybe", Malformed("userhash")),
            ("response", "\"zz\"", Malformed("response")),
            ("response", "\"753927\"", Malformed("response")),
            ("nc", "00000001, NC=00000002", Repeated),
            ("cnonce", "\"a", Syntax),
            ("cnonce", "\"\u{e9}\"", Malformed("cnonce")),
            ("cnonce", "\"a\" b", Syntax),
        ] {
            assert_eq!(fault(&with(name, Some(value))), found, "{name}={value}");
        }
        let latin = with("username", Some("\"x\"")).into_bytes();
        let latin: Vec<u8> = latin
            .into_iter()
            .map(|octet| if octet == b'x' { 0xe4 } else { octet })
            .collect();
        assert!(Digest::extract(&latin).is_err());
    }

    // D-17, D-19
    #[test]
    fn names_are_decoded_d17_d19() {
        let user = |value: &str| {
            let text = with("username", None) + ", " + value;
            Digest::extract(text.as_bytes())
                .map(|read| match read.user() {
                    DigestUser::Plain(name) => format!("plain {name}"),
                    DigestUser::Hashed(name) => format!("hashed {name}"),
                })
                .ok()
        };
        let jason = Some("plain J\u{e4}s\u{f8}n Doe".to_owned());
        assert_eq!(user("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe"), jason);
        assert_eq!(user("username*=utf-8'de'J%c3%a4s%C3%B8n%20Doe"), jason);
        assert_eq!(user("username=\"J\u{e4}s\u{f8}n Doe\""), jason);
        assert_eq!(user(r#"username="\J\\""#), Some(r"plain J\".to_owned()));
        for wrong in [
            "username*=ISO-8859-1''J%E4s",
            "username*=UTF-8''%C3",
            "username*=UTF-8''%4",
            "username*=UTF-8''a%00",
            "username*=UTF-8''a*b",
            "username*=UTF-8'a b",
            "username*=UTF-8''",
            "username*=plain",
            "userhash=true, username*=UTF-8''a",
            "userhash=true, username=\"Mufasa\"",
            "userhash=true, username=\"zz\"",
        ] {
            assert_eq!(user(wrong), None, "{wrong}");
        }
        // A name that is no hash is no other parameter's fault than that of `userhash`.
        for name in ["Mufasa", "zz", "48886947"] {
            let text = with("username", Some(&format!("\"{name}\""))) + ", userhash=true";
            assert_eq!(fault(&text), DigestFault::NotAUserhash, "{name}");
        }
        let hash = "488869477bf257147b804c45308cd62ac4e25eb717b12b298c79e62dcea254ec";
        for sent in [hash.to_owned(), hash.to_uppercase()] {
            assert_eq!(
                user(&format!("userhash=true, username=\"{sent}\"")),
                Some(format!("hashed {hash}"))
            );
        }
    }

    // V24: however long, and whatever it repeats.
    #[test]
    fn long_parameters_are_read_once_v24() {
        let long = |octets| with("cnonce", Some(&format!("\"{}\"", "\\a".repeat(octets))));
        let longest = long(256);
        let read = Digest::extract(longest.as_bytes()).unwrap();
        assert_eq!(read.cnonce().len(), 256);
        assert_eq!(fault(&long(257)), DigestFault::Malformed("cnonce"));
        assert_eq!(fault(&long(20_000)), DigestFault::Malformed("cnonce"));
        let many = "a=b, ".repeat(10_000);
        assert_eq!(fault(&many), DigestFault::Repeated);
    }
}
