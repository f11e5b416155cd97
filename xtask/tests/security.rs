//! The tests that the threat model of SECURITY.md names exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use xtask::build::root;

/// The folders that the names in the threat model start from.
const ROOTS: [&str; 3] = ["runtime/src", "runtime/tests", "e2e/tests/e2e"];

#[test]
fn every_test_in_the_threat_model_exists() {
    let model = read(&root().join("SECURITY.md"));
    let model = model.split("## Threat model").nth(1).expect("there is a threat model");
    let rows: Vec<_> = model.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 15, "{} rows", rows.len());
    let (mut tests, mut targets) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        let shown = row.trim_end_matches([' ', '|']).rsplit(" | ").next().expect("a row has cells");
        for name in shown.split('`').skip(1).step_by(2) {
            if name.contains("::") { &mut tests } else { &mut targets }.insert(name);
        }
    }
    assert!(tests.len() > 30, "{tests:?}");
    for name in tests {
        assert!(ROOTS.iter().any(|folder| is_test(&root().join(folder), name)), "there is no test `{name}`");
    }
    for name in targets {
        let file = root().join("fuzz/fuzz_targets").join(name).with_extension("rs");
        assert!(file.is_file(), "there is no fuzz target `{name}`");
    }
}

#[test]
fn a_name_of_no_test_is_found() {
    let runtime = root().join("runtime/src");
    for name in [
        "endpoint::dispatch::decide::tests",
        "grip::sig::tests::table",
        "grip::sig::tests::table::good_tokens_are_accepted",
    ] {
        assert!(is_test(&runtime, name), "{name}");
    }
    for name in [
        "endpoint::dispatch::decide::step",
        "endpoint::dispatch::decides::tests",
        "grip::sig::tests::table::good",
        "grip::sig::rejected",
    ] {
        assert!(!is_test(&runtime, name), "{name}");
    }
}

/// Returns `true` if a name is that of a test, or of a module with tests.
fn is_test(folder: &Path, name: &str) -> bool {
    let mut segments = name.split("::").peekable();
    let (mut folder, mut file) = (folder.to_owned(), None);
    while let Some(found) = segments.peek().and_then(|segment| module(&folder, segment)) {
        folder = folder.join(segments.next().expect("it was peeked at"));
        file = Some(found);
    }
    let Some(file) = file else { return false };
    let text = read(&file);
    // A module in the file of its parent.
    let text = match segments.next_if_eq(&"tests") {
        Some(_) => text.split("mod tests {").nth(1).unwrap_or_default(),
        None => &text,
    };
    let mut tests = text.split("#[test]\n").skip(1);
    match segments.next() {
        Some(function) => tests.any(|test| {
            let before = test.split(&format!("fn {function}(")).next().unwrap_or_default();
            before.len() < test.len() && !before.contains("fn ")
        }),
        None => tests.next().is_some() || tests_below(&folder),
    }
}

/// The file of a module in a folder.
fn module(folder: &Path, name: &str) -> Option<PathBuf> {
    let inside = folder.join(name);
    [inside.with_extension("rs"), inside.join("mod.rs")].into_iter().find(|file| file.is_file())
}

/// Returns `true` if a module in a folder has tests.
fn tests_below(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries
        .map(|entry| entry.path())
        .any(|path| if path.is_dir() { tests_below(&path) } else { read(&path).contains("#[test]") })
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
