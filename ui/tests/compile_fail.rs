//! What cannot be written: one mistake a file, and the message that it gets beside it. After a change of messages,
//! or of the compiler's own words, `TRYBUILD=overwrite cargo test -p ui` writes them anew: read what has changed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::{env, process};

use ui::{Case, Command, Diagnostic, Package, Project, cases, neutral, peculiar, repository};

#[test]
fn each_mistake_gets_its_message() {
    let cases = env::args().filter(|argument| argument.starts_with("trybuild="));
    assert!(run_trybuild(cases, |_| {}).success(), "see above");
}

/// A constant that is wrong, an error of the compiler's own that lists types, and one of ours.
#[test]
fn messages_do_not_depend_on_the_machine() {
    // The same files at another path: with others, every dependency would be compiled once more.
    let tmpdir = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let link = tmpdir.join("somewhere else");
    if !link.exists() {
        let target = tmpdir.parent().expect("it is in the target folder");
        std::os::unix::fs::symlink(target, &link).expect("a link");
    }
    let cases = ["close_code", "body_wrong", "channel_empty."].map(|case| format!("trybuild={case}"));
    let status = run_trybuild(cases.into_iter(), |test| {
        peculiar(test).env("CARGO_TARGET_DIR", &link);
    });
    assert!(status.success(), "see above");
}

/// Runs trybuild in a process of its own, since the compilers that it starts inherit the environment.
fn run_trybuild(
    cases: impl Iterator<Item = String>,
    configure: impl FnOnce(&mut process::Command),
) -> process::ExitStatus {
    let mut test = process::Command::new(env::current_exe().expect("this test is a program"));
    test.args(["--exact", "in_this_environment", "--ignored", "--nocapture"]).args(cases);
    configure(&mut test);
    // Those of trybuild, which the environment would come before, too.
    neutral(&mut test, &["--cfg", "trybuild", "--verbose", "-A", "dead_code", "--diagnostic-width=140"]);
    test.status().expect("it runs again")
}

/// The folders of `fail/` whose cases are one mistake and one error each. The other one is `several`.
const SUBJECTS: [&str; 9] =
    ["channel", "function", "guard", "hold", "main", "option", "path", "publish", "websocket"];

/// Every folder of `fail/` is judged, by one of the tests here.
#[test]
fn every_folder_has_a_subject() {
    let entries = repository().join("ui/fail").read_dir().expect("it is there");
    let mut folders: Vec<_> = entries.map(|entry| entry.expect("it can be read").file_name()).collect();
    folders.sort();
    let mut expected: Vec<_> = SUBJECTS.into_iter().chain(["several"]).collect();
    expected.sort_unstable();
    assert_eq!(folders, expected);
}

/// No pass cases here: one of them would make trybuild build all of them, and run it.
#[test]
#[ignore = "`each_mistake_gets_its_message` runs it"]
fn in_this_environment() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("fail/*/*.rs");
}

/// Read from the compiler's JSON and not from the `.stderr` files, which do not have the end of a span.
///
/// `fail/several/` has what is more than one error: files with more than one mistake, and the mistakes that only the
/// compiler can name, in as many words as it likes.
#[test]
fn each_mistake_is_one_error_on_the_token_that_is_wrong() {
    let serde = "serde = { version = \"1\", features = [\"derive\"] }";
    let dependencies = format!("fanout = {{ path = '{}' }}\n{serde}", repository().join("runtime").display());
    let several = Package {
        name: "fail-several",
        edition: "2024",
        dependencies: dependencies.clone(),
        library: None,
        cases: cases("fail/several"),
    };
    let one = Package {
        name: "fail",
        edition: "2024",
        dependencies,
        library: None,
        cases: SUBJECTS.iter().flat_map(|subject| cases(&format!("fail/{subject}"))).collect(),
    };
    let packages = [one, several];
    let report = Project::new(env!("CARGO_TARGET_TMPDIR"), "fail", "", &packages).run(Command::Check);

    let mut by_case: BTreeMap<_, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in &report.diagnostics {
        by_case.entry(&*diagnostic.case).or_default().push(diagnostic);
    }
    for package in &packages {
        for case in &package.cases {
            let said = by_case.get(&*case.path).map_or(&[][..], Vec::as_slice);
            let all: String = said.iter().map(|diagnostic| &*diagnostic.rendered).collect();
            let count = said.len();
            assert!(count > 0, "{} compiles:\n{}", case.name(), report.stderr);
            assert!(count == 1 || package.name == "fail-several", "{} gets {count}:\n{all}", case.name());
            said.iter().for_each(|diagnostic| judge(case, diagnostic));
        }
    }
}

/// What every message has to be.
fn judge(case: &Case, diagnostic: &Diagnostic) {
    let rendered = &diagnostic.rendered;
    assert_eq!(diagnostic.level, "error", "{rendered}");

    let primary = diagnostic.primary();
    let covers = |range: &Range<usize>| primary.byte_start <= range.start && range.end <= primary.byte_end;
    assert!(!attributes(&case.source).iter().any(covers), "it is about a whole attribute:\n{rendered}");
    assert!(!functions(&case.source).iter().any(covers), "it is about a whole function:\n{rendered}");

    for hidden in ["__private", "STAND_IN", "__argument"] {
        assert!(!rendered.contains(hidden), "it has a hidden name:\n{rendered}");
    }
    // The standard library's sources are on some machines, and what the compiler shows of them with them.
    for line in rendered.lines().map(str::trim_start) {
        let file = line.strip_prefix("--> ").or_else(|| line.strip_prefix("::: ")).unwrap_or_default();
        let is_std = file.contains("/rustc/") || file.contains("/rustlib/");
        assert!(!is_std, "it leads into the standard library:\n{rendered}");
    }
    // The compiler's own messages have a code, or a label.
    if diagnostic.code.is_none() && rendered.contains("help: ") && diagnostic.message.contains('\n') {
        let lines: Vec<_> = diagnostic.message.lines().collect();
        let [problem, help] = lines[..] else { panic!("it is not a problem and its help:\n{rendered}") };
        assert!(help.starts_with("help: "), "it does not help:\n{rendered}");
        assert!(!problem.starts_with(char::is_uppercase), "it starts as a sentence:\n{rendered}");
        assert!(!problem.ends_with('.') && !help.ends_with('.'), "it ends as a sentence:\n{rendered}");
    }
}

/// Where functions are, as far as their bodies.
fn functions(source: &str) -> Vec<Range<usize>> {
    let starts = source.match_indices("fn ").map(|(start, _)| start);
    starts.map(|start| start..start + source[start..].find('{').expect("it has a body")).collect()
}

/// Where our attributes are. In a case, one ends where its line does.
fn attributes(source: &str) -> Vec<Range<usize>> {
    let starts = source.match_indices("#[fanout::").map(|(start, _)| start);
    starts.map(|start| start..start + source[start..].find("]\n").expect("it ends") + 1).collect()
}
