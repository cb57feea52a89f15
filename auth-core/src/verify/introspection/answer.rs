//! What an answer says of a token (RFC 7662 §2.2), judged as strictly as a JWT.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::Profile;
use crate::jwt::json;
use crate::jwt::typed::{Typed, name, seconds, unfit};
use crate::refusal::Cause;
use crate::verify::{Grants, TokenFacts};

/// What an answer must say.
#[derive(Debug)]
pub(super) struct Demands {
    pub(super) profile: Profile,
    /// Who must have issued the token, if anybody in particular.
    pub(super) issuer: Option<Arc<str>>,
    pub(super) audience: Box<str>,
    /// The names that lead to the roles, from the outermost; none are read without a name.
    pub(super) roles: Vec<Box<str>>,
    /// Seconds.
    pub(super) leeway: u64,
    /// Whether tokens can be taken back here, which takes their issuer's name.
    pub(super) revocable: bool,
}

/// A token that is good.
pub(super) struct Admitted<Claims> {
    pub(super) claims: Arc<Claims>,
    pub(super) grants: Grants,
    /// `None` where nobody says who issued it.
    pub(super) facts: Option<Arc<TokenFacts>>,
    /// `exp`, in seconds since 1970-01-01T00:00:00Z; infinite without one.
    pub(super) expires: f64,
}

/// Judges the text of a JSON object. The order is that at the top of the module.
pub(super) fn judge<Claims: DeserializeOwned>(
    text: &str,
    demands: &Demands,
    now: u64,
) -> Result<Admitted<Claims>, Cause> {
    let [active, token_type, token_use, typ] =
        json::members(text, ["active", "token_type", "token_use", "typ"])
            .ok_or(Cause::invalid_token("malformed: answer"))?;
    // A string "true", a 1, anything but the one literal is no yes.
    if active.map(RawValue::get) != Some("true") {
        return Err(Cause::invalid_token("not active"));
    }
    let said = Typed::read(text, &demands.roles)?;
    check_kind(token_type, token_use, typ)?;
    all_there(&said, token_type, demands.profile)?;
    if let (Some(issuer), Some(_)) = (&demands.issuer, &said.issuer) {
        said.issued_by(issuer)?;
    }
    if demands.revocable && demands.issuer.is_none() && said.issuer.is_none() {
        return Err(Cause::invalid_token(
            "no issuer by which it could be revoked: set `with_issuer`",
        ));
    }
    if said.audience.is_some() {
        said.meant_for(&demands.audience)?;
    }
    said.begun(now, demands.leeway)?;
    let claims = serde_json::from_str(text).map_err(|_| unfit::<Claims>())?;
    let expires = said.expires.unwrap_or(f64::INFINITY);
    if seconds(now) >= expires + seconds(demands.leeway) {
        // Without the time: it is told only where a signature over it was checked.
        return Err(Cause::TokenExpired { at: None });
    }
    let (grants, facts) = match demands
        .issuer
        .clone()
        .or(said.issuer.as_deref().map(Arc::from))
    {
        Some(issuer) => {
            let (grants, facts) = said.kept(issuer);
            (grants, Some(facts))
        }
        None => (said.granted(), None),
    };
    Ok(Admitted {
        claims: Arc::new(claims),
        grants,
        facts,
        expires,
    })
}

/// An access token, to be used as a bearer token. Endpoints answer about refresh tokens as well (RFC 7662 §2.1): some
/// without a `token_type` (oidc-provider), some say so in members of their own, `token_use` (Ory Hydra), `typ` (Keycloak).
fn check_kind(
    token_type: Option<&RawValue>,
    token_use: Option<&RawValue>,
    typ: Option<&RawValue>,
) -> Result<(), Cause> {
    // RFC 6749 §7.1: compared without case.
    let token_type = name(token_type, "token_type is not a string")?;
    if token_type.is_some_and(|it| !it.eq_ignore_ascii_case("Bearer")) {
        return Err(Cause::invalid_token("token_type is not Bearer"));
    }
    let token_use = name(token_use, "token_use is not a string")?;
    if token_use.is_some_and(|it| !["access_token", "access"].contains(&&*it)) {
        return Err(Cause::invalid_token("token_use is not access_token"));
    }
    let typ = name(typ, "typ is not a string")?;
    let others = ["Refresh", "Offline", "ID", "Logout"];
    if typ.is_some_and(|it| others.iter().any(|other| it.eq_ignore_ascii_case(other))) {
        return Err(Cause::invalid_token("not an access token"));
    }
    Ok(())
}

fn all_there(
    said: &Typed<'_>,
    token_type: Option<&RawValue>,
    profile: Profile,
) -> Result<(), Cause> {
    let complete = profile == Profile::Complete;
    let missing = if profile == Profile::AsVouched {
        return Ok(());
    } else if complete && said.issuer.is_none() {
        "no issuer"
    } else if said.audience.is_none() {
        "no audience"
    } else if complete && said.expires.is_none() {
        "no expiry"
    } else if token_type.is_none() {
        "no token_type"
    } else {
        return Ok(());
    };
    Err(Cause::invalid_token(missing))
}
