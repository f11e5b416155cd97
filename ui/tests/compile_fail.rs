//! What cannot be written: one mistake a file, and the message that it gets beside it. After a change of messages,
//! or of the compiler's own words, `TRYBUILD=overwrite cargo test -p ui` writes them anew: read what has changed.

use std::collections::BTreeMap;
use std::fs;

use ui::{Command, Package, Project, cases, repository};

/// No pass cases here: one of them would make trybuild build all of them, and run it.
#[test]
fn each_mistake_gets_its_message() {
    trybuild::TestCases::new().compile_fail("fail/*.rs");
}

/// Read from the compiler's JSON and not from the `.stderr` files, which do not have the end of a span.
#[test]
fn each_mistake_is_one_error_on_the_token_that_is_wrong() {
    let dependencies = format!("fanout = {{ path = '{}' }}", repository().join("runtime").display());
    let package =
        Package { name: "fail", edition: "2024", dependencies, library: None, cases: cases("fail") };
    let files: Vec<_> = package.cases.iter().map(|case| case.path.clone()).collect();
    let report = Project::new(env!("CARGO_TARGET_TMPDIR"), "fail", "", &[package]).run(Command::Check);

    let mut errors: BTreeMap<_, Vec<_>> = files.iter().map(|file| (file, Vec::new())).collect();
    for diagnostic in &report.diagnostics {
        // The compiler's closing count points at nothing.
        if !diagnostic.spans.is_empty() {
            errors.get_mut(&diagnostic.case).expect("only cases are compiled").push(diagnostic);
        }
    }
    for (file, errors) in errors {
        let [error] = errors[..] else { panic!("{} gets {}: {errors:#?}", file.display(), errors.len()) };
        assert_eq!(error.level, "error", "{}", error.rendered);

        let source = fs::read_to_string(file).expect("a case can be read");
        let attribute = source.find("#[fanout::").expect("a case has an attribute");
        let end = attribute + source[attribute..].find("]\n").expect("it ends");
        let primary = error.primary();
        let text = error.primary_text();
        let inside = attribute < primary.byte_start && primary.byte_end < end;
        assert!(
            inside || (primary.byte_start > end && !text.contains(['{', '\n'])),
            "{} is about too much: {text}\n{}",
            file.display(),
            error.rendered
        );
        assert!(!error.rendered.contains("__private"), "a hidden name:\n{}", error.rendered);
    }
}
