//! V13: a long body reaches the handler whole, and is not waited for where there is none.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    // No two stretches of it are alike.
    let words: Vec<_> = (0..30_000).map(|n: u32| n.to_string()).collect();
    let content: &str = words.join(" ").leak();
    let good = bearer(tokens::good());
    let rows = [
        row("a long body", "bearer", &[(AUTH, &good)], Admitted("ada")),
        row(
            "a long body of somebody",
            "optional",
            &[(AUTH, &good)],
            Admitted("ada"),
        ),
        row("a long body for the public", "health", &[], Admitted("-")),
        row("a long body of nobody", "bearer", &[], missing(&[BEARER])),
    ];
    rows.map(|row| Row { content, ..row }).into()
}
