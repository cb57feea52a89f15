//! B-3 to B-10, E-6.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    let malformed = || refused(401, "invalid_credentials", &[BASIC]);
    let wrong = malformed;
    vec![
        row(
            "RFC 7617 example B-10",
            "basic",
            &[(AUTH, &"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")],
            Admitted("Aladdin"),
        ),
        row(
            "wrong password H-21",
            "basic",
            &[(AUTH, &basic("Aladdin:wrong"))],
            wrong(),
        ),
        row(
            "unknown user H-21",
            "basic",
            &[(AUTH, &basic("nobody:open sesame"))],
            wrong(),
        ),
        row(
            "user in other case",
            "basic",
            &[(AUTH, &basic("aladdin:open sesame"))],
            wrong(),
        ),
        row(
            "empty password B-6",
            "basic",
            &[(AUTH, &basic("Aladdin:"))],
            wrong(),
        ),
        row(
            "empty user B-6",
            "basic",
            &[(AUTH, &basic(":open sesame"))],
            wrong(),
        ),
        row(
            "more colons belong to the password B-4",
            "basic",
            &[(AUTH, &basic("Aladdin:open sesame:"))],
            wrong(),
        ),
        row(
            "no colon B-4",
            "basic",
            &[(AUTH, &basic("Aladdin"))],
            malformed(),
        ),
        row(
            "nothing behind B-8",
            "basic",
            &[(AUTH, &"Basic")],
            malformed(),
        ),
        row(
            "NUL and junk B-5",
            "basic",
            &[(AUTH, &basic("Aladdin:open sesame\0junk"))],
            malformed(),
        ),
        row(
            "line feed B-5 E-6",
            "basic",
            &[(
                AUTH,
                &"Basic d2VsbCBkb25lOnlvdSBmb3VuZCB0aGUgZWFzdGVyIGVnZwo=",
            )],
            malformed(),
        ),
        row(
            "DEL B-5",
            "basic",
            &[(AUTH, &basic("Aladdin:\u{7f}"))],
            malformed(),
        ),
        row(
            "invalid UTF-8 B-7",
            "basic",
            &[(AUTH, &basic(b"Aladdin:\xff"))],
            malformed(),
        ),
        row(
            "UTF-8 B-7",
            "basic",
            &[(AUTH, &"Basic dGVzdDoxMjPCow==")],
            wrong(),
        ),
        row(
            "unpadded B-9",
            "basic",
            &[(AUTH, &"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ")],
            malformed(),
        ),
        row(
            "base64url B-3",
            "basic",
            &[(AUTH, &"Basic QWxh_GRpbjpv-GVuIHNlc2FtZQ==")],
            malformed(),
        ),
        row(
            "white space B-3",
            "basic",
            &[(AUTH, &"Basic QWxh ZGRpbjpvcGVuIHNlc2FtZQ==")],
            malformed(),
        ),
        row(
            "trailing bits B-3",
            "basic",
            &[(AUTH, &"Basic QWxhZGRpbjpvcGVuIHNlc2FtZR==")],
            malformed(),
        ),
        row(
            "colon in the clear B-3",
            "basic",
            &[(AUTH, &"Basic Aladdin:open")],
            malformed(),
        ),
        row(
            "parameters B-3",
            "basic",
            &[(AUTH, &"Basic user=\"Aladdin\"")],
            malformed(),
        ),
    ]
}
