//! Streams that are resumed, with a store of events as several processes share it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use auth_core::mcp::MessageFault;
use http::Request;
use http_body_util::BodyExt as _;
use rmcp::transport::StreamableHttpServerConfig;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::session::{
    EventStore, EventStoreError, EventStream, ServerSseMessage,
};

use crate::server::{READ, Server, Unfinished, call, post, usual, with};
use crate::sessions::{EVE, bound, open, within};

/// Counts events, as a database does: their ids can be guessed.
#[derive(Default)]
struct Events(Mutex<Vec<(String, ServerSseMessage)>>);

#[async_trait]
impl EventStore for Events {
    async fn store_event(
        &self,
        stream: &str,
        event: &ServerSseMessage,
    ) -> Result<String, EventStoreError> {
        let mut events = self.0.lock().unwrap();
        let id = events.len().to_string();
        let mut event = event.clone();
        event.event_id = Some(id.clone());
        events.push((stream.to_owned(), event));
        Ok(id)
    }

    async fn replay_events_after(&self, last: &str) -> Result<EventStream, EventStoreError> {
        let last: usize = last.parse()?;
        let events = self.0.lock().unwrap();
        let (stream, _) = events.get(last).ok_or("no such event")?;
        let later = events[last + 1..].iter().filter(|(of, _)| of == stream);
        let later: Vec<_> = later.map(|(_, event)| event.clone()).collect();
        Ok(Box::pin(tokio_stream::iter(later)))
    }
}

fn server(set_up: impl FnOnce(Unfinished) -> Unfinished) -> Server {
    let sessions = LocalSessionManager::default().with_event_store(Arc::new(Events::default()));
    Server::with_sessions(sessions, StreamableHttpServerConfig::default(), set_up)
}

/// The ids in a stream, and all that it says.
async fn called(server: &Server, session: &str) -> (Vec<String>, String) {
    let request = with(within(session, post(READ)), call("list_orders"));
    let (status, stream) = server.call(request).await;
    assert_eq!(status, 200, "{stream}");
    assert!(stream.contains("list_orders ada"), "{stream}");
    let ids = stream.lines().filter_map(|line| line.strip_prefix("id:"));
    (ids.map(|id| id.trim().to_owned()).collect(), stream)
}

fn resume(token: &str, session: Option<&str>, last: &str) -> Request<axum::body::Body> {
    let request = post(token).method("GET").header("last-event-id", last);
    with(
        match session {
            Some(session) => within(session, request),
            None => request.header("mcp-protocol-version", "2026-07-28"),
        },
        "",
    )
}

// MCP, Security best practices, Session hijacking: what is in a queue of events is for the user of the session.
#[tokio::test]
async fn events_of_another_user_are_not_replayed() {
    let server = server(bound);
    let ada = open(&server).await;
    let (ids, _) = called(&server, &ada).await;
    let first = ids.first().unwrap();
    assert!(ids.len() > 1, "{ids:?}");

    let eve = server
        .answer(with(post(EVE), crate::sessions::INITIALIZE))
        .await;
    let eves = eve.headers()["mcp-session-id"].to_str().unwrap().to_owned();
    let guesses = (0..8).map(|id| id.to_string()).chain(ids.clone());
    for last in guesses {
        // With a session of her own, and with none, as in the revision 2026-07-28.
        for session in [Some(&*eves), None] {
            let answer = server.answer(resume(EVE, session, &last)).await;
            let status = answer.status();
            let fault = answer.extensions().get::<MessageFault>().copied();
            let stream = answer.into_body().collect().await.unwrap().to_bytes();
            let stream = String::from_utf8_lossy(&stream);
            assert!(!stream.contains("ada"), "{last} {session:?}: {stream}");
            assert_eq!(status, 404, "{last} {session:?}");
            assert_eq!(fault, Some(MessageFault::ForeignEvent));
        }
    }

    for session in [Some(&*ada), None] {
        let answer = server.call(resume(READ, session, first)).await;
        assert_eq!(answer.0, 200);
        assert!(answer.1.contains("list_orders ada"), "{}", answer.1);
        // And what is replayed is bound as well.
        assert!(
            answer.1.contains(&format!("id: {}", ids[1])),
            "{}",
            answer.1
        );
    }
}

#[tokio::test]
async fn without_bound_sessions_ids_of_events_are_those_of_the_server() {
    let server = server(usual);
    let session = open(&server).await;
    let (ids, _) = called(&server, &session).await;
    assert!(ids.iter().all(|id| id.parse::<usize>().is_ok()), "{ids:?}");
    let answer = server.call(resume(READ, Some(&session), &ids[0])).await;
    assert!(answer.1.contains("list_orders ada"), "{}", answer.1);
}
