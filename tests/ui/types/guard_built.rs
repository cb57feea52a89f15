use auth_core::private::{Answering, Guard};

fn forged<P, W>(identity: W, answering: Answering) -> Guard<P, W, Answering> {
    Guard {
        identity,
        answering,
    }
}

fn main() {}
