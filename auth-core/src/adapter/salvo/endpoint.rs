//! `#[endpoint]`: a guard adds nothing to the `OpenAPI` document, and is no parameter in it.

use salvo_oapi::{Components, EndpointArgRegister, EndpointOutRegister, Operation};

use crate::guard::{Guard, Public};
use crate::permit::Permitted;
use crate::refusal::Refusal;

impl<P, W, A> EndpointArgRegister for Guard<P, W, A> {
    fn register(_: &mut Components, _: &mut Operation, _: &str) {}
}

impl<D> EndpointArgRegister for Public<D> {
    fn register(_: &mut Components, _: &mut Operation, _: &str) {}
}

/// As the answer without the condition.
impl<R: EndpointOutRegister> EndpointOutRegister for Permitted<R> {
    fn register(components: &mut Components, operation: &mut Operation) {
        R::register(components, operation);
    }
}

/// For endpoints that check inside, and return it as their error.
impl EndpointOutRegister for Refusal {
    fn register(_: &mut Components, _: &mut Operation) {}
}
