//! Interleaved measurement: all variants of a group take turns in one process, so that whatever else
//! the machine does meets them alike. What is told are medians over rounds, and the median of the
//! differences to the first variant *of the same round*, which other load hardly moves.

use std::fmt;
use std::time::Instant;

use crate::allocations;

/// One thing to be measured.
pub struct Variant<'a> {
    /// How it is called.
    pub name: String,
    /// One run of it.
    pub run: Box<dyn FnMut() + 'a>,
}

impl fmt::Debug for Variant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl<'a> Variant<'a> {
    /// A variant.
    pub fn new(name: impl Into<String>, run: impl FnMut() + 'a) -> Self {
        Self {
            name: name.into(),
            run: Box::new(run),
        }
    }
}

/// What was found for one variant.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The variant's name.
    pub name: String,
    /// Nanoseconds for one run.
    pub nanoseconds: f64,
    /// Nanoseconds above the first variant.
    pub above_first: f64,
    /// Allocations in one run.
    pub allocations: u64,
}

/// How long one variant runs at a stretch, in nanoseconds: short against a time slice of the
/// scheduler, long against the clock's own cost.
const STRETCH: f64 = 150_000.0;

/// Measures the variants of a group.
pub fn interleaved(variants: &mut [Variant<'_>], rounds: usize) -> Vec<Figure> {
    let repeats: Vec<u32> = variants.iter_mut().map(calibrated).collect();
    let allocations: Vec<u64> = variants
        .iter_mut()
        .map(|variant| allocations::per_run(&mut variant.run))
        .collect();
    let mut samples = vec![Vec::with_capacity(rounds); variants.len()];
    for round in 0..rounds {
        // Each round begins with another variant: none always follows the same one.
        for step in 0..variants.len() {
            let at = (round + step) % variants.len();
            samples[at].push(stretch(&mut variants[at], repeats[at]));
        }
    }
    let first = samples[0].clone();
    samples
        .into_iter()
        .zip(variants)
        .zip(allocations)
        .map(|((samples, variant), allocations)| Figure {
            name: variant.name.clone(),
            above_first: median(samples.iter().zip(&first).map(|(own, first)| own - first)),
            nanoseconds: median(samples),
            allocations,
        })
        .collect()
}

/// Prints the figures of a group as a table.
pub fn print(group: &str, figures: &[Figure]) {
    println!("\n### {group}\n");
    println!("| | ns | ns above the first | allocations | above the first |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let first = figures[0].allocations;
    for figure in figures {
        println!(
            "| {} | {:.0} | {:+.0} | {} | {:+} |",
            figure.name,
            figure.nanoseconds,
            figure.above_first,
            figure.allocations,
            figure.allocations.cast_signed() - first.cast_signed(),
        );
    }
}

fn calibrated(variant: &mut Variant<'_>) -> u32 {
    let once = median((0..5).map(|_| stretch(variant, 10)));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to a small positive number"
    )]
    let repeats = (STRETCH / once).clamp(1.0, 100_000.0) as u32;
    repeats
}

/// Nanoseconds for one run.
fn stretch(variant: &mut Variant<'_>, repeats: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..repeats {
        (variant.run)();
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(repeats)
}

/// The middle one.
pub fn median(samples: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = samples.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
