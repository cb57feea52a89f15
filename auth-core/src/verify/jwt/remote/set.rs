//! Reading a JWK Set (RFC 7517 §5): what can be used of it, whatever else stands in it.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{AnswerError, KeysError};
use crate::jwt::{Algorithm, Key, jwk};
use crate::verify::jwt::keys::KeySet;

/// The members that matter; unknown ones are ignored (RFC 7517 §5).
#[derive(Deserialize)]
struct JwkSet<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

/// The usable keys of a set, at most `most`, in its order. A key that cannot be used is passed over, whatever is odd
/// about it (J-17). One that `former` holds already stays the one that it was, so that tokens that were checked with it
/// stay known.
pub(super) fn read(
    body: &[u8],
    algorithms: &[Algorithm],
    most: usize,
    former: &KeySet,
) -> Result<KeySet, KeysError> {
    let set: JwkSet<'_> =
        serde_json::from_slice(body).map_err(|_| KeysError::Keys(AnswerError::Unreadable))?;
    let mut keys: Vec<Arc<Key>> = Vec::new();
    for json in &set.keys {
        if keys.len() == most {
            break;
        }
        let Ok(key) = jwk::published(json.get(), algorithms) else {
            continue;
        };
        if keys.iter().any(|known| known.is_same(&key)) {
            continue;
        }
        let known = former.keys().iter().find(|known| known.is_same(&key));
        keys.push(known.map_or_else(|| Arc::new(key), Arc::clone));
    }
    if keys.is_empty() {
        return Err(KeysError::NoUsableKey {
            found: set.keys.len(),
        });
    }
    Ok(KeySet::fetched(algorithms, keys))
}
