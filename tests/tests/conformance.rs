//! Every server answers the one table: see `auth_tests::conformance`, and `auth_tests::drivers` for what a server is.

use auth_tests::conformance::accepted::ACCEPTED;
use auth_tests::conformance::conforms;
use auth_tests::drivers::{self, ALL, ELSEWHERE};

#[test]
fn what_is_accepted_is_accepted_of_a_server() {
    for accepted in ACCEPTED {
        let names = ALL.iter().map(|driver| &driver.name).chain(ELSEWHERE);
        let known = names.into_iter().any(|name| *name == accepted.driver);
        assert!(known, "{accepted:?}");
    }
}

macro_rules! tests {
    ($($name:ident = $driver:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            conforms(drivers::$driver).await;
        }
    )*};
}

auth_tests::drivers!(tests);
