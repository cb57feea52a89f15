//! What generated code may name. Not part of the public interface: it may change in any release.

pub use crate::__linked as linked;
pub use crate::guard::{Authenticated, Guard, Public, PublicDecision, Unseen};
pub use crate::inline::{
    AsResponse, ByFrom, InErr, Told, Unwritable, ViewRequest, admit, erroneous,
};
pub use crate::permit::{Answering, Permitted};
pub use crate::policy::{
    All, Any, Main, Member, Narrowed, Need, One, Policy, Rule, Spec, challenges_len, cut_texts,
    texts, texts_len,
};
pub use crate::refusal::Refusal;
#[cfg(feature = "registry")]
pub use crate::registry::{Linked, Mention, Unusable};
pub use crate::request::RequestView;
pub use crate::scheme::{ApiKey, Basic, Bearer, Digest, Scheme};
pub use crate::state::{AuthState, Provides, Settings};
pub use crate::verify::Verifier;

pub use alias::{Argument, NotAnIdentity, not_an_alias};
pub use auth_syntax::{Declaration, DigestAlgorithm, Param};
pub use erroneous::Erroneous;
#[cfg(feature = "registry")]
pub use inventory;
pub use own::{Known, no_param_is_missing, own, own_param};

mod alias;
mod erroneous;
mod linked;
mod own;

/// Used by generated code where Basic is accepted instead of Digest (D-26), so that the compiler warns at the word
/// `Basic`: stable Rust has no other warning that a macro could cause.
#[deprecated(
    note = "a policy that takes Basic as well as Digest is as weak as Basic (RFC 7616 §5.6): whoever can change an answer on its way takes the challenge of Digest out, and clients then send the password itself; remove `Basic`, or, if clients need it, write `#[allow(deprecated)]` on this handler, policy or module"
)]
pub const BASIC_BESIDE_DIGEST: () = ();

/// The answer of a handler whose `permit` held.
pub fn permitted<R>(answer: R) -> Permitted<R> {
    Permitted::answered(answer)
}

/// The answer instead of a handler whose `permit` did not hold.
pub fn not_permitted<R>(answering: Answering) -> Permitted<R> {
    Permitted::refused(answering)
}

/// What `request = …` shows.
pub fn view<T: ViewRequest + ?Sized>(request: &T) -> RequestView<'_> {
    request.view()
}

/// Whether a handler's `Option` agrees with the `optional` of the policy that it names. Called in
/// constants: a disagreement is a compile error.
#[expect(
    clippy::panic,
    reason = "called in constants only: the panic is a compile error"
)]
pub const fn option_agrees<P: Policy>(in_option: bool) {
    match (in_option, P::SPEC.is_optional()) {
        _ if P::SPEC.stand_in => {}
        (true, false) => panic!(
            "the policy admits only verified callers: write `Authenticated<..>` without `Option`, or add `optional` to the policy"
        ),
        (false, true) => panic!(
            "the policy is optional, so the caller may be nobody: write `Option<Authenticated<..>>`"
        ),
        _ => {}
    }
}

/// Whether a handler without an identity may name this policy. Called in constants: if not, that is a
/// compile error.
pub const fn not_optional<P: Policy>() {
    assert!(
        !P::SPEC.is_optional(),
        "the policy is optional, so this handler would run for everybody: take `user: Option<Authenticated<..>>`, or use `#[public]`"
    );
}
