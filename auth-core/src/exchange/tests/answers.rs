//! What becomes of the answer.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;

use super::Step::{Data, Error, Trailers, Wait};
use super::{Given, Steps, finish, given, steps};
use crate::exchange::{AuthInfo, Exchange, GuardedBody};
use crate::refusal::Cause;

fn exchange(method: Method) -> Exchange {
    let request = Request::builder().method(method).body(()).unwrap();
    Exchange::of_head(&mut request.into_parts().0)
}

type Covered = Arc<Mutex<Option<Vec<u8>>>>;

/// What covers the content of the answer, up to 10 octets; and what it was given.
fn covering(exchange: &Exchange) -> Covered {
    let covered = Covered::default();
    let told = Arc::clone(&covered);
    exchange.answer_with(AuthInfo::with_content(
        10,
        Box::new(move |content| {
            *told.lock().unwrap() = Some(content.to_vec());
            Some(HeaderValue::from_static("over-content"))
        }),
    ));
    covered
}

/// The answer to a request under `auth-int`, and what of its content was covered.
fn covered<B: Send + 'static>(response: Response<B>) -> (Response<B>, Option<Vec<u8>>) {
    let exchange = exchange(Method::GET);
    let covered = covering(&exchange);
    let response = finish(exchange.complete(response));
    let covered = covered.lock().unwrap().take();
    assert_eq!(covered.is_some(), info(&response).is_some());
    (response, covered)
}

fn info<B>(response: &Response<B>) -> Option<&[u8]> {
    let mut fields = response.headers().get_all("authentication-info").iter();
    let field = fields.next();
    assert!(fields.next().is_none());
    field.map(HeaderValue::as_bytes)
}

// D-21
#[test]
fn d21_it_is_added_once_whatever_the_body_is() {
    let exchange = exchange(Method::GET);
    exchange.answer_with(AuthInfo::ready(HeaderValue::from_static("earlier")));
    exchange.answer_with(AuthInfo::ready(HeaderValue::from_static("later")));
    let mut response = Response::new("a body that nobody can read");
    let fields = response.headers_mut();
    fields.insert("authentication-info", HeaderValue::from_static("forged"));
    let response = finish(exchange.clone().complete(response));
    assert_eq!(info(&response), Some(&b"later"[..]));
    let again = finish(exchange.complete(Response::new(())));
    assert_eq!(info(&again), None);
}

#[test]
fn nothing_is_added_unless_a_guard_says_so() {
    let response = finish(exchange(Method::GET).complete(Response::new(())));
    assert!(response.headers().is_empty());
}

#[test]
fn a_refusal_carries_nothing_of_it() {
    let mut response = Response::new(GuardedBody::from("no"));
    response.extensions_mut().insert(Cause::Forbidden);
    let (response, covered) = covered(response);
    assert_eq!((info(&response), covered), (None, None));
    assert_eq!(given(response.into_body()), Given::frames(&["no"]));
}

#[test]
fn what_is_here_is_covered_up_to_the_limit() {
    fn check<B: From<Bytes> + Clone + PartialEq + core::fmt::Debug + Send + 'static>() {
        for (content, fits) in [("", true), ("ten octets", true), ("eleven octe", false)] {
            let body = B::from(Bytes::from(content));
            let (response, covered) = covered(Response::new(body.clone()));
            let expected = fits.then(|| content.as_bytes().to_vec());
            assert_eq!(covered, expected, "{content}");
            assert_eq!(*response.body(), body);
        }
    }
    check::<Bytes>();
    check::<Vec<u8>>();
}

#[test]
fn full_bodies_are_covered_up_to_the_limit() {
    for (content, fits) in [("", true), ("ten octets", true), ("eleven octe", false)] {
        let (response, covered) = covered(Response::new(Full::<Bytes>::from(content)));
        let expected = fits.then(|| content.as_bytes().to_vec());
        assert_eq!(covered, expected, "{content}");
        assert_eq!(given(response.into_body()).frames.concat(), content);
    }
}

#[test]
fn bodies_of_other_types_are_not_looked_into() {
    let (response, covered) = covered(Response::new("ten octets"));
    assert_eq!((*response.body(), covered), ("ten octets", None));
}

/// The same for both bodies that give their frames one after the other.
fn streamed(body: impl Fn() -> Steps, expected: Option<&str>, left: &Given) {
    let expected = expected.map(|content| content.as_bytes().to_vec());
    let (response, found) = covered(Response::new(GuardedBody::new(body())));
    assert_eq!(found, expected);
    assert_eq!(given(response.into_body()), *left);
    #[cfg(feature = "axum")]
    {
        let (response, found) = covered(Response::new(axum_core::body::Body::new(body())));
        assert_eq!(found, expected);
        assert_eq!(given(response.into_body()), *left);
    }
}

#[test]
fn d21_a_body_of_known_length_is_read_and_stays() {
    streamed(
        || steps([Data("ten "), Wait, Data("octets")]).of_length(10),
        Some("ten octets"),
        &Given::frames(&["ten octets"]),
    );
    streamed(
        || steps([Data("ten "), Data("octets"), Trailers("x-check", "7")]).of_length(10),
        Some("ten octets"),
        &Given::frames(&["ten octets"]).with_trailer("x-check", "7"),
    );
}

#[test]
fn d21_a_long_body_or_a_stream_goes_on_without_the_field() {
    for body in [
        || steps([Data("eleven "), Data("octe")]).of_length(11),
        // A stream.
        || steps([Data("eleven "), Data("octe")]),
    ] {
        streamed(body, None, &Given::frames(&["eleven ", "octe"]));
    }
    let (response, _) = covered(Response::new(GuardedBody::new(steps([Data("stream")]))));
    assert_eq!(http_body::Body::size_hint(response.body()).upper(), None);
}

#[test]
fn a_stream_is_not_polled() {
    let body = steps([Data("an event")]);
    let seen = body.seen.clone();
    let (_response, _) = covered(Response::new(GuardedBody::new(body)));
    assert_eq!(seen.polls(), 0);
}

#[test]
fn d21_a_body_that_breaks_off_or_lied_about_its_length_goes_on_as_it_is() {
    streamed(
        || steps([Data("ten "), Error]).of_length(10),
        None,
        &Given::frames(&["ten "]).failed(),
    );
    streamed(
        || steps([Data("ten octets"), Data("!")]).of_length(10),
        None,
        &Given::frames(&["ten octets!"]),
    );
}

// The client gets no content, and can check nothing else than that.
#[test]
fn d21_answers_without_content_are_covered_as_such() {
    let answers = [
        (Method::HEAD, StatusCode::OK),
        (Method::GET, StatusCode::NO_CONTENT),
        (Method::GET, StatusCode::NOT_MODIFIED),
        (Method::GET, StatusCode::SWITCHING_PROTOCOLS),
    ];
    for (method, status) in answers {
        let exchange = exchange(method);
        let covered = covering(&exchange);
        let body = steps([Data("never sent")]).of_length(10);
        let seen = body.seen.clone();
        let mut response = Response::new(GuardedBody::new(body));
        *response.status_mut() = status;
        let response = finish(exchange.complete(response));
        assert!(info(&response).is_some(), "{status}");
        assert_eq!(covered.lock().unwrap().as_deref(), Some(&b""[..]));
        assert_eq!(seen.polls(), 0);
        // What a server tells of it is still its length.
        assert_eq!(
            http_body::Body::size_hint(response.body()).exact(),
            Some(10)
        );
    }
}

#[test]
fn what_cannot_be_said_is_left_out() {
    let exchange = exchange(Method::GET);
    exchange.answer_with(AuthInfo::with_content(10, Box::new(|_| None)));
    let response = finish(exchange.complete(Response::new(Bytes::new())));
    assert_eq!(info(&response), None);
}

/// What is said of the next nonce in an answer with these fields, and what its `Cache-Control` is then. Both ways to say it
/// do the same.
fn with_next(fields: &[(&'static str, &'static str)]) -> (bool, Vec<String>) {
    let answers = [false, true].map(|covering| {
        let exchange = exchange(Method::GET);
        let value = HeaderValue::from_static("told");
        let info = if covering {
            AuthInfo::with_content(10, Box::new(move |_| Some(value)))
        } else {
            AuthInfo::ready(value)
        };
        exchange.answer_with(info.and_next_nonce(Some("n1".to_owned())));
        let mut response = Response::new(Bytes::new());
        for (name, value) in fields {
            let value = HeaderValue::from_static(value);
            response.headers_mut().append(*name, value);
        }
        let response = finish(exchange.complete(response));
        let given = match info_text(&response) {
            r#"told, nextnonce="n1""# => true,
            "told" => false,
            other => panic!("{other}"),
        };
        let lines = response.headers().get_all("cache-control").iter();
        let lines = lines.map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned());
        (given, lines.collect::<Vec<_>>())
    });
    assert_eq!(answers[0], answers[1]);
    let [answer, _] = answers;
    answer
}

fn info_text<B>(response: &Response<B>) -> &str {
    core::str::from_utf8(info(response).unwrap()).unwrap()
}

// H-16, D-22
#[test]
fn h16_a_nonce_goes_out_where_no_cache_keeps_the_answer() {
    let cc = "cache-control";
    assert_eq!(with_next(&[]), (true, vec!["no-store".to_owned()]));
    let kept_out: [&[&str]; 5] = [
        &["no-store"],
        &["No-Store"],
        &["private, no-store"],
        &["max-age=0 ,\tno-store , must-revalidate"],
        &["max-age=60", "no-store"],
    ];
    for lines in kept_out {
        let fields: Vec<_> = lines.iter().map(|line| (cc, *line)).collect();
        assert_eq!(
            with_next(&fields),
            (true, lines.iter().map(ToString::to_string).collect()),
            "as it was"
        );
    }
}

#[test]
fn h16_it_is_left_out_where_a_cache_may() {
    let cc = "cache-control";
    let kept: [&[(&str, &str)]; 14] = [
        &[(cc, "public, max-age=3600")],
        &[(cc, "private")],
        &[(cc, "no-cache")],
        &[(cc, "")],
        &[(cc, "no-store2")],
        &[(cc, "x-no-store")],
        &[(cc, "no-store=1")],
        // What is quoted is no directive, also over two lines.
        &[(cc, r#"private="set-cookie, no-store", max-age=60"#)],
        &[(cc, r#"private="a"#), (cc, "no-store"), (cc, r#"b""#)],
        // RFC 9111 section 5.3.
        &[("expires", "Thu, 01 Dec 2033 16:00:00 GMT")],
        // RFC 9213: there `Cache-Control` is not looked at.
        &[("cdn-cache-control", "max-age=60")],
        &[("cdn-cache-control", "max-age=60"), (cc, "no-store")],
        &[("vercel-cdn-cache-control", "max-age=60"), (cc, "no-store")],
        &[("surrogate-control", "max-age=60")],
    ];
    for fields in kept {
        let lines = fields.iter().filter(|(name, _)| *name == cc);
        let lines = lines.map(|(_, value)| (*value).to_owned());
        assert_eq!(with_next(fields), (false, lines.collect()), "{fields:?}");
    }
    // It was `no-store` all the same.
    let expired = [("expires", "0"), (cc, "no-store")];
    assert!(with_next(&expired).0);
}

// Nothing is said of caches where no nonce goes out.
#[test]
fn h16_other_answers_may_be_kept_as_before() {
    for say in [
        AuthInfo::ready(HeaderValue::from_static("told")),
        AuthInfo::with_content(10, Box::new(|_| None)).and_next_nonce(Some("n1".to_owned())),
    ] {
        let exchange = exchange(Method::GET);
        exchange.answer_with(say);
        let response = finish(exchange.complete(Response::new(Bytes::new())));
        assert!(!response.headers().contains_key("cache-control"));
    }
}
