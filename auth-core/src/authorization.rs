//! From header field lines to what was presented for each member of a policy.

use core::fmt;

use auth_syntax::{Credentials, SyntaxErrorKind};

use crate::decide::Failed;
use crate::policy::{Carrier, MAX_MEMBERS, Member, Members, Shape, Spec};
use crate::refusal::{Cause, InvalidRequest};
use crate::request::RequestView;

/// What a request presents to the members of a policy, by their place.
#[derive(Default)]
pub(crate) struct Presented<'r> {
    values: [Option<&'r [u8]>; MAX_MEMBERS],
    foreign: bool,
}

/// Prints nothing of the credentials that it holds (T-17).
impl fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Presented([redacted])")
    }
}

impl<'r> Presented<'r> {
    /// The credentials for a member: what follows the scheme, or the field's value.
    pub(crate) fn to(&self, member: usize) -> Option<&'r [u8]> {
        self.values.get(member).copied().flatten()
    }

    /// The members that something is presented to.
    pub(crate) fn members(&self) -> Members {
        let presented = self
            .values
            .iter()
            .enumerate()
            .filter(|(_, value)| value.is_some());
        presented.fold(Members::NONE, |members, (at, _)| members.with(at))
    }

    pub(crate) fn nothing(&self) -> bool {
        self.values.iter().all(Option::is_none)
    }

    /// RFC 6750 §2, §3.1: a client must not send a token in more than one way. Two tokens of which both are
    /// demanded are another matter.
    fn by_one_method(&self, spec: &Spec, shape: &Shape) -> Result<(), Failed> {
        let presented = || self.values.iter().copied().zip(spec.members()).enumerate();
        for (at, (value, member)) in presented().filter(|(_, (value, _))| value.is_some()) {
            let twice = |(other_at, (other, second)): (usize, (Option<&[u8]>, &Member))| {
                let same = other == value || shape.are_alternatives(at, other_at);
                other.is_some() && second.takes_same_token_elsewhere(member) && same
            };
            if presented().skip(at + 1).any(twice) {
                return Err(invalid(InvalidRequest::CarrierTwice));
            }
        }
        Ok(())
    }

    /// Whether `Authorization` holds something that no member accepts.
    pub(crate) fn foreign(&self) -> bool {
        self.foreign
    }
}

/// Reads every carrier of the policy once. Carriers that it does not name are not looked at.
pub(crate) fn read<'r>(
    spec: &Spec,
    shape: &Shape,
    request: &RequestView<'r>,
    max_len: usize,
) -> Result<Presented<'r>, Failed> {
    let mut presented = Presented::default();
    let mut authorization = Authorization::Unread;
    let mut accepted = false;
    for (value, member) in presented.values.iter_mut().zip(spec.members()) {
        *value = match member.carrier() {
            Carrier::Authorization => {
                if let Authorization::Unread = authorization {
                    authorization = read_authorization(request, max_len)?;
                }
                let credentials = authorization.to(member);
                accepted |= credentials.is_some();
                credentials
            }
            Carrier::Cookie(name) => single(request.first_two_cookies(name), max_len)?,
            other => single(request.first_two(other.field()), max_len)?,
        };
    }
    presented.by_one_method(spec, shape)?;
    presented.foreign = match authorization {
        Authorization::Unread | Authorization::Empty => false,
        Authorization::Unreadable => true,
        Authorization::Holds(_) => !accepted,
    };
    Ok(presented)
}

enum Authorization<'r> {
    Unread,
    Empty,
    Unreadable,
    Holds(Credentials<'r>),
}

impl<'r> Authorization<'r> {
    fn to(&self, member: &Member) -> Option<&'r [u8]> {
        match self {
            Self::Holds(credentials) if accepts(member, credentials) => Some(credentials.rest),
            _ => None,
        }
    }
}

/// RFC 9110 §11.1: without regard to case.
fn accepts(member: &Member, credentials: &Credentials<'_>) -> bool {
    member.carrier() == Carrier::Authorization && credentials.is(member.scheme())
}

fn read_authorization<'r>(
    request: &RequestView<'r>,
    max_len: usize,
) -> Result<Authorization<'r>, Failed> {
    let lines = request.first_two(Carrier::Authorization.field());
    let Some(value) = single(lines, max_len)? else {
        return Ok(Authorization::Empty);
    };
    // Without a comma nothing is joined; that is seen at once, and is how most values are.
    if value.contains(&b',') && auth_syntax::is_joined(value) {
        return Err(invalid(InvalidRequest::CarrierTwice));
    }
    Ok(match Credentials::read(value) {
        Ok(None) => Authorization::Empty,
        Ok(Some(credentials)) => Authorization::Holds(credentials),
        Err(error) if error.kind == SyntaxErrorKind::TooLong => {
            return Err(invalid(InvalidRequest::TooLong));
        }
        Err(_) => Authorization::Unreadable,
    })
}

/// What may occur once; an empty value is nothing.
fn single(found: [Option<&[u8]>; 2], max_len: usize) -> Result<Option<&[u8]>, Failed> {
    let value = match found {
        [None, _] => return Ok(None),
        [Some(_), Some(_)] => return Err(invalid(InvalidRequest::CarrierTwice)),
        [Some(value), None] => value,
    };
    if value.len() > max_len {
        return Err(invalid(InvalidRequest::TooLong));
    }
    Ok(Some(value.trim_ascii()).filter(|value| !value.is_empty()))
}

fn invalid(problem: InvalidRequest) -> Failed {
    Failed::request(Cause::InvalidRequest(problem))
}
