#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};

use super::{ProtectedResource, ProtectedResourceBuilder, ProtectedResourceError as Error};
use crate::url::UrlProblem;

const LOGIN: &str = "https://login.example.com";

fn begun() -> ProtectedResourceBuilder {
    ProtectedResource::builder("https://api.example.com/mcp", LOGIN)
}

fn document(builder: ProtectedResourceBuilder) -> String {
    let document = builder.build().unwrap().document();
    String::from_utf8(document.to_vec()).unwrap()
}

// R-2: the well-known path goes between host and path; of the path only a slash that is all of it is removed.
#[test]
fn the_metadata_are_at_the_well_known_path_r2() {
    for (identifier, url, path) in [
        (
            "https://api.example.com",
            "https://api.example.com/.well-known/oauth-protected-resource",
            "/.well-known/oauth-protected-resource",
        ),
        (
            "https://api.example.com/",
            "https://api.example.com/.well-known/oauth-protected-resource",
            "/.well-known/oauth-protected-resource",
        ),
        (
            "https://api.example.com/mcp",
            "https://api.example.com/.well-known/oauth-protected-resource/mcp",
            "/.well-known/oauth-protected-resource/mcp",
        ),
        (
            "https://api.example.com/a/b/",
            "https://api.example.com/.well-known/oauth-protected-resource/a/b/",
            "/.well-known/oauth-protected-resource/a/b/",
        ),
        (
            "HTTPS://API.Example.com:8443/%7Ea",
            "HTTPS://API.Example.com:8443/.well-known/oauth-protected-resource/%7Ea",
            "/.well-known/oauth-protected-resource/%7Ea",
        ),
        (
            "http://[::1]:8080/mcp",
            "http://[::1]:8080/.well-known/oauth-protected-resource/mcp",
            "/.well-known/oauth-protected-resource/mcp",
        ),
    ] {
        let resource = ProtectedResource::new(identifier, LOGIN).unwrap();
        assert_eq!(resource.metadata_url(), url);
        assert_eq!(resource.metadata_path(), path);
        // R-4: exactly as written, in the document, too.
        assert_eq!(resource.identifier(), identifier);
        let document = document(ProtectedResource::builder(identifier, LOGIN));
        let begins = format!(r#"{{"resource":"{identifier}","#);
        assert!(document.starts_with(&begins), "{document}");
    }
}

// R-3
#[test]
fn members_without_a_value_are_left_out_r3() {
    assert_eq!(
        document(begun().scopes([""; 0]).dpop_signing_algs([""; 0])),
        r#"{"resource":"https://api.example.com/mcp","authorization_servers":["https://login.example.com"],"bearer_methods_supported":["header"]}"#
    );
    assert_eq!(
        document(begun().without_bearer_methods()),
        r#"{"resource":"https://api.example.com/mcp","authorization_servers":["https://login.example.com"]}"#
    );
}

// R-5, C-1
#[test]
fn every_member_has_its_name_r5() {
    let all = begun()
        .authorization_server("http://localhost:9000/b")
        .scopes(["orders:read", "orders:write"])
        .jwks_uri("https://api.example.com/jwks?v=1")
        .name(r#"Orders "and" more \ ü"#)
        .documentation("http://docs.example.com/?page=1#top")
        .policy("https://example.com/policy")
        .terms_of_service("https://example.com/terms")
        .tls_client_certificate_bound_access_tokens()
        .dpop_signing_algs(["ES256", "EdDSA"])
        .dpop_bound_access_tokens_required();
    assert_eq!(
        document(all),
        concat!(
            r#"{"resource":"https://api.example.com/mcp","#,
            r#""authorization_servers":["https://login.example.com","http://localhost:9000/b"],"#,
            r#""jwks_uri":"https://api.example.com/jwks?v=1","#,
            r#""scopes_supported":["orders:read","orders:write"],"#,
            r#""bearer_methods_supported":["header"],"#,
            r#""resource_name":"Orders \"and\" more \\ ü","#,
            r#""resource_documentation":"http://docs.example.com/?page=1#top","#,
            r#""resource_policy_uri":"https://example.com/policy","#,
            r#""resource_tos_uri":"https://example.com/terms","#,
            r#""tls_client_certificate_bound_access_tokens":true,"#,
            r#""dpop_signing_alg_values_supported":["ES256","EdDSA"],"#,
            r#""dpop_bound_access_tokens_required":true}"#,
        )
    );
}

#[test]
fn what_cannot_be_published_is_told_by_its_member() {
    let builder = ProtectedResource::builder;
    for (begun, member, problem) in [
        (
            builder("http://api.example.com", LOGIN),
            "resource",
            UrlProblem::NotHttps,
        ),
        (
            builder("https://a@api.example.com", LOGIN),
            "resource",
            UrlProblem::UserInfo,
        ),
        (
            builder("https://api.example.com#a", LOGIN),
            "resource",
            UrlProblem::Fragment,
        ),
        (
            builder("https://api.example.com?a", LOGIN),
            "resource",
            UrlProblem::Query,
        ),
        (
            builder("api.example.com", LOGIN),
            "resource",
            UrlProblem::NotAbsolute,
        ),
        (
            builder("https://a/\r\nX: y", LOGIN),
            "resource",
            UrlProblem::Character { at: 10 },
        ),
        (
            builder("https://a", ""),
            "authorization_servers",
            UrlProblem::NotAbsolute,
        ),
        (
            begun().authorization_server("https://a?b"),
            "authorization_servers",
            UrlProblem::Query,
        ),
        (
            begun().authorization_server("http://a"),
            "authorization_servers",
            UrlProblem::NotHttps,
        ),
        // R-5: always https.
        (
            begun().jwks_uri("http://localhost/jwks"),
            "jwks_uri",
            UrlProblem::NotHttps,
        ),
        (
            begun().jwks_uri("https://a#b"),
            "jwks_uri",
            UrlProblem::Fragment,
        ),
        (
            begun().documentation("docs"),
            "resource_documentation",
            UrlProblem::NotAbsolute,
        ),
        (
            begun().policy("https://"),
            "resource_policy_uri",
            UrlProblem::Host,
        ),
        (
            begun().terms_of_service("https://a:b"),
            "resource_tos_uri",
            UrlProblem::Port,
        ),
    ] {
        let error = begun.build().unwrap_err();
        assert_eq!(error, Error::Url { member, problem });
        assert_eq!(
            error.to_string(),
            format!("`{member}` cannot be published: {problem}")
        );
    }
}

// R-5, C-3
#[test]
fn none_and_offline_access_are_never_listed_r5_c3() {
    for name in [
        "none",
        "NONE",
        "",
        "HS256",
        "hs512",
        "ES256 ES384",
        "ES\"256",
    ] {
        let built = begun().dpop_signing_algs(["ES256", name]).build();
        assert_eq!(built.err(), Some(Error::DpopAlgorithm), "{name}");
    }
    let offline = begun().scopes(["orders:read", "offline_access"]).build();
    assert_eq!(offline.err(), Some(Error::OfflineAccess));
    for scope in ["", "a\"b", " a"] {
        let built = begun().scopes([scope]).build();
        assert!(matches!(built, Err(Error::Scope(_))), "{scope}");
    }
    // One entry is one scope.
    let two = begun().scopes(["orders:read offline_access"]).build();
    assert!(matches!(two, Err(Error::SeveralScopes)), "{two:?}");
    for name in ["", " ", "a\nb", "a\u{85}"] {
        assert_eq!(
            begun().name(name).build().err(),
            Some(Error::Name),
            "{name:?}"
        );
    }
}

fn respond(method: Method, uri: &str) -> Option<Response<Bytes>> {
    let request = Request::builder().method(method).uri(uri).body(()).unwrap();
    begun().build().unwrap().respond(&request)
}

// R-3, R-6, H-17
#[test]
fn the_document_is_for_everybody_r3_r6() {
    let path = "/.well-known/oauth-protected-resource/mcp";
    let get = respond(Method::GET, path).unwrap();
    assert_eq!(get.status(), StatusCode::OK);
    assert_eq!(get.headers()["content-type"], "application/json");
    assert_eq!(get.headers()["access-control-allow-origin"], "*");
    assert_eq!(get.headers()["cache-control"], "public, max-age=300");
    assert_eq!(get.body(), begun().build().unwrap().document().as_ref());

    let head = respond(Method::HEAD, path).unwrap();
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(head.headers()["content-type"], "application/json");
    assert_eq!(
        head.headers()["content-length"],
        get.body().len().to_string().as_str()
    );
    assert!(head.body().is_empty());

    let options = respond(Method::OPTIONS, path).unwrap();
    assert_eq!(options.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        options.headers()["access-control-allow-methods"],
        "GET, HEAD, OPTIONS"
    );
    assert_eq!(options.headers()["access-control-allow-headers"], "*");

    for method in [
        Method::POST,
        Method::DELETE,
        Method::from_bytes(b"FROB").unwrap(),
    ] {
        let other = respond(method, path).unwrap();
        assert_eq!(other.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(other.headers()["allow"], "GET, HEAD, OPTIONS");
        assert_eq!(other.headers()["access-control-allow-origin"], "*");
        assert!(other.body().is_empty());
    }
    assert!(respond(Method::GET, "/.well-known/oauth-protected-resource/mcp?a=b").is_some());
    for path in [
        "/",
        "/mcp",
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp/",
        "/.well-known/oauth-protected-resource/MCP",
    ] {
        assert!(respond(Method::GET, path).is_none(), "{path}");
    }
}
