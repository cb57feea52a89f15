//! Credentials made for this run, and `curl` lines that use them.

use std::error::Error;

use auth_core::testing::TokenMinter;
use auth_core::{ApiKeyGenerator, ApiKeys, Clock, Passwords, Settings, hash_password};

use crate::App;
use crate::handlers::{KeyOwner, User};

const PASSWORD: &str = "open sesame";

/// 2025-10-01T10:00:00Z
const LONG_AGO: u64 = 1_759_312_800;

/// Tokens and a key that the [`App`] beside it accepts, or refuses for one reason.
pub(crate) struct Demo {
    good: String,
    expired: String,
    narrow: String,
    strong: String,
    key: String,
}

/// Makes the verifiers and credentials for them.
///
/// `testing::TokenMinter` is for tests and for this demo: its key is random and gone when the process
/// ends. A real service signs nothing. It has the public keys of its identity provider and says whose
/// tokens it takes:
///
/// ```ignore
/// JwtVerifier::new(
///     Issuer::new("https://login.example.com/"),
///     Audience::new("https://orders.example.com"),
///     [Algorithm::ES256],
///     [Key::from_pem(Algorithm::ES256, std::fs::read("issuer.pem")?)?],
///     Revocation::None,
/// )?
/// ```
///
/// Its users come from `Passwords::builder().htpasswd_file(..)` or from its database, where the PHC
/// strings of `hash_password` are; of its API keys it stores only the hashes.
pub(crate) fn app() -> Result<(App, Demo), Box<dyn Error>> {
    let minter = TokenMinter::new()?;
    let in_an_hour = Clock::system().unix_seconds() + 3600;
    let token = || minter.token().subject("ada").expiring_at(in_an_hour);

    let (key, hash) = ApiKeyGenerator::new("demo")?.generate()?;
    let keys = ApiKeys::new();
    keys.insert(
        &hash,
        KeyOwner {
            name: "Example Ltd".into(),
        },
    );

    let app = App {
        tokens: minter.verifier()?,
        users: Passwords::builder()
            .user(
                "ada",
                &hash_password(PASSWORD)?,
                User { name: "ada".into() },
            )?
            .build()?,
        keys,
        settings: Settings::new().with_admitted_events(true),
    };
    let demo = Demo {
        good: token().scope("orders:read").roles(["clerk"]).mint(),
        strong: token()
            .acr("urn:example:mfa")
            .auth_time(Clock::system().unix_seconds())
            .mint(),
        expired: token().scope("orders:read").expiring_at(LONG_AGO).mint(),
        narrow: token().scope("profile").mint(),
        key: key.expose().clone(),
    };
    Ok((app, demo))
}

impl Demo {
    /// One line for each interesting case, with what it is answered.
    pub(crate) fn curl_lines(&self, origin: &str) -> String {
        let Self {
            good,
            expired,
            narrow,
            strong,
            key,
        } = self;
        format!(
            "
# nothing presented: 401 and the challenge
curl -i '{origin}/orders'
# a good token: 200
curl -i -H 'Authorization: Bearer {good}' '{origin}/orders?page=2'
# an expired token: 401
curl -i -H 'Authorization: Bearer {expired}' '{origin}/orders'
# a token without the scope: 403
curl -i -H 'Authorization: Bearer {narrow}' '{origin}/orders'
# not one token: 400
curl -i -H 'Authorization: Bearer two words' '{origin}/orders'
# credentials twice: 400
curl -i -H 'Authorization: Bearer {good}' -H 'Authorization: Bearer {good}' '{origin}/orders'

# a good password: 200
curl -i -u 'ada:{PASSWORD}' '{origin}/admin'
# a wrong password: 401
curl -i -u 'ada:guess' '{origin}/admin'

# a good key: 200
curl -i -H 'X-API-Key: {key}' '{origin}/data'
# a bad key: 401
curl -i -H 'X-API-Key: invalid_key_123' '{origin}/data'

# token or password, nothing presented: 401 and two challenges
curl -i '{origin}/either'
# token or password, a good password: 200
curl -i -u 'ada:{PASSWORD}' '{origin}/either'
# optional, nothing presented: 200
curl -i '{origin}/greeting'
# optional, yet what is presented must be good: 401
curl -i -H 'Authorization: Bearer {expired}' '{origin}/greeting'
# a named policy, any good token: 200
curl -i -H 'Authorization: Bearer {narrow}' '{origin}/listed'
# a role: 200
curl -i -H 'Authorization: Bearer {good}' '{origin}/stock'
# a token without the role: 403
curl -i -H 'Authorization: Bearer {narrow}' '{origin}/stock'
# a condition that holds: 200
curl -i -H 'Authorization: Bearer {good}' '{origin}/pages/ada'
# a condition that does not hold: 403
curl -i -H 'Authorization: Bearer {good}' '{origin}/pages/eve'
# a login that is too weak: 401
curl -i -H 'Authorization: Bearer {good}' '{origin}/transfer'
# a strong login of just now: 200
curl -i -H 'Authorization: Bearer {strong}' '{origin}/transfer'
# both at once, nothing presented: 401 and two challenges
curl -i '{origin}/both'
# both at once, only one presented, and only the other is asked for: 401
curl -i -H 'Authorization: Bearer {good}' '{origin}/both'
# both at once: 200
curl -i -H 'Authorization: Bearer {good}' -H 'X-API-Key: {key}' '{origin}/both'
# public: 200
curl -i '{origin}/health'

# nothing presented, and an error code that this API promises for that: 401
curl -i '{origin}/api/users/me'
# an expired token: 401
curl -i -H 'Authorization: Bearer {expired}' '{origin}/api/protected'
# a bad key, and the challenge that names the field: 401
curl -i -H 'X-API-Key: invalid_key_123' '{origin}/api/data'

"
        )
    }
}
