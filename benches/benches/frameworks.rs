//! `cargo bench --bench frameworks [-- FILTER]` prints what a guard costs on each framework.

use auth_benches::allocations::Counting;
use auth_benches::frameworks::ALL;
use auth_benches::measure::{interleaved, print};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Rounds of interleaved stretches; each figure is a median over so many.
const ROUNDS: usize = 301;

fn main() {
    // Cargo itself appends `--bench`.
    let filters: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    for (name, variants) in ALL {
        if filters.is_empty() || filters.iter().any(|filter| name.contains(filter)) {
            print(name, &interleaved(&mut variants(), ROUNDS));
        }
    }
}
