//! Generated code under strict lints: what is silenced in it is silenced by the macros, and nothing is
//! silenced here.
//!
//! Run by `cargo clippy`; `cargo build` sees the compiler's own half.
#![forbid(unsafe_code)]
#![deny(
    warnings,
    future_incompatible,
    keyword_idents,
    let_underscore,
    nonstandard_style,
    refining_impl_trait,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    unused
)]
// All of rustc's lints that are off by default and mean something for stable code.
#![deny(
    absolute_paths_not_starting_with_crate,
    ambiguous_negative_literals,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    let_underscore_drop,
    macro_use_extern_crate,
    meta_variable_misuse,
    missing_abi,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    non_ascii_idents,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unused_crate_dependencies,
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences
)]
// Not `clippy::cargo`, which reads manifests.
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]
// Restriction lints that projects turn on.
#![deny(
    clippy::absolute_paths,
    clippy::alloc_instead_of_core,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::as_underscore,
    clippy::clone_on_ref_ptr,
    clippy::dbg_macro,
    clippy::default_numeric_fallback,
    clippy::default_union_representation,
    clippy::else_if_without_else,
    clippy::empty_enum_variants_with_brackets,
    clippy::empty_structs_with_brackets,
    clippy::error_impl_error,
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    clippy::exit,
    clippy::expect_used,
    clippy::field_scoped_visibility_modifiers,
    clippy::float_arithmetic,
    clippy::fn_to_numeric_cast_any,
    clippy::get_unwrap,
    clippy::if_then_some_else_none,
    clippy::impl_trait_in_params,
    clippy::indexing_slicing,
    clippy::infinite_loop,
    clippy::integer_division,
    clippy::items_after_test_module,
    clippy::let_underscore_must_use,
    clippy::let_underscore_untyped,
    clippy::lossy_float_literal,
    clippy::map_err_ignore,
    clippy::mem_forget,
    clippy::min_ident_chars,
    clippy::missing_assert_message,
    clippy::missing_docs_in_private_items,
    clippy::missing_inline_in_public_items,
    clippy::missing_trait_methods,
    clippy::mixed_read_write_in_expression,
    clippy::mod_module_files,
    clippy::multiple_inherent_impl,
    clippy::multiple_unsafe_ops_per_block,
    clippy::mutex_atomic,
    clippy::needless_raw_strings,
    clippy::non_ascii_literal,
    clippy::panic,
    clippy::panic_in_result_fn,
    clippy::partial_pub_fields,
    clippy::pattern_type_mismatch,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::pub_without_shorthand,
    clippy::rc_buffer,
    clippy::redundant_type_annotations,
    clippy::ref_patterns,
    clippy::renamed_function_params,
    clippy::rest_pat_in_fully_bound_structs,
    clippy::same_name_method,
    clippy::semicolon_inside_block,
    clippy::shadow_reuse,
    clippy::shadow_same,
    clippy::shadow_unrelated,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::str_to_string,
    clippy::string_add,
    clippy::string_slice,
    clippy::suspicious_xor_used_as_pow,
    clippy::todo,
    clippy::try_err,
    clippy::undocumented_unsafe_blocks,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::unseparated_literal_suffix,
    clippy::unwrap_in_result,
    clippy::unwrap_used,
    clippy::use_debug,
    clippy::verbose_file_reads,
    clippy::wildcard_enum_match_arm
)]

use core::future::ready;

use auth_core::{
    ApiKey, AuthState, Authenticated, Basic, Bearer, Digest, FnVerifier, Refusal, RequestView,
    Settings, auth_policy, check, public, requires_auth,
};

/// A realm.
const ZONE: &str = "zone";

/// A tag.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Partner {}

/// A state.
#[derive(AuthState, Clone, Debug)]
#[non_exhaustive]
pub struct App {
    /// Tokens.
    #[auth(Bearer)]
    pub tokens: FnVerifier<Bearer, u64>,
    /// Users.
    #[auth(Basic)]
    pub users: FnVerifier<Basic, u64>,
    /// Users who do not send their passwords.
    #[auth(Digest)]
    pub digests: FnVerifier<Digest, u64>,
    /// Keys.
    #[auth(ApiKey, tag = Partner)]
    pub keys: FnVerifier<ApiKey, u64>,
    /// Settings.
    #[auth(settings)]
    pub settings: Settings,
}

/// A policy.
#[auth_policy(scheme = "Bearer", realm = "API", scope = "orders:read")]
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Api;

/// An optional policy of all kinds of members.
#[auth_policy(
    any(
        Bearer(error_when_missing = "missing_token", realm = "API"),
        Basic(charset = none, realm = ZONE),
        ApiKey(header = "X-Key", verifier = Partner, realm = "API"),
    ),
    optional
)]
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Open;

/// Basic beside Digest, and aware of it.
#[auth_policy(
    realm = "API",
    any(Digest(userhash, algorithm = "SHA-256, MD5"), Basic)
)]
#[derive(Clone, Copy, Debug)]
#[expect(deprecated, reason = "D-26")]
#[non_exhaustive]
pub struct Users;

/// The same in an attribute.
#[inline]
#[requires_auth(realm = ZONE, any(Digest, Basic))]
#[expect(deprecated, reason = "D-26")]
pub async fn users(user: Authenticated<u64>) -> u64 {
    ready(*user).await
}

/// The same with a condition.
#[inline]
#[requires_auth(realm = ZONE, any(Digest, Basic), permit = *user > 0)]
#[expect(deprecated, reason = "D-26")]
pub async fn users_permitted(user: Authenticated<u64>) -> u64 {
    ready(*user).await
}

/// The policy narrowed, of which nothing is to be noted.
#[inline]
#[requires_auth(Users, role = "clerk")]
pub async fn clerks(user: Authenticated<u64>) -> u64 {
    ready(*user).await
}

/// Without an identity.
#[inline]
#[requires_auth(scheme = "Bearer", realm = "API")]
pub async fn plain() -> &'static str {
    ready("plain").await
}

/// With one.
#[inline]
#[requires_auth(scheme = "Basic", realm = ZONE)]
pub async fn identity(user: Authenticated<u64>) -> u64 {
    ready(*user).await
}

/// With one that may be nobody.
#[inline]
#[requires_auth(any(Bearer, ApiKey(header = "X-Key", verifier = Partner)), realm = ZONE, optional)]
pub async fn optional(user: Option<Authenticated<u64>>) -> bool {
    ready(user.is_some()).await
}

/// Named by the scheme's field.
#[inline]
#[requires_auth(scheme = "X-Key", realm = "API", verifier = Partner)]
pub async fn field(user: Authenticated<u64>) -> u64 {
    ready(*user).await
}

/// Under a named policy.
#[inline]
#[requires_auth(Api)]
pub async fn named(user: Authenticated<u64>) -> u64 {
    ready(*user).await
}

/// Under a named policy, without an identity but with an argument.
#[inline]
#[requires_auth(Api)]
pub async fn named_without_identity(page: Page) -> Page {
    ready(page).await
}

/// An argument.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Page;

/// Under an optional policy.
#[inline]
#[requires_auth(Open)]
pub async fn named_optional(user: Option<Authenticated<u64>>) -> bool {
    ready(user.is_some()).await
}

/// Not generic alone.
#[inline]
#[requires_auth(scheme = "Bearer", realm = "API")]
pub async fn generic<T: From<u64> + Send + Sync + 'static>(user: Authenticated<T>) -> bool {
    ready(user.grants().has_scope("orders:read")).await
}

/// Open to everybody.
#[inline]
#[public(reason = "shows the lints")]
pub async fn open() -> &'static str {
    ready("open").await
}

/// Open without a reason.
#[inline]
#[public]
pub async fn open_without_reason() -> &'static str {
    ready("open").await
}

/// With a condition.
#[inline]
#[requires_auth(scheme = "Bearer", realm = "API", permit = *user == id.0)]
pub async fn permitted(user: Authenticated<u64>, id: Id) -> u64 {
    ready(id.0.max(*user)).await
}

/// An argument.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Id(u64);

/// With a condition, and nothing to say.
#[inline]
#[requires_auth(Api, permit = ready(id.0 == 7).await)]
pub async fn permitted_without_answer(id: Id) {
    let Id(_) = ready(id).await;
}

/// With a condition that is a word.
#[inline]
#[requires_auth(scheme = "Bearer", realm = "API", permit = allowed)]
pub async fn permitted_by_argument(allowed: bool) -> Result<impl Sized, Id> {
    if allowed {
        return Err(Id(1));
    }
    Ok(ready("").await)
}

/// What refuses.
#[derive(Debug)]
#[non_exhaustive]
pub struct Refused;

impl From<Refusal> for Refused {
    #[inline]
    fn from(refusal: Refusal) -> Self {
        drop(refusal);
        Self
    }
}

impl App {
    /// Inside of a method.
    ///
    /// # Errors
    /// The refusal.
    #[inline]
    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self)]
    pub async fn inline(&self, request: RequestView<'_>) -> Result<u64, Refused> {
        ready(Ok(request.unix_seconds())).await
    }

    /// With everything.
    ///
    /// # Errors
    /// The refusal.
    #[inline]
    #[requires_auth(
        any(Bearer, Basic), realm = ZONE, optional, request = *request, state = *self,
        identity = user: u64, permit = user.is_some() || request.unix_seconds() == 0,
    )]
    pub async fn inline_with_all(&self, request: &RequestView<'_>) -> Result<bool, Refused> {
        ready(Ok(user.is_some())).await
    }

    /// Under a named policy.
    ///
    /// # Errors
    /// The refusal.
    #[inline]
    #[requires_auth(Api, request = request, state = self, identity = user: u64)]
    pub async fn inline_named(&self, request: RequestView<'_>) -> Result<u64, Refused> {
        ready(Ok(*user)).await
    }

    /// As an expression.
    ///
    /// # Errors
    /// The refusal.
    #[inline]
    pub async fn checked(&self, request: RequestView<'_>) -> Result<u64, Refusal> {
        let user = check!(
            scheme = "Bearer",
            realm = "API",
            request = request,
            state = self,
            identity = u64
        )?;
        let _seen = check!(Api, request = request, state = self)?;
        Ok(*user)
    }
}

pub mod inner {
    //! Handlers that are not public.

    use core::future::ready;

    use auth_core::{Authenticated, requires_auth};

    /// For this crate only.
    #[requires_auth(scheme = "Bearer", realm = "API")]
    pub(crate) async fn for_crate(user: Authenticated<u64>) -> u64 {
        ready(*user).await
    }

    /// For this module only.
    #[requires_auth(super::Api)]
    async fn for_module(user: Authenticated<u64>) -> u64 {
        ready(*user).await
    }

    /// Uses both: what is not used is reported where it stands.
    #[must_use]
    #[inline]
    pub const fn used() -> usize {
        size_of_val(&for_crate).saturating_add(size_of_val(&for_module))
    }
}

/// Handlers of one decision.
#[requires_auth(scheme = "Bearer", realm = "API")]
pub mod handlers {
    use core::future::ready;

    use auth_core::Authenticated;

    /// With an identity.
    #[inline]
    pub async fn identity(user: Authenticated<u64>) -> u64 {
        ready(*user).await
    }

    pub mod nested {
        //! Handlers in a module in it.

        use core::future::ready;

        /// Without one.
        #[inline]
        pub async fn plain() -> &'static str {
            ready(name()).await
        }

        /// No handler.
        #[helper]
        const fn name() -> &'static str {
            "plain"
        }
    }
}

/// Handlers of one policy.
#[requires_auth(Api)]
pub mod handlers_of_policy {
    use core::future::ready;

    /// Without an identity.
    #[inline]
    pub async fn plain() -> &'static str {
        ready("plain").await
    }
}

/// Handlers that are open to everybody.
#[public(reason = "shows the lints")]
pub mod probes {
    use core::future::ready;

    /// Open to everybody.
    #[inline]
    pub async fn open() -> &'static str {
        ready("open").await
    }
}

pub mod outer {
    //! Handlers that are seen under another name.

    pub use private::reexported;

    /// Not public itself.
    #[auth_core::requires_auth(scheme = "Bearer", realm = "API")]
    mod private {
        use core::future::ready;

        /// Without an identity.
        #[inline]
        pub async fn reexported() -> &'static str {
            ready("plain").await
        }
    }
}

pub mod inside {
    //! Handlers that are not public.

    pub use private::used;

    /// What is public in here is not seen.
    mod private {
        pub use handlers::used;

        /// For this module only.
        #[auth_core::requires_auth(scheme = "Bearer", realm = "API", crate = auth_core)]
        mod handlers {
            use core::future::ready;

            /// For this module only.
            async fn for_module() -> &'static str {
                ready("plain").await
            }

            /// Uses it.
            #[helper]
            #[must_use]
            #[inline]
            pub const fn used() -> usize {
                size_of_val(&for_module)
            }
        }
    }
}

/// A service.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Service {
    /// The state.
    pub app: App,
}

#[requires_auth(Api, request = request, state = self.app, identity = user: u64)]
impl Service {
    /// With the identity.
    ///
    /// # Errors
    /// The refusal.
    #[inline]
    pub async fn identity(&self, request: RequestView<'_>) -> Result<u64, Refused> {
        ready(Ok(user.max(request.unix_seconds()))).await
    }

    /// Basic beside Digest.
    ///
    /// # Errors
    /// The refusal.
    #[inline]
    #[requires_auth(any(Digest, Basic), realm = "API", request = request, state = self.app)]
    #[expect(deprecated, reason = "D-26")]
    pub async fn users(&self, request: RequestView<'_>) -> Result<u64, Refused> {
        ready(Ok(request.unix_seconds())).await
    }

    /// Without it.
    ///
    /// # Errors
    /// The refusal.
    #[inline]
    pub async fn plain(&self, request: RequestView<'_>) -> Result<u64, Refused> {
        ready(Ok(request.unix_seconds())).await
    }

    /// No handler.
    #[helper]
    #[inline]
    #[must_use]
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// Open to everybody.
    #[public(reason = "shows the lints")]
    #[inline]
    pub async fn open(&self) -> &'static str {
        ready("open").await
    }
}
