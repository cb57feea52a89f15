//! The page beside what is emitted.

use std::collections::{BTreeMap, BTreeSet};

use auth_tests::observed::{Seen, logged, measured};
use auth_tests::servers;
use metrics_util::debugging::DebuggingRecorder;

use crate::cases::{admissions, case, refusals};
use crate::{answer, app, ours, providers};

const PAGE: &str = include_str!("../../../auth-core/src/observability.md");

/// The rows of all tables whose first column has this title, cut into columns.
fn table(title: &str) -> Vec<Vec<&'static str>> {
    let mut lines = PAGE.lines();
    let mut rows = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with(&format!("| {title} |")) {
            let table = lines
                .by_ref()
                .skip(1)
                .take_while(|line| line.starts_with('|'));
            rows.extend(table.map(columns));
        }
    }
    assert!(!rows.is_empty(), "no table of {title}");
    rows
}

fn columns(row: &'static str) -> Vec<&'static str> {
    row.split('|').skip(1).map(str::trim).collect()
}

/// The words in backticks.
fn words(text: &'static str) -> BTreeSet<&'static str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn word(text: &'static str) -> &'static str {
    text.trim_matches('`')
}

/// All that the requests of this file leave.
async fn emitted() -> (BTreeSet<String>, Vec<Seen>) {
    let recorder = DebuggingRecorder::new();
    let _installed = metrics::set_default_local_recorder(&recorder);
    let mut all = Vec::new();
    for server in servers::all(&app(true)) {
        for case in admissions().iter().chain(&refusals()) {
            all.extend(answer(&server, case).await.1);
        }
    }
    all.extend(logged(providers::all()).await.1);
    (measured(&recorder).into_keys().collect(), all)
}

#[tokio::test(flavor = "current_thread")]
async fn lists_the_metrics_that_are_emitted_with_their_labels() {
    let (metrics, _) = emitted().await;
    let emitted: BTreeSet<(&str, BTreeSet<&str>)> = metrics
        .iter()
        .map(|metric| {
            let (name, labels) = metric.trim_end_matches('}').split_once('{').unwrap();
            let labels = labels
                .split(',')
                .map(|label| label.split_once('=').unwrap().0);
            (name, labels.collect())
        })
        .collect();
    let listed: BTreeSet<_> = table("metric")
        .into_iter()
        .map(|row| (word(row[0]), words(row[3])))
        .collect();
    assert_eq!(emitted, listed);
}

#[tokio::test(flavor = "current_thread")]
async fn lists_the_values_of_labels_that_are_emitted() {
    let (metrics, _) = emitted().await;
    let mut emitted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for metric in &metrics {
        let (_, labels) = metric.trim_end_matches('}').split_once('{').unwrap();
        for label in labels.split(',') {
            let (label, value) = label.split_once('=').unwrap();
            emitted
                .entry(label)
                .or_default()
                .insert(value.trim_matches('"'));
        }
    }
    let mut listed: BTreeMap<_, _> = table("label")
        .into_iter()
        .map(|row| (word(row[0]), words(row[1])))
        .collect();
    // `none`, and whatever the policies here declare.
    assert!(
        listed
            .remove("scheme")
            .unwrap()
            .is_superset(&["Basic", "Bearer", "Digest", "ApiKey", "none"].into())
    );
    let schemes = emitted.remove("scheme").unwrap();
    assert_eq!(
        schemes,
        ["ApiKey", "Basic", "Bearer", "Digest", "X-API-Key", "none"].into()
    );
    let reasons = table("reason").into_iter().map(|row| word(row[0]));
    listed.insert("reason", reasons.chain(["none"]).collect());
    // As they are configured.
    listed.insert("issuer", [providers::ISSUER].into());
    listed.insert("endpoint", [providers::ENDPOINT].into());
    assert_eq!(emitted, listed);
}

#[tokio::test(flavor = "current_thread")]
async fn lists_each_reason_with_its_status() {
    let listed: BTreeSet<(&str, String)> = table("reason")
        .into_iter()
        .map(|row| (word(row[0]), row[1].to_owned()))
        .collect();
    let emitted = refusals()
        .into_iter()
        .map(|case| (case.reason, case.status.to_string()));
    assert_eq!(listed, emitted.collect());
}

#[tokio::test(flavor = "current_thread")]
async fn lists_the_events_and_spans_that_are_emitted_with_their_fields() {
    type Rows<'r> = BTreeMap<&'r str, (BTreeSet<String>, BTreeSet<&'r str>)>;
    let (_, seen) = emitted().await;
    for (title, spans) in [("event", false), ("span", true)] {
        let mut emitted: Rows<'_> = BTreeMap::new();
        for seen in ours(&seen, spans) {
            let (levels, fields) = emitted.entry(&seen.name).or_default();
            levels.insert(seen.level.as_str().to_lowercase());
            fields.extend(seen.fields.keys());
        }
        let listed: Rows<'_> = table(title)
            .into_iter()
            .map(|row| {
                let levels = words(row[1]).into_iter().map(str::to_owned).collect();
                (word(row[0]), (levels, words(row[3])))
            })
            .collect();
        assert_eq!(emitted, listed);
        let explained: BTreeSet<_> = table("field").into_iter().map(|row| word(row[0])).collect();
        for (_, fields) in listed.values() {
            assert!(fields.is_subset(&explained), "{fields:?}");
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn lists_kinds_and_units_as_they_are_described_to_the_recorder() {
    let recorder = DebuggingRecorder::new();
    let _installed = metrics::set_default_local_recorder(&recorder);
    auth_core::observability::describe_metrics();
    let [server, ..] = servers::all(&app(false));
    answer(
        &server,
        &case("bearer", &[]).refused("none", 401, "missing"),
    )
    .await;
    providers::all().await;
    let metrics = recorder.snapshotter().snapshot().into_vec();
    let described: BTreeSet<(String, String, String)> = metrics
        .into_iter()
        .map(|(key, unit, help, _)| {
            assert!(help.is_some_and(|help| !help.is_empty()), "{key:?}");
            let (kind, unit) = (format!("{:?}", key.kind()).to_lowercase(), unit.unwrap());
            let unit = match unit {
                metrics::Unit::Count => "",
                unit => unit.as_str(),
            };
            (key.key().name().to_owned(), kind, unit.to_owned())
        })
        .collect();
    let listed = table("metric").into_iter();
    let listed = listed.map(|row| {
        (
            word(row[0]).to_owned(),
            row[1].to_owned(),
            row[2].to_owned(),
        )
    });
    assert_eq!(described, listed.collect());
}
