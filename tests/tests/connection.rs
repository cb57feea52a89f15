//! H-15, H-17, H-18: what happens on a connection around a refusal, on any server: see `auth_tests::connections`.

use auth_tests::connections::each_request_is_judged_by_itself;
use auth_tests::drivers;

macro_rules! tests {
    ($($name:ident = $driver:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            each_request_is_judged_by_itself(drivers::$driver).await;
        }
    )*};
}

auth_tests::drivers!(tests);
