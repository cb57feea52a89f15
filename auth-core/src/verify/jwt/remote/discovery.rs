//! Where an issuer publishes its metadata, and what is read of it (RFC 8414, `OpenID` Connect Discovery 1.0).

use serde::Deserialize;

use super::{AnswerError, KeysError};
use crate::jwt::Issuer;
use crate::outbound::{Address, AddressError, PlainHttp};

const OAUTH: &str = "/.well-known/oauth-authorization-server";
const OPENID: &str = "/.well-known/openid-configuration";

/// Where the metadata may be, in the order in which to ask:
///
/// 1. `oauth-authorization-server`, put between host and path (RFC 8414 §3.1);
/// 2. `openid-configuration` after the path (`OpenID` Connect Discovery §4.1): where most providers have it;
/// 3. `openid-configuration` between host and path, for issuers with a path (RFC 8414 §5).
///
/// A slash at the end of the path is left out first, as both standards say.
pub(super) fn places(issuer: &Issuer, plain: PlainHttp) -> Result<Vec<Address>, KeysError> {
    let text = issuer.as_str();
    // Reads the form of the whole, and refuses fragments and passwords.
    let whole = Address::new(text, plain).map_err(KeysError::IssuerAddress)?;
    if text.contains('?') {
        return Err(KeysError::IssuerQuery);
    }
    let uri = whole.uri();
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(KeysError::IssuerAddress(AddressError::NotAUrl));
    };
    let origin = format!("{scheme}://{authority}");
    let path = uri.path().strip_suffix('/').unwrap_or(uri.path());
    let mut places = vec![
        format!("{origin}{OAUTH}{path}"),
        format!("{origin}{path}{OPENID}"),
    ];
    if !path.is_empty() {
        places.push(format!("{origin}{OPENID}{path}"));
    }
    places
        .iter()
        .map(|place| Address::new(place, plain).map_err(KeysError::IssuerAddress))
        .collect()
}

/// The members that matter.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

/// Where the keys are. The metadata counts only if it is that of this very issuer, octet by octet (RFC 8414 §3.3).
pub(super) fn read(body: &[u8], issuer: &Issuer, plain: PlainHttp) -> Result<Address, KeysError> {
    let metadata: Metadata =
        serde_json::from_slice(body).map_err(|_| KeysError::Metadata(AnswerError::Unreadable))?;
    if metadata.issuer != issuer.as_str() {
        return Err(KeysError::OtherIssuer);
    }
    Address::new(&metadata.jwks_uri, plain).map_err(KeysError::NamedAddress)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(issuer: &str) -> Result<Vec<String>, KeysError> {
        let places = places(&Issuer::new(issuer), PlainHttp::Refused)?;
        Ok(places.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_places_are_those_of_rfc_8414_and_of_openid() {
        for issuer in ["https://login.example.com", "https://login.example.com/"] {
            assert_eq!(
                found(issuer),
                Ok(vec![
                    "https://login.example.com/.well-known/oauth-authorization-server".to_owned(),
                    "https://login.example.com/.well-known/openid-configuration".to_owned(),
                ])
            );
        }
        for issuer in [
            "https://login.example.com:8443/realms/a",
            "https://login.example.com:8443/realms/a/",
        ] {
            assert_eq!(
                found(issuer),
                Ok(vec![
                    "https://login.example.com:8443/.well-known/oauth-authorization-server/realms/a"
                        .to_owned(),
                    "https://login.example.com:8443/realms/a/.well-known/openid-configuration"
                        .to_owned(),
                    "https://login.example.com:8443/.well-known/openid-configuration/realms/a"
                        .to_owned(),
                ])
            );
        }
    }

    #[test]
    fn v4_an_issuer_that_is_no_address_has_no_place() {
        use AddressError as E;
        for (issuer, error) in [
            ("login.example.com", KeysError::IssuerAddress(E::NotAUrl)),
            ("file:///etc/", KeysError::IssuerAddress(E::NotHttps)),
            (
                "http://login.example.com",
                KeysError::IssuerAddress(E::NotOnLoopback),
            ),
            (
                "https://a:b@login.example.com",
                KeysError::IssuerAddress(E::UserInfo),
            ),
            (
                "https://login.example.com/#a",
                KeysError::IssuerAddress(E::Fragment),
            ),
            ("https://login.example.com/?a=b", KeysError::IssuerQuery),
        ] {
            assert_eq!(found(issuer), Err(error), "{issuer}");
        }
    }

    #[test]
    fn v4_the_metadata_is_that_of_this_issuer_and_names_an_address() {
        let issuer = Issuer::new("https://login.example.com/");
        let read = |body: &str| {
            let read = read(body.as_bytes(), &issuer, PlainHttp::Refused);
            read.map(|address| address.to_string())
        };
        let metadata =
            |issuer: &str, keys: &str| format!(r#"{{"issuer":"{issuer}","jwks_uri":"{keys}"}}"#);
        assert_eq!(
            read(&metadata(issuer.as_str(), "https://keys.example.com/a")),
            Ok("https://keys.example.com/a".to_owned())
        );
        for other in [
            "https://login.example.com",
            "https://LOGIN.example.com/",
            "https://login.example.com:443/",
            "",
        ] {
            assert_eq!(
                read(&metadata(other, "https://keys.example.com/a")),
                Err(KeysError::OtherIssuer),
                "{other}"
            );
        }
        for (address, error) in [
            ("file:///etc/passwd", AddressError::NotHttps),
            ("data:application/json,{}", AddressError::NotHttps),
            ("http://127.0.0.1/keys", AddressError::PlainHttp),
            ("/keys", AddressError::NotAUrl),
        ] {
            assert_eq!(
                read(&metadata(issuer.as_str(), address)),
                Err(KeysError::NamedAddress(error)),
                "{address}"
            );
        }
        for body in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"issuer":1,"jwks_uri":"https://a.example"}"#,
            r#"{"issuer":"https://login.example.com/"}"#,
            r#"{"issuer":"https://login.example.com/","issuer":"b","jwks_uri":"https://a.example"}"#,
        ] {
            assert_eq!(
                read(body),
                Err(KeysError::Metadata(AnswerError::Unreadable)),
                "{body}"
            );
        }
    }
}
