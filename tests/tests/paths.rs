//! V11: no spelling of a path leads past a guard, on any server: see `auth_tests::paths`. What routers of ours do with
//! paths is in `router/paths.rs`.

use auth_tests::drivers;
use auth_tests::paths::no_spelling_leads_past_the_guard;

macro_rules! tests {
    ($($name:ident = $driver:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            no_spelling_leads_past_the_guard(drivers::$driver).await;
        }
    )*};
}

auth_tests::drivers!(tests);
