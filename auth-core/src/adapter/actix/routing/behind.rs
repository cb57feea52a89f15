//! Services behind a guard.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpResponse};

use super::handler::Decides;
use crate::adapter::decided::ServiceGuard;
use crate::guard::{Guard, Wanted as _};

/// Decides about a request, and hands it on to what is behind the guard.
pub(super) async fn behind_guard<P, S>(
    state: S,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error>
where
    P: ServiceGuard,
    Guard<P::Policy, P::Identity>: Decides<S>,
{
    let (request, mut payload) = request.into_parts();
    let shown = Guard::<P::Policy, P::Identity>::show(&request, &mut payload);
    match Guard::<P::Policy, P::Identity>::decide(&state, &request, &shown).await {
        Ok(guard) => {
            shown.hand_on(&request);
            guard.identity.hand_on(&mut *request.extensions_mut());
            let answer = next
                .call(ServiceRequest::from_parts(request, payload))
                .await?;
            let (request, answer) = answer.into_parts();
            let answer = shown.complete(answer.map_into_boxed_body()).await;
            Ok(ServiceResponse::new(request, answer))
        }
        Err(refusal) => Ok(ServiceResponse::new(
            request,
            HttpResponse::from_error(refusal),
        )),
    }
}
