//! What is wrong with a layer is found when it is made.

use std::sync::Arc;

use auth_core::mcp::{MIN_SESSION_KEY_LEN, McpLayer, McpLayerError};
use auth_core::{Authenticated, Secret, Unseen, auth_policy};
use auth_tests::app::{App, Claims, Pace};

use crate::server::{Api, Unfinished, WriteOrders, layer, usual};

#[auth_policy(scheme = "Bearer", realm = "Orders", scope = "orders:write")]
struct Another;

#[auth_policy(WriteOrders, role = "clerk")]
struct Clerks;

fn error(set_up: impl FnOnce(Unfinished) -> Unfinished) -> McpLayerError {
    set_up(usual(layer(&Arc::default()))).build().unwrap_err()
}

#[test]
fn a_tool_has_one_policy() {
    for error in [
        error(|layer| layer.tool::<Clerks>("delete_order")),
        error(|layer| layer.tool::<WriteOrders>("delete_order")),
    ] {
        assert_eq!(error, McpLayerError::ToolTwice("delete_order".to_owned()));
    }
}

// C-5: a policy that does not narrow that of the server would name less than what is needed.
#[test]
fn c5_policies_of_tools_narrow_that_of_the_server() {
    let narrow = usual(layer(&Arc::default())).tool::<Clerks>("other");
    assert!(narrow.build().is_ok(), "narrowed twice");
    for error in [
        error(|layer| layer.tool::<Another>("other")),
        error(Unfinished::other_tools::<Another>),
    ] {
        let McpLayerError::NotNarrower(policy, base) = error else {
            panic!("{error}");
        };
        assert_eq!((policy, base), ("mcp::set_up::Another", "mcp::server::Api"));
    }
}

#[test]
fn what_the_server_offers_has_policies_and_the_other_way_round() {
    let offered = |names: &[&str], layer: Unfinished| {
        layer.offered(names.iter().copied()).build().map(|_| ())
    };
    let layer = || usual(layer(&Arc::default()));
    let all = ["list_orders", "delete_order"];
    assert_eq!(offered(&all, layer()), Ok(()));
    let more = ["list_orders", "delete_order", "forgotten"];
    let no_policy = McpLayerError::NoPolicy("forgotten".to_owned());
    assert_eq!(offered(&more, layer()), Err(no_policy));
    assert_eq!(offered(&more, layer().other_tools::<Api>()), Ok(()));
    let renamed = ["list_orders", "remove_order"];
    let no_tool = McpLayerError::NoSuchTool("delete_order".to_owned());
    assert_eq!(
        offered(&renamed, layer().other_tools::<Api>()),
        Err(no_tool)
    );
}

#[test]
fn the_key_of_sessions_has_to_be_long() {
    let key = |len| Secret::new(vec![7; len]);
    let short = error(|layer| {
        layer.bind_sessions_with(key(MIN_SESSION_KEY_LEN - 1), |user| user.identity().clone())
    });
    assert_eq!(short, McpLayerError::ShortKey);
    let long = usual(layer(&Arc::default()))
        .bind_sessions_with(key(MIN_SESSION_KEY_LEN), |user| user.identity().clone());
    assert!(long.build().is_ok());
}

#[auth_policy(scheme = "Digest", realm = "API")]
struct Signed;

#[auth_policy(scheme = "Bearer", realm = "API", optional)]
struct Open;

#[test]
fn policies_that_would_not_do_what_they_say_are_refused() {
    let signed = McpLayer::<Signed, _, Unseen>::builder(App::new(Pace::AtOnce)).build();
    let error = McpLayerError::Digest("mcp::set_up::Signed");
    assert_eq!(signed.map(|_| ()), Err(error));

    let app = App::new(Pace::AtOnce);
    let open = McpLayer::<Open, _, Option<Authenticated<Claims>>>::builder(app).build();
    let error = McpLayerError::Optional("mcp::set_up::Open");
    assert_eq!(open.map(|_| ()), Err(error));
}
