//! What was logged and measured on this thread.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Once;

use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

/// An event, or a span when it was made.
#[derive(Clone, Debug)]
pub struct Seen {
    pub span: bool,
    /// The message of an event, the name of a span.
    pub name: String,
    pub target: String,
    pub level: Level,
    pub fields: BTreeMap<&'static str, String>,
    /// The spans that it is in, the outermost last.
    pub within: Vec<&'static str>,
}

thread_local! {
    static SEEN: RefCell<Vec<Seen>> = const { RefCell::new(Vec::new()) };
}

/// Runs this, and tells what was logged meanwhile, at whatever level and by whomever.
///
/// The subscriber is that of all threads: with one of a thread alone, events may be switched off by what others see
/// first.
pub async fn logged<T>(run: impl Future<Output = T>) -> (T, Vec<Seen>) {
    static INSTALLED: Once = Once::new();
    // With it comes the bridge for dependencies that log by the crate `log`.
    INSTALLED.call_once(|| tracing_subscriber::registry().with(Capture).init());
    SEEN.take();
    let answer = run.await;
    (answer, SEEN.take())
}

/// What the recorder has got since it was asked last: metrics in the form of Prometheus, with the count, or with
/// all values of a histogram.
#[must_use]
pub fn measured(recorder: &DebuggingRecorder) -> BTreeMap<String, Vec<f64>> {
    let metrics = recorder.snapshotter().snapshot().into_vec();
    let metrics = metrics.into_iter().map(|(key, _, _, value)| {
        let (_, key) = key.into_parts();
        let labels: Vec<String> = key
            .labels()
            .map(|label| format!("{}={:?}", label.key(), label.value()))
            .collect();
        let values = match value {
            // The recorder keeps the keys of what it told before.
            DebugValue::Counter(0) => vec![],
            DebugValue::Counter(count) => vec![f64::from(u32::try_from(count).unwrap())],
            DebugValue::Gauge(value) => vec![value.into_inner()],
            DebugValue::Histogram(values) => values.into_iter().map(Into::into).collect(),
        };
        (format!("{}{{{}}}", key.name(), labels.join(",")), values)
    });
    metrics.filter(|(_, values)| !values.is_empty()).collect()
}

struct Capture;

impl Capture {
    fn keep<S: Subscriber + for<'a> LookupSpan<'a>>(
        metadata: &'static Metadata<'static>,
        fields: Fields,
        within: Option<tracing_subscriber::registry::Scope<'_, S>>,
    ) {
        let Fields { message, fields } = fields;
        let seen = Seen {
            span: metadata.is_span(),
            name: message.unwrap_or_else(|| metadata.name().to_owned()),
            target: metadata.target().to_owned(),
            level: *metadata.level(),
            fields,
            within: within
                .into_iter()
                .flatten()
                .map(|span| span.name())
                .collect(),
        };
        SEEN.with_borrow_mut(|all| all.push(seen));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Capture {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        span.record(&mut fields);
        let within = context.lookup_current().map(|span| span.scope());
        Self::keep(span.metadata(), fields, within);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        Self::keep(event.metadata(), fields, context.event_scope(event));
    }
}

#[derive(Default)]
struct Fields {
    message: Option<String>,
    fields: BTreeMap<&'static str, String>,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => self.message = Some(value.to_owned()),
            name => _ = self.fields.insert(name, value.to_owned()),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}
