//! The compact serialisation of a JWS (RFC 7515 §3.1 and §5.2): from a token to a payload that was
//! signed, and no other way to one.

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Algorithm, Key, KeySet, json};
use crate::refusal::Cause;

/// The longest token, in octets. What is read from a request is bounded before this, by
/// [`Settings::max_credentials_len`](crate::Settings::max_credentials_len).
pub(super) const MAX_TOKEN_LEN: usize = 64 * 1024;
/// The longest header, in octets of base64url: room for a chain of certificates, which is not read.
const MAX_HEADER_LEN: usize = 16 * 1024;

/// A token that is well formed. What it says is believed only once it is [`signed`](Self::signed_by).
pub(super) struct Token<'t> {
    compact: Compact<'t>,
    alg: Algorithm,
    kid: Option<Box<str>>,
    typ: Option<Box<str>>,
}

/// Why a token is not taken for signed.
pub(super) enum Unsigned {
    /// No key of the set serves its algorithm and key id.
    UnknownKey,
    /// None of the keys that it may mean has signed it, and none of them has its very key id: the right one may be yet to
    /// come.
    NoneSigned,
    Other(Cause),
}

/// What the signature of a token was found to cover.
pub(super) struct Signed<'t> {
    /// With which key.
    pub(super) key: &'t Arc<Key>,
    /// `typ` of the header.
    pub(super) typ: Option<&'t str>,
    pub(super) payload: &'t [u8],
}

impl<'t> Token<'t> {
    /// Checks the form, in this order:
    ///
    /// 1. It is three segments of base64url without padding, white space or stray bits.
    /// 2. Its header is a JSON object without doubled names, without `crit` and `b64`.
    /// 3. `alg` is an algorithm.
    pub(super) fn read(token: &'t str) -> Result<Self, Cause> {
        let compact = Compact::read(token)?;
        let header = Header::read(&compact.header)?;
        let alg = header.alg.parse().map_err(|_| not_allowed())?;
        let kid = header.kid.map(Into::into);
        let typ = header.typ.map(Into::into);
        Ok(Self {
            compact,
            alg,
            kid,
            typ,
        })
    }

    /// Whether it says that it was issued by `issuer`: enough to choose a verifier, and no reason to believe it.
    pub(super) fn claims_issuer(&self, issuer: &str) -> bool {
        let payload = core::str::from_utf8(&self.compact.payload).ok();
        let iss = payload.and_then(|payload| {
            let [iss] = json::members(payload, ["iss"])?;
            json::string(iss?)
        });
        iss.is_some_and(|iss| iss == issuer)
    }

    /// The `typ` of its header, which nobody has signed yet.
    pub(super) fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// Whether it has the very name of this key.
    fn names(&self, key: &Key) -> bool {
        self.kid.is_some() && self.kid.as_deref() == key.kid()
    }

    /// Checks the signature, in this order:
    ///
    /// 1. `alg` is on the list.
    /// 2. A key of the set serves that algorithm and, if the token names a `kid`, has that one or none.
    ///    Keys and addresses in the header (`jwk`, `jku`, `x5u`, `x5c`) are not looked at.
    /// 3. The signature holds with such a key. Those that have the very `kid` are tried first, and of fetched keys no more
    ///    than 8.
    pub(super) fn signed_by<'s>(&'s self, set: &'s KeySet) -> Result<Signed<'s>, Unsigned> {
        if !set.algorithms().contains(&self.alg) {
            return Err(Unsigned::Other(not_allowed()));
        }
        let eligible = |key: &&Arc<Key>| key.serves(self.alg, self.kid.as_deref());
        let (named, others) = (
            set.keys()
                .iter()
                .filter(eligible)
                .filter(|key| self.names(key)),
            set.keys()
                .iter()
                .filter(eligible)
                .filter(|key| !self.names(key)),
        );
        let is_named = named.clone().next().is_some();
        let mut keys = named.chain(others).take(set.tries()).peekable();
        if keys.peek().is_none() {
            return Err(Unsigned::UnknownKey);
        }
        let compact = &self.compact;
        let key = keys.find(|key| key.signed(compact.message, &compact.signature));
        let Some(key) = key else {
            return Err(if is_named {
                Unsigned::Other(wrong_signature())
            } else {
                Unsigned::NoneSigned
            });
        };
        Ok(Signed {
            key,
            typ: self.typ(),
            payload: &compact.payload,
        })
    }
}

impl From<Unsigned> for Cause {
    fn from(unsigned: Unsigned) -> Self {
        match unsigned {
            Unsigned::UnknownKey => Self::invalid_token("unknown key"),
            Unsigned::NoneSigned => wrong_signature(),
            Unsigned::Other(cause) => cause,
        }
    }
}

fn not_allowed() -> Cause {
    Cause::invalid_token("algorithm not allowed")
}

fn wrong_signature() -> Cause {
    Cause::invalid_token("wrong signature")
}

/// The three segments, decoded.
struct Compact<'t> {
    /// Header and payload as they stand in the token, with the dot: what is signed.
    message: &'t [u8],
    header: Vec<u8>,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'t> Compact<'t> {
    fn read(token: &'t str) -> Result<Self, Cause> {
        if token.len() > MAX_TOKEN_LEN {
            return Err(Cause::invalid_token("malformed: too long"));
        }
        let (message, signature) = token.rsplit_once('.').ok_or(not_three())?;
        let (header, payload) = message.split_once('.').ok_or(not_three())?;
        if header.is_empty() || signature.is_empty() || payload.contains('.') {
            return Err(not_three());
        }
        if header.len() > MAX_HEADER_LEN {
            return Err(Cause::invalid_token("malformed: header too long"));
        }
        Ok(Self {
            message: message.as_bytes(),
            header: decode(header)?,
            payload: decode(payload)?,
            signature: decode(signature)?,
        })
    }
}

fn not_three() -> Cause {
    Cause::invalid_token("malformed: not three segments")
}

fn decode(segment: &str) -> Result<Vec<u8>, Cause> {
    URL_SAFE_NO_PAD
        .decode(segment)
        .map_err(|_| Cause::invalid_token("malformed: not base64url"))
}

struct Header<'a> {
    alg: Cow<'a, str>,
    kid: Option<Cow<'a, str>>,
    typ: Option<Cow<'a, str>>,
}

impl<'a> Header<'a> {
    fn read(octets: &'a [u8]) -> Result<Self, Cause> {
        let text = core::str::from_utf8(octets).map_err(|_| unreadable())?;
        let [alg, kid, typ, crit, b64] =
            json::members(text, ["alg", "kid", "typ", "crit", "b64"]).ok_or(unreadable())?;
        // RFC 7515 §4.1.11: no extension is understood here, so every list is unacceptable, and so is
        // an empty one. `b64` (RFC 7797) is meant to come with `crit`; alone it is a trap.
        if crit.is_some() || b64.is_some() {
            return Err(Cause::invalid_token("unknown critical header"));
        }
        let optional = |value: Option<_>| match value {
            None => Ok(None),
            Some(value) => json::string(value).map(Some).ok_or(unreadable()),
        };
        Ok(Self {
            alg: optional(alg)?.ok_or(unreadable())?,
            kid: match optional(kid)? {
                Some(kid) if kid.len() > Key::MAX_KID_LEN => {
                    return Err(Cause::invalid_token("unknown key"));
                }
                kid => kid,
            },
            typ: optional(typ)?,
        })
    }
}

fn unreadable() -> Cause {
    Cause::invalid_token("malformed: header")
}
