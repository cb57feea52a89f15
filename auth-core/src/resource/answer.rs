//! How the document is served.

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};

/// The methods that are answered otherwise than with 405.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// Everybody may read it, scripts of any origin included: it says nothing that is not for everybody, and whoever
/// reads it has no credentials yet.
pub(super) fn answer<B: From<Bytes>>(method: &Method, document: &Bytes) -> Response<B> {
    let mut fields = HeaderMap::with_capacity(6);
    fields.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let (status, content) = match *method {
        Method::GET | Method::HEAD => {
            fields.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            fields.insert(
                CACHE_CONTROL,
                HeaderValue::from_static("public, max-age=300"),
            );
            if *method == Method::HEAD {
                // RFC 9110 §9.3.2: no content, yet the fields that a GET would get.
                fields.insert(CONTENT_LENGTH, HeaderValue::from(document.len()));
                (StatusCode::OK, Bytes::new())
            } else {
                (StatusCode::OK, document.clone())
            }
        }
        // Clients of the Model Context Protocol send a field of theirs along, so browsers ask beforehand.
        Method::OPTIONS => {
            fields.insert(ALLOW, METHODS);
            fields.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            fields.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
            fields.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
            (StatusCode::NO_CONTENT, Bytes::new())
        }
        _ => {
            fields.insert(ALLOW, METHODS);
            (StatusCode::METHOD_NOT_ALLOWED, Bytes::new())
        }
    };
    let mut response = Response::new(B::from(content));
    *response.status_mut() = status;
    *response.headers_mut() = fields;
    response
}
