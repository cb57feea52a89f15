//! Sessions that are bound to whoever opened them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderValue};
use sha2::Sha256;

use super::fault::MessageFault;
use super::head::SESSION;
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
    /// Gives the server its own id back, if this caller has it by right.
    pub(super) fn open(&self, fields: &mut HeaderMap, caller: &W) -> Result<(), MessageFault> {
        let Some(value) = fields.get(SESSION) else {
            return Ok(());
        };
        let id = self.opened(value.as_bytes(), caller);
        let id = id.ok_or(MessageFault::ForeignSession)?;
        fields.insert(SESSION, id);
        Ok(())
    }

    fn opened(&self, value: &[u8], caller: &W) -> Option<HeaderValue> {
        let dot = value.iter().rposition(|octet| *octet == b'.')?;
        let (id, mac) = (value.get(..dot)?, value.get(dot + 1..)?);
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        let expected = self.mac(id, caller)?;
        expected.verify_slice(&mac).ok()?;
        HeaderValue::from_bytes(id).ok()
    }

    /// Binds the id that the server gives, if it gives one.
    pub(super) fn bind(&self, fields: &mut HeaderMap, owner: &W) {
        let Some(id) = fields.remove(SESSION) else {
            return;
        };
        // Without an id there is no session that anybody could take.
        if let Some(bound) = self.bound(id.as_bytes(), owner) {
            fields.insert(SESSION, bound);
        }
    }

    fn bound(&self, id: &[u8], owner: &W) -> Option<HeaderValue> {
        let mac = self.mac(id, owner)?.finalize().into_bytes();
        let mut value = id.to_vec();
        value.push(b'.');
        value.extend_from_slice(URL_SAFE_NO_PAD.encode(mac).as_bytes());
        HeaderValue::from_bytes(&value).ok()
    }

    fn mac(&self, id: &[u8], caller: &W) -> Option<Hmac<Sha256>> {
        let caller = (self.owner)(caller);
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose()).ok()?;
        mac.update(b"auth_core::mcp session");
        // The length keeps the two apart.
        mac.update(&u64::try_from(caller.len()).ok()?.to_be_bytes());
        mac.update(caller.as_bytes());
        mac.update(id);
        Some(mac)
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
