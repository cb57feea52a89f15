use auth_core::Registry;
use auth_core::poem::GuardedRoute;
use poem::Route;

fn routes(registry: Registry) -> GuardedRoute<Registry> {
    GuardedRoute::new(registry).nest("/orders", Route::new())
}

fn main() {}
