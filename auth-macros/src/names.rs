//! The words of the language, each written once.

/// The built-in schemes.
pub(crate) const SCHEMES: [&str; 4] = ["Basic", "Bearer", "Digest", "ApiKey"];

/// Keys of one member of a policy.
pub(crate) const MEMBER_KEYS: [&str; 15] = [
    "realm",
    "scope",
    "role",
    "acr",
    "max_age",
    "header",
    "cookie",
    "charset",
    "error_when_missing",
    "algorithm",
    "qop",
    "domain",
    "opaque",
    "userhash",
    "verifier",
];

/// Those of them that are just a word.
pub(crate) const MEMBER_FLAGS: [&str; 1] = ["userhash"];

/// Keys that stand at the top of an attribute.
pub(crate) const TOP_KEYS: [&str; 4] = ["scheme", "optional", "secure", "crate"];

/// Those of them that are just a word.
pub(crate) const FLAGS: [&str; 2] = ["optional", "secure"];

/// Keys that write into a function's body; they stand at the top as well.
pub(crate) const BODY_KEYS: [&str; 4] = ["permit", "request", "state", "identity"];

/// Between our attributes: of this policy, everything was noted elsewhere.
pub(crate) const NOTED: &str = "__noted";

/// What attributes are called, whatever the framework, that write a handler around the function and may take arguments
/// only that are plain names.
pub(crate) const TAKE_NAMES_ONLY: [&str; 2] = ["handler", "endpoint"];

/// The attributes that decide about a handler.
pub(crate) const DECISIONS: [&str; 2] = ["requires_auth", "public"];

/// What says of an item in a block that it is no handler.
pub(crate) const HELPER: &str = "helper";

/// Those of a member's keys that may stand beside `any(..)` and `all(..)` and hold for all in it.
pub(crate) const SHARED_KEYS: [&str; 5] = ["realm", "scope", "role", "acr", "max_age"];

/// What may stand beside the path of a policy: it demands more, and changes nothing else.
pub(crate) const NARROWING_KEYS: [&str; 4] = ["scope", "role", "acr", "max_age"];

/// The keys that an own scheme shares with all; others are its parameters.
pub(crate) const OWN_SCHEME_KEYS: [&str; 6] =
    ["realm", "scope", "role", "acr", "max_age", "verifier"];

/// Fields with a meaning of their own, sorted, in lower case: those of RFC 9110, 9111 and 9112, of
/// cookies (RFC 6265), of proxies (RFC 7239, `X-Real-IP`), and those that the Fetch standard keeps from
/// scripts or reads itself. A key in one of them would be rewritten, dropped, cached or logged.
pub(crate) const RESERVED_FIELDS: [&str; 65] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "age",
    "allow",
    "alt-used",
    "authentication-info",
    "authorization",
    "cache-control",
    "close",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-type",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "early-data",
    "etag",
    "expect",
    "expires",
    "forwarded",
    "from",
    "host",
    "http2-settings",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "last-modified",
    "location",
    "max-forwards",
    "mime-version",
    "origin",
    "pragma",
    "range",
    "referer",
    "retry-after",
    "server",
    "set-cookie",
    "set-cookie2",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "upgrade-insecure-requests",
    "user-agent",
    "vary",
    "via",
    "warning",
    "www-authenticate",
    "x-content-type-options",
    "x-frame-options",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-real-ip",
];

/// What begins like this is reserved as well: CORS and the names that Fetch forbids (`Proxy-`, `Sec-`),
/// and what proxies add on the way.
pub(crate) const RESERVED_PREFIXES: [&str; 4] =
    ["access-control-", "proxy-", "sec-", "x-forwarded-"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_fields_can_be_searched() {
        assert!(RESERVED_FIELDS.is_sorted_by(|a, b| a < b));
        let lower = |name: &&str| !name.contains(|c: char| c.is_ascii_uppercase());
        assert!(RESERVED_FIELDS.iter().chain(&RESERVED_PREFIXES).all(lower));
    }
}
