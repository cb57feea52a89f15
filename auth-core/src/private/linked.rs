//! Handlers tell of themselves when the program is linked.

/// Tells the registry of a handler: its policy, and what it asks for. Without a registry there is nothing to tell.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "registry")]
macro_rules! __linked {
    ($(#[$attribute:meta])* $policy:ty, $wanted:ty) => {
        $(#[$attribute])*
        const _: () = {
            use $crate::private::Unusable as _;
            $crate::private::inventory::submit! {
                $crate::private::Linked::here($crate::private::Mention::<$policy, $wanted>::NEEDS)
            }
        };
    };
}

#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "registry"))]
macro_rules! __linked {
    ($($handler:tt)*) => {};
}
