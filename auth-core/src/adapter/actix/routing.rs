//! Routes that take only handlers with a decision.

mod behind;
mod handler;
mod metadata;
mod methods;
mod scope;

pub use handler::{Arguments, DecidedHandler, Decides, FirstArgument, Key, Keyed, Serves};
pub use metadata::{Metadata, protected_resource};
pub use methods::{
    DecidedMethods, GuardedRoute, any, delete, get, head, options, patch, post, put, trace,
};
pub use scope::{DecidedScope, GuardedScope};
