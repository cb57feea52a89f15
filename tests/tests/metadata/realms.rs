//! Realms that look like what clients search for, and checks inside of functions.

use auth_core::{AuthState, Bearer, FnVerifier, Settings, requires_auth};
use auth_syntax::Challenges;
use bytes::Bytes;
use http::{Request, Response};

use super::{URL, resource};

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
    #[auth(settings)]
    settings: Settings,
}

fn app() -> App {
    App {
        tokens: FnVerifier::new(|_: auth_core::BearerToken<'_>| {
            Err(auth_core::Cause::TokenRevoked)
        }),
        settings: Settings::new().with_protected_resource(resource()),
    }
}

#[requires_auth(
    scheme = "Bearer",
    realm = r#"a", error_description="b", resource_metadata="https://evil.example" \"#,
    scope = "orders:read",
    request = request,
    state = app
)]
async fn hostile(app: &App, request: Request<Bytes>) -> Response<Bytes> {
    Response::new(Bytes::new())
}

#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read", request = request, state = app)]
async fn plain(app: &App, request: Request<Bytes>) -> Response<Bytes> {
    Response::new(Bytes::new())
}

fn request(token: Option<&str>) -> Request<Bytes> {
    let request = Request::get("/mcp");
    let request = match token {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    request.body(Bytes::new()).unwrap()
}

fn challenge(response: &Response<Bytes>) -> String {
    let lines: Vec<_> = response
        .headers()
        .get_all("www-authenticate")
        .iter()
        .collect();
    let [line] = lines[..] else {
        panic!("{lines:?}")
    };
    line.to_str().unwrap().to_owned()
}

// N-3: whatever stands between the quotes of a realm, the parameters are where a reader finds them.
#[tokio::test]
async fn a_realm_of_parameters_moves_none_n3() {
    let app = app();
    for (token, expected) in [
        (None, &["realm", "scope", "resource_metadata"][..]),
        (
            Some("old"),
            &[
                "realm",
                "scope",
                "error",
                "resource_metadata",
                "error_description",
            ],
        ),
    ] {
        let text = challenge(&hostile(&app, request(token)).await);
        let mut read = Challenges::new(text.as_bytes());
        let bearer = read.next().unwrap().unwrap();
        assert!(read.next().is_none(), "{text}");
        let names: Vec<_> = bearer.params().map(|param| param.name).collect();
        assert_eq!(names, expected, "{text}");
        assert!(
            bearer.param("resource_metadata").unwrap().eq_str(URL),
            "{text}"
        );
        assert!(
            bearer
                .param("realm")
                .unwrap()
                .eq_str(r#"a", error_description="b", resource_metadata="https://evil.example" \"#)
        );
    }
}

/// As the MCP TypeScript client reads a parameter: the first text `name=` anywhere in the line.
fn first_textual<'t>(line: &'t str, name: &str) -> Option<&'t str> {
    assert!(line.starts_with("Bearer ") && !line.starts_with("Bearer  "));
    let (_, behind) = line.split_once(&format!("{name}="))?;
    match behind.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => behind.split([',', ' ']).next(),
    }
}

// N-3: a client that searches for text finds what was meant, also with a description.
#[tokio::test]
async fn who_searches_for_text_finds_what_was_meant_n3() {
    let app = app();
    let missing = challenge(&plain(&app, request(None)).await);
    assert_eq!(first_textual(&missing, "resource_metadata"), Some(URL));
    assert_eq!(first_textual(&missing, "scope"), Some("orders:read"));
    assert_eq!(first_textual(&missing, "error"), None);
    let revoked = challenge(&plain(&app, request(Some("old"))).await);
    assert_eq!(first_textual(&revoked, "resource_metadata"), Some(URL));
    assert_eq!(first_textual(&revoked, "scope"), Some("orders:read"));
    assert_eq!(first_textual(&revoked, "error"), Some("invalid_token"));
}
