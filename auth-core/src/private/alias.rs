//! Finds an identity that a handler's attribute cannot see, because an alias hides it.

use core::fmt;
use core::marker::PhantomData;

use crate::guard::Authenticated;

/// The type of an argument. Whether it is an identity is asked as `Argument::<T>::IS_IDENTITY`, with
/// [`NotAnIdentity`] in scope: an inherent constant hides one of a trait.
pub struct Argument<T: ?Sized>(PhantomData<fn() -> T>);

impl<T: ?Sized> fmt::Debug for Argument<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Argument")
    }
}

impl<T> Argument<Authenticated<T>> {
    /// It is.
    pub const IS_IDENTITY: bool = true;
}

impl<T> Argument<Option<Authenticated<T>>> {
    /// It is.
    pub const IS_IDENTITY: bool = true;
}

/// The answer for all other types.
pub trait NotAnIdentity {
    /// It is not.
    const IS_IDENTITY: bool = false;
}

impl<T: ?Sized> NotAnIdentity for Argument<T> {}

/// Called in constants: an alias is a compile error.
pub const fn not_an_alias(is_identity: bool) {
    assert!(
        !is_identity,
        "this is an alias of `Authenticated`, which hides the identity from the attribute: write `Authenticated<..>` itself"
    );
}
