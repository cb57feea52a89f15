//! Policies that another crate uses and narrows.

use auth_core::auth_policy;

/// Where these policies hold: a constant that the other crate does not see the value of.
const REALM: &str = "say \"hi\"";

/// Tokens, or keys of partners.
#[auth_policy(
    realm = crate::REALM,
    any(Bearer(scope = "orders:read"), ApiKey(header = "X-Partner-Key", scope = "orders:read"))
)]
#[derive(Debug)]
pub struct Api;

/// The same, for those who may write.
#[auth_policy(Api, scope = "orders:write")]
#[derive(Debug)]
pub struct Writers;

/// A caller may be nobody.
#[auth_policy(scheme = "Bearer", realm = "Shop", optional)]
#[derive(Debug)]
pub struct Visitors;

/// A verifier of its own.
#[derive(Debug)]
pub enum Partner {}

/// Tokens of partners.
#[auth_policy(scheme = "Bearer", realm = "Partners", verifier = Partner)]
#[derive(Debug)]
pub struct Partners;
