//! Extractors that own what others borrow.

use core::ops::Deref;

use poem::web::Data;
use poem::{FromRequest, Request, RequestBody, Result};

/// A copy of what poem extracts as a reference: `Owned<HeaderMap>`, `Owned<Uri>`, `Owned<RemoteAddr>`, `Owned<CookieJar>`,
/// `Owned<Session>`. For functions on a [`GuardedRoute`](super::GuardedRoute), whose arguments cannot borrow from the request.
///
/// ```
/// # use auth_core::{requires_auth, Authenticated};
/// use auth_core::poem::Owned;
/// use poem::web::RemoteAddr;
///
/// #[requires_auth(scheme = "Bearer", realm = "API")]
/// async fn whence(user: Authenticated<String>, from: Owned<RemoteAddr>) -> String {
///     format!("{} from {}", *user, *from)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Owned<T>(pub T);

impl<'a, T> FromRequest<'a> for Owned<T>
where
    T: Clone + Sync + 'static,
    &'a T: FromRequest<'a>,
{
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let found = <&T>::from_request(request, body).await?;
        Ok(Self(found.clone()))
    }
}

impl<T> Deref for Owned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// A copy of what `.data(value)` put around the routes: what `Data<&T>` borrows. Put what is costly to copy into an `Arc`.
///
/// ```
/// # use auth_core::{requires_auth, Authenticated};
/// # struct Pool;
/// use auth_core::poem::OwnedData;
/// use std::sync::Arc;
///
/// #[requires_auth(scheme = "Bearer", realm = "API")]
/// async fn orders(user: Authenticated<String>, pool: OwnedData<Arc<Pool>>) -> String {
///     format!("the orders of {}", *user)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OwnedData<T>(pub T);

impl<'a, T: Clone + Send + Sync + 'static> FromRequest<'a> for OwnedData<T> {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let Data(found) = <Data<&T>>::from_request(request, body).await?;
        Ok(Self(found.clone()))
    }
}

impl<T> Deref for OwnedData<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
