//! What guards a handler whose attribute is wrong. There is a compile error beside it; this keeps the
//! routes that name the handler from complaining as well.

use core::future::ready;

use auth_syntax::Declaration;

use crate::decide::{Accepts, Attempt, Checks};
use crate::guard::{Admitted, Wanted};
use crate::policy::{Member, Policy, Rule, Shape, Spec, sealed};
use crate::refusal::Refusal;
use crate::request::RequestView;
use crate::scheme::Basic;

/// A policy that any state can check, and that admits nobody.
#[derive(Clone, Copy, Debug)]
pub enum Erroneous {}

static MEMBERS: [Member; 1] = [Member::new::<Basic>(
    Declaration::basic("erroneous policy").without_charset(),
    &["Basic realm=\"erroneous policy\""],
)];
static SPEC: Spec = {
    let mut spec = Spec::new("erroneous policy", &MEMBERS);
    spec.stand_in = true;
    spec
};

impl Policy for Erroneous {
    type Accepts = Self;
    const SPEC: &'static Spec = &SPEC;
}

impl sealed::Tree for Erroneous {}

impl Rule for Erroneous {
    const SHAPE: Shape = Shape::Member;
}

impl<St: Sync> Checks<St> for Erroneous {
    type Found = ();

    fn check(_: &mut Attempt<'_, St>, _: usize) -> impl Future<Output = ()> + Send {
        ready(())
    }

    fn is_met((): &()) -> bool {
        false
    }

    const OPEN: bool = false;

    fn complete(_: &St, _: &RequestView<'_>, _: usize, _: &mut Refusal) {}
}

impl<St: Sync, W: Wanted> Accepts<St, W> for Erroneous {
    fn identity((): (), _: &St, _: Admitted) -> Option<W> {
        None
    }
}
