//! The README quotes the compiler: its words are those of the UI cases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

#[test]
fn messages_in_the_readme_are_real() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("../README.md")).unwrap();
    let messages: Vec<&str> = readme
        .split("```text\nerror")
        .skip(1)
        .map(|block| block.split("\n```").next().unwrap())
        .collect();
    assert!(messages.len() >= 2);
    for message in messages {
        // Behind ` --> `: the case, and where in it.
        let case = message
            .split(" --> ")
            .nth(1)
            .unwrap()
            .split(".rs:")
            .next()
            .unwrap();
        let answer =
            fs::read_to_string(root.join("ui").join(case).with_extension("stderr")).unwrap();
        assert_eq!(format!("error{message}"), answer.trim_end(), "{case}");
    }
}
