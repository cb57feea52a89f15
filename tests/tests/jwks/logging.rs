//! What operators read about keys: target `auth_core`, one event for each attempt.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use auth_tests::provider::{Fault, KEYS, Provider, Signer};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use super::Service;

/// Keeps what is logged about keys.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(Level, String)>>>);

impl<S: Subscriber> Layer<S> for Log {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == "auth_core"
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        let entry = (*event.metadata().level(), line.0);
        self.0.lock().unwrap().push(entry);
    }
}

#[derive(Default)]
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}

impl Log {
    /// The one event about this issuer since the last look, which says all of this.
    fn says(&self, issuer: &str, level: Level, parts: &[&str]) {
        let events = std::mem::take(&mut *self.0.lock().unwrap());
        let about = format!("issuer={issuer:?}");
        let events: Vec<_> = events
            .into_iter()
            .filter(|(_, line)| line.contains(&about))
            .collect();
        let [(found, line)] = events.as_slice() else {
            panic!("{events:?}")
        };
        assert_eq!(*found, level, "{line}");
        for part in parts {
            assert!(line.contains(part), "{part} in {line}");
        }
    }
}

#[tokio::test]
async fn attempts_are_logged_by_what_they_mean() {
    let log = Log::default();
    let subscriber = tracing_subscriber::registry().with(log.clone());
    // For all threads: with one of a thread alone, events may be switched off by what others see first.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[&old]).await;
    let issuer = provider.issuer();

    let service = Service::of(&provider).await;
    log.says(
        &issuer,
        Level::INFO,
        &["keys fetched", "keys=1", "next=720s", "took="],
    );
    service.after(720);
    provider.until_asked(KEYS, 2).await;
    service.settled(0).await;
    log.says(&issuer, Level::DEBUG, &["none changed"]);
    provider.publish(&[&old, &new]);
    service.after(720);
    provider.until_asked(KEYS, 3).await;
    service.settled(0).await;
    log.says(&issuer, Level::INFO, &["keys fetched", "keys=2"]);

    provider.fail(KEYS, Fault::status(500));
    service.after(720);
    service.settled(1).await;
    let failed = ["the last ones still count", "failures=1", "500", "next=1s"];
    log.says(&issuer, Level::WARN, &failed);
    service.after(2 * 24 * 3600);
    service.settled(2).await;
    log.says(
        &issuer,
        Level::ERROR,
        &["none count", "failures=2", "500", "next=2s"],
    );
    provider.heal(KEYS);
    service.after(2);
    service.settled(0).await;
    log.says(&issuer, Level::INFO, &["keys fetched", "keys=2"]);

    provider.publish(&[]);
    service.after(720);
    service.settled(1).await;
    let withdrawn = ["none count", "failures=1", "0 keys", "next=1s"];
    log.says(&issuer, Level::ERROR, &withdrawn);
}
