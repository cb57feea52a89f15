//! What becomes of one request.

use core::future::Future;
use core::pin::Pin;
use std::collections::HashMap;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;

use super::body::{self, McpBody};
use super::fault::MessageFault;
use super::head::Head;
use super::message::Message;
use super::sessions::Sessions;
use crate::decide::{Accepts, decide};
use crate::guard::Wanted;
use crate::permit::Answering;
use crate::policy::{Policy, Spec};
use crate::refusal::Refusal;
use crate::request::RequestView;
use crate::state::AuthState;

/// What a policy says, whichever it is.
type Decision<'r, W> = Pin<Box<dyn Future<Output = Result<(W, Answering), Refusal>> + Send + 'r>>;

/// A policy whose type is forgotten.
pub(super) struct Judge<St, W> {
    pub(super) spec: &'static Spec,
    decide: for<'r> fn(&'r St, RequestView<'r>) -> Decision<'r, W>,
}

impl<St: AuthState + 'static, W: Wanted> Judge<St, W> {
    pub(super) fn of<P>() -> Self
    where
        P: Policy,
        P::Accepts: Accepts<St, W>,
    {
        Self {
            spec: P::SPEC,
            decide: |state, view| Box::pin(decide::<P::Accepts, St, W, _>(P::SPEC, state, view)),
        }
    }

    fn is(&self, other: &Self) -> bool {
        core::ptr::eq(self.spec, other.spec)
    }
}

pub(super) struct Admission<St, W> {
    pub(super) state: St,
    pub(super) base: Judge<St, W>,
    pub(super) tools: HashMap<String, Judge<St, W>>,
    pub(super) others: Option<Judge<St, W>>,
    pub(super) max_message_len: usize,
    pub(super) sessions: Option<Sessions<W>>,
}

impl<St: AuthState + 'static, W: Wanted + Clone + Sync> Admission<St, W> {
    /// Lets a request through, with the identity in its extensions and its message read; or answers it.
    ///
    /// The caller is known before anything is said of the message, and before any of it is read.
    pub(super) async fn admit<B>(
        &self,
        request: Request<B>,
    ) -> Result<(Request<McpBody<B>>, W), Response<Bytes>>
    where
        B: Body + Send,
    {
        let (mut parts, body) = request.into_parts();
        let head = Head::read(&parts);
        // A tool that the head names is judged at once, which spares the second decision. A policy of a tool admits nobody
        // whom that of the server refuses.
        let named = head.as_ref().ok().and_then(Head::tool);
        let judge = named
            .and_then(|name| self.of_tool(name))
            .unwrap_or(&self.base);
        let view = RequestView::of_parts(&parts);
        let decided = (judge.decide)(&self.state, view).await;
        let (mut caller, answering) = decided.map_err(Refusal::into_response)?;

        let head = head.map_err(MessageFault::into_response)?;
        if let Some(sessions) = &self.sessions {
            let opened = sessions.open(&mut parts.headers, &caller);
            opened.map_err(MessageFault::into_response)?;
        }
        let body = if head.carries_message {
            let (content, message) = self
                .message(&head, body)
                .await
                .map_err(MessageFault::into_response)?;
            if let Some(tool) = message.tool() {
                let Some(of_tool) = self.of_tool(tool) else {
                    return Err(answering.forbid().into_response());
                };
                if !of_tool.is(judge) {
                    let view = RequestView::of_parts(&parts);
                    let decided = (of_tool.decide)(&self.state, view).await;
                    (caller, _) = decided.map_err(Refusal::into_response)?;
                }
            }
            McpBody::whole(content)
        } else {
            McpBody::other(body)
        };
        caller.clone().hand_on(&mut parts.extensions);
        Ok((Request::from_parts(parts, body), caller))
    }

    fn of_tool(&self, name: &str) -> Option<&Judge<St, W>> {
        self.tools.get(name).or(self.others.as_ref())
    }

    async fn message<B: Body>(
        &self,
        head: &Head,
        body: B,
    ) -> Result<(Bytes, Message), MessageFault> {
        let content = body::read(body, self.max_message_len).await?;
        let message = Message::read(&content)?;
        head.agrees_with(&message)?;
        Ok((content, message))
    }
}
