//! The rows, by theme.

mod claims;
mod form;
mod grants;
mod header;
mod issuers;
mod json;
pub mod keys;
mod kid;
mod request;

use crate::harness::Row;

pub fn rows() -> Vec<Row> {
    let themes = [
        header::rows(),
        kid::rows(),
        keys::rows(),
        form::rows(),
        json::rows(),
        claims::rows(),
        grants::rows(),
        issuers::rows(),
        request::rows(),
    ];
    themes.into_iter().flatten().collect()
}
