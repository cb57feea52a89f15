//! Sessions, and the events of streams, that are bound to whoever opened them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use sha2::Sha256;

use super::fault::MessageFault;
use super::head::{LAST_EVENT, SESSION};
use crate::secret::Secret;

/// Clients see `<id>.<mac>` instead of the id that the server gave. Nothing is kept here, so nothing fills up, and
/// instances with the same key agree.
pub(super) struct Sessions<W> {
    pub(super) key: Secret<Vec<u8>>,
    pub(super) owner: Owner<W>,
}

/// Says who a caller is.
pub(super) type Owner<W> = Box<dyn Fn(&W) -> String + Send + Sync>;

impl<W> Sessions<W> {
    /// Gives the server its own ids back, if this caller has them by right.
    ///
    /// The session alone does not do: a store of events finds them by their id, whatever session asks.
    pub(super) fn open(&self, fields: &mut HeaderMap, caller: &W) -> Result<(), MessageFault> {
        for (name, purpose, fault) in [
            (SESSION, OF_SESSION, MessageFault::ForeignSession),
            (LAST_EVENT, OF_EVENT, MessageFault::ForeignEvent),
        ] {
            self.open_field(fields, &name, purpose, caller)
                .map_err(|NotTheirs| fault)?;
        }
        Ok(())
    }

    fn open_field(
        &self,
        fields: &mut HeaderMap,
        name: &HeaderName,
        purpose: &[u8],
        caller: &W,
    ) -> Result<(), NotTheirs> {
        let Some(value) = fields.get_mut(name) else {
            return Ok(());
        };
        let mark = self.mark(purpose, caller).ok_or(NotTheirs)?;
        let id = mark.opened(value.as_bytes()).ok_or(NotTheirs)?;
        *value = id;
        Ok(())
    }

    /// Binds the id that the server gives, if it gives one.
    pub(super) fn bind(&self, fields: &mut HeaderMap, owner: &W) {
        let Some(id) = fields.remove(SESSION) else {
            return;
        };
        // Without an id there is no session that anybody could take.
        let mark = self.mark(OF_SESSION, owner);
        let bound = mark.and_then(|mark| HeaderValue::from_bytes(&mark.bound(id.as_bytes())).ok());
        if let Some(bound) = bound {
            fields.insert(SESSION, bound);
        }
    }

    /// What binds the ids of events, if the answer is a stream of them.
    pub(super) fn binds_events(&self, fields: &mut HeaderMap, owner: &W) -> Option<Mark> {
        let content_type = fields.get(CONTENT_TYPE)?.to_str().ok()?;
        let essence = content_type.split(';').next()?;
        if !essence.trim().eq_ignore_ascii_case("text/event-stream") {
            return None;
        }
        let mark = self.mark(OF_EVENT, owner)?;
        fields.remove(CONTENT_LENGTH);
        Some(mark)
    }

    fn mark(&self, purpose: &[u8], caller: &W) -> Option<Mark> {
        let caller = (self.owner)(caller);
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose()).ok()?;
        mac.update(purpose);
        // The length keeps the two apart.
        mac.update(&u64::try_from(caller.len()).ok()?.to_be_bytes());
        mac.update(caller.as_bytes());
        Some(Mark(mac))
    }
}

/// Of the same length, so that none of them is the beginning of another one.
const OF_SESSION: &[u8] = b"auth_core::mcp session";
const OF_EVENT: &[u8] = b"auth_core::mcp events.";

struct NotTheirs;

/// Marks ids as those of one caller.
pub(super) struct Mark(Hmac<Sha256>);

impl Mark {
    /// `<id>.<mac>`.
    pub(super) fn bound(&self, id: &[u8]) -> Vec<u8> {
        let mac = self.0.clone().chain_update(id).finalize().into_bytes();
        let mut value = id.to_vec();
        value.push(b'.');
        value.extend_from_slice(URL_SAFE_NO_PAD.encode(mac).as_bytes());
        value
    }

    fn opened(&self, value: &[u8]) -> Option<HeaderValue> {
        let dot = value.iter().rposition(|octet| *octet == b'.')?;
        let (id, mac) = (value.get(..dot)?, value.get(dot + 1..)?);
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        self.0.clone().chain_update(id).verify_slice(&mac).ok()?;
        HeaderValue::from_bytes(id).ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn sessions(key: u8) -> Sessions<&'static str> {
        Sessions {
            key: Secret::new(vec![key; 32]),
            owner: Box::new(|caller| (*caller).to_owned()),
        }
    }

    fn fields(id: &str) -> HeaderMap {
        HeaderMap::from_iter([(SESSION, id.parse().unwrap())])
    }

    #[test]
    fn a_session_is_its_owners_alone() {
        let ours = sessions(1);
        let mut given = fields("a.b-c");
        ours.bind(&mut given, &"ada");
        let value = given[SESSION].to_str().unwrap().to_owned();
        assert!(value.starts_with("a.b-c."));

        let mut hers = fields(&value);
        assert_eq!(ours.open(&mut hers, &"ada"), Ok(()));
        assert_eq!(hers[SESSION], "a.b-c");

        let foreign = Err(MessageFault::ForeignSession);
        assert_eq!(ours.open(&mut fields(&value), &"eve"), foreign);
        assert_eq!(sessions(2).open(&mut fields(&value), &"ada"), foreign);
        for forged in [
            "a.b-c",
            "a.b-c.",
            "",
            ".",
            &value[1..],
            &value[..value.len() - 1],
        ] {
            assert_eq!(ours.open(&mut fields(forged), &"ada"), foreign, "{forged}");
        }
        // What one owner's name ends with is not what the id begins with.
        let mut other = fields("b-c");
        ours.bind(&mut other, &"adaa.");
        assert_ne!(
            other[SESSION].to_str().unwrap().split_once("c."),
            value.split_once("c.")
        );
        assert_eq!(ours.open(&mut HeaderMap::new(), &"eve"), Ok(()));
    }
}
