//! What is too long is refused, and the longest that is not is handled whatever it holds. That time
//! stays linear is counted in the crate itself.

#![allow(clippy::unwrap_used, reason = "tests")]

use auth_syntax::{
    BadChallenge, Challenge, Challenges, Credentials, MAX_LEN, MAX_PARAMS, Param, SyntaxErrorKind,
    is_joined,
};

#[test]
fn a_value_of_the_greatest_length_is_read() {
    let value = ["Bearer ", &"a".repeat(MAX_LEN - 7)].concat();
    assert_eq!(value.len(), MAX_LEN);
    let challenge = Challenges::new(value.as_bytes()).next().unwrap().unwrap();
    assert_eq!(challenge.token68().map(str::len), Some(MAX_LEN - 7));
    let credentials = Credentials::read(value.as_bytes()).unwrap().unwrap();
    assert_eq!(credentials.b64token().map(str::len), Some(MAX_LEN - 7));
}

#[test]
fn a_longer_value_is_refused() {
    let value = ["Bearer ", &"a".repeat(MAX_LEN - 6)].concat();
    let mut challenges = Challenges::new(value.as_bytes());
    assert_eq!(
        challenges.next().unwrap().unwrap_err().kind,
        SyntaxErrorKind::TooLong
    );
    assert!(challenges.next().is_none());
    assert_eq!(
        Credentials::read(value.as_bytes()).unwrap_err().kind,
        SyntaxErrorKind::TooLong
    );
    let credentials = Credentials {
        scheme: "Digest",
        rest: &vec![b','; MAX_LEN + 1],
    };
    assert_eq!(
        credentials.params().next().unwrap().unwrap_err().kind,
        SyntaxErrorKind::TooLong
    );
}

#[test]
fn the_longest_of_one_octet_is_handled() {
    for octet in 0..=u8::MAX {
        let value = vec![octet; MAX_LEN];
        let _ = (
            Challenges::new(&value).count(),
            Credentials::read(&value),
            is_joined(&value),
        );
        let credentials = Credentials {
            scheme: "Digest",
            rest: &value,
        };
        let _ = (credentials.params().count(), credentials.token68());
    }
}

// H-6: names are compared with all before them, hence the limit.
#[test]
fn as_many_parameters_as_allowed_are_read_and_no_more() {
    let list = |count: usize| {
        (0..count)
            .map(|n| format!("p{n}=v"))
            .collect::<Vec<_>>()
            .join(",")
    };
    let most = format!("Digest {}", list(MAX_PARAMS));
    assert_eq!(
        Challenges::new(most.as_bytes())
            .next()
            .unwrap()
            .unwrap()
            .params()
            .count(),
        MAX_PARAMS
    );
    assert_eq!(
        Credentials::read(most.as_bytes())
            .unwrap()
            .unwrap()
            .params()
            .flatten()
            .count(),
        MAX_PARAMS
    );

    let more = format!("Digest {}", list(MAX_PARAMS + 1));
    let error = Challenges::new(more.as_bytes())
        .next()
        .unwrap()
        .unwrap_err();
    assert_eq!(
        (error.at, error.kind),
        (most.len() + 1, SyntaxErrorKind::TooManyParams)
    );
    let error = Credentials::read(more.as_bytes())
        .unwrap()
        .unwrap()
        .params()
        .last()
        .unwrap()
        .unwrap_err();
    assert_eq!(
        (error.at, error.kind),
        (
            most.len() + 1 - "Digest ".len(),
            SyntaxErrorKind::TooManyParams
        )
    );
}

#[test]
fn a_last_name_that_is_repeated_is_found_among_the_most() {
    let list = (1..MAX_PARAMS)
        .map(|n| format!("p{n}=v"))
        .collect::<Vec<_>>()
        .join(",");
    let value = format!("Digest {list}, P1=v");
    let error = Challenges::new(value.as_bytes())
        .next()
        .unwrap()
        .unwrap_err();
    assert_eq!(
        (error.at, error.kind),
        (value.len() - 4, SyntaxErrorKind::RepeatedName)
    );
}

#[test]
fn what_is_checked_stays_within_the_readers_limits() {
    let names: Vec<_> = (0..=MAX_PARAMS).map(|n| format!("p{n}")).collect();
    let params: Vec<_> = names.iter().map(|name| Param::token(name, "v")).collect();
    assert_eq!(
        Challenge::new("Digest", &params[..MAX_PARAMS]).check(),
        Ok(())
    );
    assert_eq!(
        Challenge::new("Digest", &params).check(),
        Err(BadChallenge::TooManyParams)
    );

    let overhead = r#"Basic realm="""#.len();
    for (octet, written) in [("a", 1), ("\"", 2)] {
        let realm = octet.repeat((MAX_LEN - overhead) / written);
        let longer = format!("{realm}{octet}");
        assert_eq!(
            Challenge::new("Basic", &[Param::quoted("realm", &realm)]).check(),
            Ok(())
        );
        assert_eq!(
            Challenge::new("Basic", &[Param::quoted("realm", &longer)]).check(),
            Err(BadChallenge::TooLong)
        );
    }
}
