//! What leaves a macro that found an error: the errors, and what stands in for the expansion, so that
//! the rest of the program is checked and the user sees one message and not ten.
//!
//! For a handler that could be read, that is the handler with a guard that admits nobody. What could
//! not be read goes out as it was written.

use proc_macro2::TokenStream;

use crate::errors;

/// Nothing stands in alone: without an error of ours there is one that says so.
pub(crate) fn with_errors(errors: Option<TokenStream>, stand_in: &TokenStream) -> TokenStream {
    let errors = errors.unwrap_or_else(|| {
        syn::Error::new(proc_macro2::Span::call_site(), errors::nothing_to_write())
            .to_compile_error()
    });
    quote::quote!(#errors #stand_in)
}
