//! Errors of the start, which people read as `main() -> Result<..>` and `unwrap` print them: by `Debug`.

/// `Debug` that says what `Display` says, with what it came from.
macro_rules! debug_like_display {
    ($error:ty) => {
        impl ::core::fmt::Debug for $error {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self, f)?;
                let mut source = ::core::error::Error::source(self);
                while let Some(error) = source {
                    ::core::write!(f, ": {error}")?;
                    source = error.source();
                }
                Ok(())
            }
        }
    };
}
pub(crate) use debug_like_display;

#[cfg(test)]
mod tests {
    use core::fmt;
    use std::error::Error;

    struct Outer(fmt::Error);

    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("write it anew")
        }
    }

    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    debug_like_display!(Outer);

    #[test]
    fn what_main_prints_says_what_to_do_and_what_it_came_from() {
        let failed: Result<(), Box<dyn Error>> = Err(Outer(fmt::Error).into());
        let printed = failed.map_err(|error| format!("Error: {error:?}"));
        let source = fmt::Error;
        assert_eq!(printed, Err(format!("Error: write it anew: {source}")));
    }
}
