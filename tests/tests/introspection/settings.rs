//! Settings that cannot be meant.

use std::time::Duration;

use auth_core::introspection::{
    ClientAuth, Introspection, IntrospectionBuilder, IntrospectionError as E, SigningKey,
};
use auth_core::jwt::{Algorithm, Audience, Issuer};
use auth_core::outbound::{AddressError, PlainHttp};
use auth_core::{Revocation, Secret};

use super::{Claims, ENDPOINT, builder};

fn error(builder: IntrospectionBuilder<Claims>) -> Option<E> {
    builder.build().err()
}

fn with_auth(auth: ClientAuth) -> IntrospectionBuilder<Claims> {
    Introspection::builder(ENDPOINT, auth, Audience::new("a"), Revocation::None)
}

#[test]
fn v7_what_cannot_be_meant_is_a_typed_error() {
    let secret = || Secret::new("s".to_owned());
    let long = Duration::from_hours(1);
    let none = Duration::ZERO;
    assert_eq!(error(builder(ENDPOINT)), None);
    for (wrong, told) in [
        (
            builder("http://login.example/introspect"),
            E::Endpoint(AddressError::NotOnLoopback),
        ),
        (
            builder("http://127.0.0.1/introspect"),
            E::Endpoint(AddressError::PlainHttp),
        ),
        (
            builder("http://10.0.0.1/").with_plain_http(PlainHttp::OnLoopback),
            E::Endpoint(AddressError::NotOnLoopback),
        ),
        (
            Introspection::builder(
                ENDPOINT,
                ClientAuth::basic("a", secret()),
                Audience::new(" "),
                Revocation::None,
            ),
            E::EmptyAudience,
        ),
        (
            builder(ENDPOINT).with_issuer(Issuer::new("")),
            E::EmptyIssuer,
        ),
        (with_auth(ClientAuth::basic("", secret())), E::EmptyClientId),
        (
            with_auth(ClientAuth::basic("a", Secret::new(String::new()))),
            E::EmptySecret,
        ),
        (
            with_auth(ClientAuth::post("a", Secret::new(String::new()))),
            E::EmptySecret,
        ),
        (
            with_auth(ClientAuth::private_key_jwt("a", "", key())),
            E::EmptyAssertionAudience,
        ),
        (builder(ENDPOINT).with_leeway(long), E::LeewayTooLong),
        (
            builder(ENDPOINT).with_active_time(long),
            E::RememberedTooLong,
        ),
        (
            builder(ENDPOINT).with_inactive_time(long),
            E::RememberedTooLong,
        ),
        (builder(ENDPOINT).with_deadline(none), E::NoDeadline),
    ] {
        assert_eq!(error(wrong), Some(told));
    }
    assert_eq!(
        error(builder("http://[::1]:1/").with_plain_http(PlainHttp::OnLoopback)),
        None
    );
}

fn key() -> SigningKey {
    let pem = include_str!("../../../auth-core/tests/data/keys/es256.pem");
    SigningKey::from_pem(Algorithm::ES256, pem).unwrap()
}
