use auth_core::{Bearer, FnVerifier, Provides};

pub struct App(FnVerifier<Bearer, String>);

impl Provides<Bearer> for App {
    type Verifier = FnVerifier<Bearer, String>;

    fn verifier(&self) -> &Self::Verifier {
        &self.0
    }
}

fn main() {}
