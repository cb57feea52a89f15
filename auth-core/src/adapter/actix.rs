//! actix-web 4 (feature `actix`).
mod extract;
mod parked;
mod refusal;
mod request;
mod routing;

pub use crate::adapter::decided::ServiceGuard;
pub use crate::adapter::endpoint::{Decision, Endpoint};
pub use routing::*;

use crate::policy::Policy;

/// The guard of this policy sees all that it needs in requests of actix-web. Else the program does not compile.
fn assert_sees<P: Policy>() {
    #[cfg(feature = "digest")]
    const {
        assert!(
            !crate::exchange::offers_auth_int(P::SPEC),
            "the policy offers `auth-int` of Digest, whose guard has to read the content of requests, which `auth_core::actix` does not let it: offer `qop = \"auth\"` only"
        );
    };
}
