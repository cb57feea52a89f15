//! A state in the form in which actix-web shares it.

use actix_web::web::Data;

use crate::scheme::Scheme;
use crate::state::{AuthState, Provides, Settings};

/// As `Arc<T>` is one: what is in the `Data` of an application can be the state of its guards.
impl<T: AuthState + ?Sized> AuthState for Data<T> {
    fn settings(&self) -> &Settings {
        T::settings(self)
    }
}

impl<S: Scheme, Tag, T: Provides<S, Tag> + ?Sized> Provides<S, Tag> for Data<T> {
    type Verifier = T::Verifier;

    fn verifier(&self) -> &Self::Verifier {
        T::verifier(self)
    }
}
