//! What the handlers demand, as policies with names: for a layer, and for `check`.

use auth_core::auth_policy;

use crate::handlers::*;

/// A condition over the arguments of a handler is no part of a policy.
macro_rules! policy {
    ($name:ident: requires_auth(Api $(, permit = $($condition:tt)*)?)) => {
        pub(super) type $name = Api;
    };
    ($name:ident: requires_auth($($policy:tt)*)) => {
        #[auth_policy($($policy)*)]
        pub(super) struct $name;
    };
    ($name:ident: public($($reason:tt)*)) => {};
}

macro_rules! table {
    ($($(#[$($decision:tt)*])* $name:ident($($caller:tt)*) => $who:expr;)*) => {$(
        policy!($name: $($($decision)*)*);
    )*};
}

crate::handlers!(table);
