//! Routes that take only handlers with a decision.

mod behind;
mod handler;
mod methods;
mod route;

pub use behind::Guards;
pub use handler::{Arguments, DecidedFunction, Decides, Serves};
pub use methods::{
    DecidedMethods, GuardedRouteMethod, any, connect, delete, get, head, options, patch, post, put,
    trace,
};
pub use route::{DecidedRoutes, GuardedRoute, LayeredRoute};
