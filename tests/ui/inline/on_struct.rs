use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
struct Orders;

fn main() {}
