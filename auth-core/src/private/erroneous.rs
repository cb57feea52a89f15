//! What guards a handler whose attribute is wrong. There is a compile error beside it; this keeps the
//! routes that name the handler from complaining as well.

use crate::decide::{Accepts, Attempt, Failed};
use crate::guard::Wanted;
use crate::policy::{Member, Policy, Spec};
use crate::scheme::Basic;

/// A policy that any state can check, and that admits nobody.
#[derive(Clone, Copy, Debug)]
pub enum Erroneous {}

static MEMBERS: [Member; 1] = [Member::new::<Basic>(&["Basic realm=\"erroneous policy\""])];
static SPEC: Spec = {
    let mut spec = Spec::new("erroneous policy", &MEMBERS);
    spec.stand_in = true;
    spec
};

impl Policy for Erroneous {
    type Accepts = Self;
    const SPEC: &'static Spec = &SPEC;
}

impl<St: Sync, W: Wanted> Accepts<St, W> for Erroneous {
    const MEMBERS: usize = 1;

    async fn check<'r>(_: &'r Attempt<'r, St>, _: usize) -> Result<Option<W>, Failed> {
        Ok(None)
    }
}
