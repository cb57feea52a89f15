//! Metrics of one name, whose labels have few values.

use core::time::Duration;
use std::sync::OnceLock;

use metrics::{Key, KeyName, Label, Level, Metadata, Unit, with_recorder};

/// All metrics of one name. Each combination of label values becomes a key once, which is kept for as long as the
/// program runs: recording allocates nothing after that, nor takes a lock. So values must come from the program or
/// its configuration, and never from a request.
#[derive(Debug)]
pub(super) struct Family<const N: usize> {
    name: &'static str,
    help: &'static str,
    labels: [&'static str; N],
    first: Place,
}

/// The combinations are a list: there are a handful, and those that are frequent come early.
type Place = OnceLock<Box<Node>>;

#[derive(Debug)]
struct Node {
    key: Key,
    next: Place,
}

static METADATA: Metadata<'static> = Metadata::new("auth_core", Level::INFO, Some(module_path!()));

impl<const N: usize> Family<N> {
    pub(super) const fn new(
        name: &'static str,
        labels: [&'static str; N],
        help: &'static str,
    ) -> Self {
        Self {
            name,
            help,
            labels,
            first: OnceLock::new(),
        }
    }

    /// Counts one.
    pub(super) fn increment(&self, values: [&str; N]) {
        let key = self.key(values);
        with_recorder(|recorder| recorder.register_counter(key, &METADATA).increment(1));
    }

    /// Adds to a histogram, in seconds.
    pub(super) fn record(&self, values: [&str; N], seconds: Duration) {
        let key = self.key(values);
        with_recorder(|recorder| recorder.register_histogram(key, &METADATA).record(seconds));
    }

    /// Sets a gauge.
    #[cfg(feature = "outbound")]
    pub(super) fn set(&self, values: [&str; N], value: f64) {
        let key = self.key(values);
        with_recorder(|recorder| recorder.register_gauge(key, &METADATA).set(value));
    }

    pub(super) fn describe_counter(&self) {
        let (name, help) = (KeyName::from_const_str(self.name), self.help.into());
        with_recorder(|recorder| recorder.describe_counter(name, Some(Unit::Count), help));
    }

    pub(super) fn describe_seconds(&self) {
        let (name, help) = (KeyName::from_const_str(self.name), self.help.into());
        with_recorder(|recorder| recorder.describe_histogram(name, Some(Unit::Seconds), help));
    }

    #[cfg(feature = "outbound")]
    pub(super) fn describe_gauge(&self) {
        let (name, help) = (KeyName::from_const_str(self.name), self.help.into());
        with_recorder(|recorder| recorder.describe_gauge(name, Some(Unit::Count), help));
    }

    fn key(&self, values: [&str; N]) -> &Key {
        let mut place = &self.first;
        loop {
            let node = place.get_or_init(|| {
                Box::new(Node {
                    key: self.new_key(values),
                    next: Place::new(),
                })
            });
            if node.key.labels().map(Label::value).eq(values) {
                return &node.key;
            }
            place = &node.next;
        }
    }

    fn new_key(&self, values: [&str; N]) -> Key {
        let labels = self.labels.into_iter().zip(values);
        let labels: Vec<Label> = labels
            .map(|(label, value)| Label::new(label, value.to_owned()))
            .collect();
        Key::from_parts(self.name, labels)
    }
}

#[cfg(test)]
mod tests {
    use super::Family;

    #[test]
    fn each_combination_is_one_key() {
        let family = Family::new("f", ["a", "b"], "");
        let keys = [["1", "2"], ["2", "1"], ["1", "1"]].map(|values| family.key(values));
        for (at, values) in [["1", "2"], ["2", "1"], ["1", "1"]].into_iter().enumerate() {
            let again = family.key(values);
            assert!(core::ptr::eq(again, keys[at]), "{values:?} again");
            let labels: Vec<_> = again
                .labels()
                .map(|label| (label.key(), label.value()))
                .collect();
            assert_eq!(labels, [("a", values[0]), ("b", values[1])]);
        }
    }

    #[test]
    fn threads_that_meet_at_a_new_combination_share_its_key() {
        let family = Family::new("f", ["a"], "");
        let barrier = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    barrier.wait();
                    for value in ["x", "y", "z"] {
                        family.key([value]);
                    }
                });
            }
        });
        let mut found = Vec::new();
        let mut place = &family.first;
        while let Some(node) = place.get() {
            found.extend(node.key.labels().map(|label| label.value().to_owned()));
            place = &node.next;
        }
        found.sort();
        assert_eq!(found, ["x", "y", "z"]);
    }
}
