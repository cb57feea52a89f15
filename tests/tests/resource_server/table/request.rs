//! Where a token stands in a request, and what stands beside it (V10, V15, V28).

use auth_core::InvalidRequest;

use crate::harness::{MARK, Refused, Row, Sent, attack, by, good, keys};

const TWICE: Refused = Refused::Request(InvalidRequest::CarrierTwice);
const NOT_ONE: Refused = Refused::Request(InvalidRequest::NotOneToken);

pub fn rows() -> Vec<Row> {
    let all = [twice(), not_one(), elsewhere(), schemes(), hosts(), marks()];
    all.into_iter().flatten().collect()
}

fn authorization(value: impl Into<String>) -> Sent {
    Sent::nothing().field("authorization", value)
}

fn twice() -> Vec<Row> {
    let [one, two] = [good().token(), by(&keys().ed).token()];
    let expired = good().claim("exp", 1).token();
    let bearer = |token: &str| format!("Bearer {token}");
    let single = || authorization(bearer(&one));
    vec![
        attack(
            "V10",
            "two lines",
            single().field("authorization", bearer(&two)),
            TWICE,
        )
        .beside(single()),
        attack(
            "V10",
            "one line twice",
            single().field("authorization", bearer(&one)),
            TWICE,
        )
        .beside(single()),
        attack(
            "V10",
            "a bad line behind",
            single().field("authorization", bearer(&expired)),
            TWICE,
        )
        .beside(single()),
        attack(
            "V10",
            "a bad line before",
            authorization(bearer(&expired)).field("authorization", bearer(&one)),
            TWICE,
        )
        .beside(single()),
        attack(
            "V10",
            "another scheme behind",
            single().field("authorization", "Basic QTpC"),
            TWICE,
        )
        .beside(single()),
        attack(
            "V10",
            "another scheme before",
            authorization("Basic QTpC").field("authorization", bearer(&one)),
            TWICE,
        )
        .beside(single()),
        attack(
            "V10",
            "an empty line behind",
            single().field("authorization", ""),
            TWICE,
        )
        .beside(single()),
        attack(
            "V10",
            "joined by a comma",
            authorization(format!("Bearer {one}, Bearer {two}")),
            TWICE,
        )
        .beside(single()),
        attack(
            "V10",
            "joined with another scheme",
            authorization(format!("Basic QTpC, Bearer {one}")),
            TWICE,
        )
        .beside(single()),
        attack(
            "V10",
            "joined by a bare comma",
            authorization(format!("Bearer {one},Bearer {two}")),
            TWICE,
        )
        .beside(single()),
    ]
}

/// What follows the scheme is not exactly one token.
fn not_one() -> Vec<Row> {
    let [one, two] = [good().token(), by(&keys().ed).token()];
    let single = || authorization(format!("Bearer {one}"));
    vec![
        attack(
            "V10",
            "two tokens in one line",
            authorization(format!("Bearer {one} {two}")),
            NOT_ONE,
        )
        .beside(single()),
        attack(
            "V10",
            "two tokens and a comma",
            authorization(format!("Bearer {one}, {two}")),
            TWICE,
        )
        .beside(single()),
        attack(
            "V10",
            "the scheme twice",
            authorization(format!("Bearer Bearer {one}")),
            NOT_ONE,
        )
        .beside(single()),
        attack("V10", "no token", authorization("Bearer"), NOT_ONE)
            .beside(authorization(format!("bEARER {one}"))),
        attack(
            "V24",
            "a row of commas",
            authorization(format!("Bearer {}", ",".repeat(60_000))),
            NOT_ONE,
        )
        .beside(single()),
        attack(
            "V24",
            "a row of quotes",
            authorization(format!("Bearer {}", "\"".repeat(60_000))),
            NOT_ONE,
        )
        .beside(single()),
    ]
}

/// RFC 6750 §2.2 and §2.3 are not served: what stands there is nothing, for better and for worse.
fn elsewhere() -> Vec<Row> {
    let token = good().token();
    let expired = good().claim("exp", 1).token();
    let query = |token: &str| Sent::nothing().to(format!("/orders?access_token={token}"));
    let form = |token: &str| {
        let form = Sent::nothing().field("content-type", "application/x-www-form-urlencoded");
        form.content(format!("access_token={token}"))
    };
    let with_header = |sent: Sent| sent.field("authorization", format!("Bearer {token}"));
    vec![
        attack("V10", "in the query", query(&token), Refused::Missing)
            .beside(with_header(query(&expired))),
        attack("V10", "in the form", form(&token), Refused::Missing)
            .beside(with_header(form(&expired))),
        attack(
            "V10",
            "in a cookie",
            Sent::nothing().field(
                "cookie",
                format!("access_token={token}; Authorization=Bearer {token}"),
            ),
            Refused::Missing,
        )
        .beside(with_header(Sent::nothing()).field("cookie", "access_token=x")),
        attack(
            "V10",
            "in a field of a proxy's",
            Sent::nothing().field("proxy-authorization", format!("Bearer {token}")),
            Refused::Missing,
        )
        .beside(with_header(Sent::nothing()).field("proxy-authorization", "Bearer x")),
        attack(
            "V10",
            "in a field of one's own",
            Sent::nothing()
                .field("x-forwarded-authorization", format!("Bearer {token}"))
                .field("x-access-token", token.clone()),
            Refused::Missing,
        )
        .beside(with_header(Sent::nothing()).field("x-access-token", "x")),
        attack(
            "V10",
            "expired, with a good one in the query",
            authorization(format!("Bearer {expired}")).to(format!("/orders?access_token={token}")),
            Refused::Expired(1, "1970-01-01T00:00:01Z"),
        )
        .beside(with_header(query(&expired))),
    ]
}

fn schemes() -> Vec<Row> {
    let token = good().token();
    ["DPoP", "Basic", "Token", "JWT", "Bearer2", "XBearer"]
        .map(|scheme| {
            let sent = authorization(format!("{scheme} {token}"));
            attack(
                "V10",
                format!("the scheme {scheme}"),
                sent,
                Refused::NotAccepted,
            )
            .beside(authorization(format!("BEARER {token}")))
        })
        .into()
}

/// The challenge names the configured origin whatever the request calls us.
fn hosts() -> Vec<Row> {
    let named = |sent: Sent| {
        sent.field("host", "attacker.example")
            .field("x-forwarded-host", "attacker.example")
            .field("x-forwarded-proto", "http")
            .field("x-forwarded-prefix", "/attacker")
            .field("forwarded", "host=attacker.example;proto=http")
            .field("x-original-url", "/public")
            .field("origin", "https://attacker.example")
    };
    let for_attacker = good().claim("aud", "https://attacker.example");
    let absolute = |sent: Sent| sent.to("https://attacker.example/orders");
    let wrong = Refused::Invalid("wrong audience");
    vec![
        attack(
            "V15",
            "another host, no token",
            named(Sent::nothing()),
            Refused::Missing,
        )
        .beside(named(good().into())),
        attack(
            "V15",
            "another host, for which the token is",
            named(for_attacker.clone().into()),
            wrong,
        )
        .beside(named(good().into())),
        attack(
            "V15",
            "another host in the target",
            absolute(for_attacker.into()),
            wrong,
        )
        .beside(absolute(good().into())),
        attack(
            "V15",
            "an odd host",
            Sent::nothing().field("host", "api.example\"@attacker.example/?#"),
            Refused::Missing,
        )
        .beside(Sent::from(good()).field("host", "api.example:0\"")),
    ]
}

/// Texts of the attacker's in the whole request.
fn marks() -> Vec<Row> {
    let marked = |sent: Sent| {
        let sent = sent
            .to(format!("/orders?{MARK}={MARK}"))
            .content(MARK.to_owned());
        let names = [
            "host",
            "x-forwarded-host",
            "user-agent",
            "referer",
            "x-request-id",
            "cookie",
            "realm",
            "accept",
        ];
        names
            .into_iter()
            .fold(sent, |sent, name| sent.field(name, MARK))
    };
    vec![
        attack(
            "V28",
            "marks, no token",
            marked(Sent::nothing()),
            Refused::Missing,
        )
        .beside(marked(good().into())),
        attack(
            "V28",
            "marks for a token",
            marked(Sent::bearer(MARK)),
            Refused::Invalid("malformed: not three segments"),
        )
        .beside(marked(good().into())),
        attack(
            "V28",
            "marks for a scheme",
            marked(authorization(format!("{MARK} {MARK}"))),
            Refused::NotAccepted,
        )
        .beside(marked(good().into())),
        attack(
            "V28",
            "marks for two tokens",
            marked(Sent::bearer(&format!("{MARK} {MARK}"))),
            NOT_ONE,
        )
        .beside(marked(good().into())),
    ]
}
