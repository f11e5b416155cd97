//! Cases that must not compile: one mistake a file, with its message beside it. After a change of our messages or of the
//! compiler's, `TRYBUILD=overwrite cargo test -p ui` writes the messages anew. Read what has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::{env, fs, process};

use ui::{Case, Command, Diagnostic, Package, Project, cases, neutral, peculiar, repository};

#[test]
fn each_mistake_gets_its_message() {
    let cases = env::args().filter(|argument| argument.starts_with("trybuild="));
    assert!(run_trybuild(cases, |_| {}).success(), "see above");
}

/// The cases are a wrong constant, an error of the compiler that lists types, and an error of ours.
#[test]
fn messages_do_not_depend_on_the_machine() {
    // A link to the same files, because another folder would compile every dependency once more.
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
    // The flags that trybuild sets, because flags in the environment replace them.
    neutral(&mut test, &["--cfg", "trybuild", "--verbose", "-A", "dead_code", "--diagnostic-width=140"]);
    test.status().expect("it runs again")
}

/// The cases of `fail/several/`, each with its number of errors. Those with several mistakes get one error for each. For the others,
/// the reason is beside them.
const SEVERAL: [(&str, usize, &str); 21] = [
    ("beside_a_channel_of_a_guard_value", 1, MISTAKES),
    ("beside_others_in_a_list", 2, MISTAKES),
    ("body_half_typed", 2, "the compiler reads the body, and reports both errors without the attribute too"),
    ("channels_of_guard_values_without_quotes", 2, MISTAKES),
    (
        "connection_generic_in_a_list",
        2,
        "the attribute of the `impl` does not see the list, where the compiler reports the name without a type",
    ),
    ("connection_of_two_blocks", 4, ONE_TYPE),
    (
        "connection_with_its_own_channel",
        2,
        "the compiler reports the second `channel`, and then each use of the name",
    ),
    ("connection_without_name", 2, "the compiler refuses this `impl` without the attribute too"),
    ("constants", 12, MISTAKES),
    (
        "endpoints_of_a_listed_module",
        2,
        "the attribute of the module does not see the list, where the compiler reports that a module is not a type",
    ),
    (
        "function_called_like_another_crate",
        2,
        "the compiler reports the name of the crate, which the type of the function hides, in its own two errors",
    ),
    ("function_of_a_trait", 3, NOT_A_MODULE),
    ("function_of_a_type", 3, NOT_A_MODULE),
    ("function_of_an_extern_block", 3, NOT_A_MODULE),
    ("function_of_one_name_twice", 6, ONE_TYPE),
    ("import_of_the_same_name", 3, HIDDEN_TYPE),
    ("in_one_attribute", 5, MISTAKES),
    ("in_one_list", 3, MISTAKES),
    ("module_of_the_same_name", 3, HIDDEN_TYPE),
    ("publish_in_the_wrong_order", 2, "the compiler reports each argument that has another type"),
    (
        "route_conflicts_of_a_long_list",
        2,
        "a constant checks several entries of a long list, and the compiler reports the first conflict in each",
    ),
];

const MISTAKES: &str = "each error is about another mistake";

/// Two types with names of their own, by their places in the file, would be two errors, but such names would be in every other
/// message and in the docs of every endpoint.
const ONE_TYPE: &str = "an attribute does not see the other function or `impl`, so the code of both is for one type, and \
                        the compiler reports its name, its trait and its constructor of channels";

const NOT_A_MODULE: &str = "an attribute sees its function and not the block around it, and the compiler reports each item \
                            that cannot be in one";

const HIDDEN_TYPE: &str =
    "an attribute does not see the module, and the compiler reports each use of the name as a type";

/// The table above is complete, and has a reason for each exception.
#[test]
fn each_case_of_several_has_a_reason() {
    let found: Vec<_> = cases("fail/several").iter().map(|case| case.name().to_owned()).collect();
    assert_eq!(found, SEVERAL.map(|(name, ..)| name));
    assert!(SEVERAL.iter().all(|(.., why)| !why.is_empty()));
}

/// The folders of `fail/` whose cases are one mistake and one error each. The other folder is `several`.
const SUBJECTS: [&str; 11] = [
    "channel",
    "function",
    "guard",
    "history",
    "hold",
    "main",
    "option",
    "path",
    "plain",
    "publish",
    "websocket",
];

/// A test here judges every folder of `fail/`.
#[test]
fn every_folder_has_a_subject() {
    let entries = repository().join("ui/fail").read_dir().expect("it is there");
    let mut folders: Vec<_> = entries.map(|entry| entry.expect("it can be read").file_name()).collect();
    folders.sort();
    let mut expected: Vec<_> = SUBJECTS.into_iter().chain(["several"]).collect();
    expected.sort_unstable();
    assert_eq!(folders, expected);
}

/// There are no pass cases, because with one of them trybuild would build every case and run it.
#[test]
#[ignore = "`each_mistake_gets_its_message` runs it"]
fn in_this_environment() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("fail/*/*.rs");
}

/// Reads the compiler's JSON, because the `.stderr` files do not have the end of a span.
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
    // Older editions infer otherwise, which functions that options name depend on.
    let before_2024 = Package {
        name: "fail-2018",
        edition: "2018",
        dependencies: one.dependencies.clone(),
        library: None,
        cases: ["channel", "guard", "history"]
            .iter()
            .flat_map(|subject| cases(&format!("fail/{subject}")))
            .collect(),
    };
    let internal = internal_names();
    let packages = [one, several, before_2024];
    let report = Project::new(env!("CARGO_TARGET_TMPDIR"), "fail", "", &packages).run(Command::Check);

    let mut by_case: BTreeMap<_, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in &report.diagnostics {
        by_case.entry((&*diagnostic.package, &*diagnostic.case)).or_default().push(diagnostic);
    }
    for package in &packages {
        for case in &package.cases {
            let said = by_case.get(&(package.name, &*case.path)).map_or(&[][..], Vec::as_slice);
            let all: String = said.iter().map(|diagnostic| &*diagnostic.rendered).collect();
            let count = said.len();
            assert!(count > 0, "{} compiles:\n{}", case.name(), report.stderr);
            let several =
                SEVERAL.iter().find(|(name, ..)| package.name == "fail-several" && *name == case.name());
            let expected = several.map_or(1, |(_, count, _)| *count);
            assert_eq!(count, expected, "{} gets {count}:\n{all}", case.name());
            said.iter().for_each(|diagnostic| judge(case, diagnostic, &internal));
        }
    }
}

/// Words that a message does not need: another name for a path parameter, a question as a noun, a negated noun.
const UNCLEAR: [&str; 9] = [
    "parameter of the path",
    "parameter of a path",
    "part of the path",
    "nobody",
    "whoever",
    " what is ",
    " what it ",
    " is no ",
    " has to be",
];

/// The limit of a message, in lines.
const MAX_LINES: usize = 20;

/// The types and traits that only generated code names, with names for messages. The compiler shows the trait that a type
/// does not implement.
const NAMED_FOR_MESSAGES: [&str; 23] = [
    "Callable",
    "CallableWith",
    "ChannelResult",
    "ConnectionByDefault",
    "ConnectionState",
    "Endpoints",
    "FromClose",
    "GuardData",
    "GuardResult",
    "GuardText",
    "HistoryResult",
    "IntoEnd",
    "IntoMessages",
    "IntoOpen",
    "IntoReply",
    "IntoState",
    "LastingHistory",
    "MainParameter",
    "MainReturn",
    "NotAsync",
    "RefusalFunction",
    "RefusalResult",
    "StrictError",
];

/// The names of the runtime's types and traits that no user can know: they are not in the list of the public API.
fn internal_names() -> BTreeSet<String> {
    let runtime = repository().join("runtime");
    let api = fs::read_to_string(runtime.join("tests/public_api.txt")).expect("it can be read");
    let known: BTreeSet<_> = words(&api).chain(NAMED_FOR_MESSAGES).collect();
    let mut names = BTreeSet::new();
    let mut folders = vec![runtime.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("it is a folder") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&path).expect("it can be read");
                let defined = source.lines().filter_map(|line| {
                    let (_, item) = line.split_once("pub ")?;
                    let (keyword, rest) = item.split_once(' ')?;
                    let is_name = ["trait", "struct", "enum"].contains(&keyword) && !rest.starts_with('$');
                    is_name.then(|| words(rest).next())?
                });
                names.extend(defined.filter(|name| !known.contains(name)).map(str::to_owned));
            }
        }
    }
    names
}

/// The words of a text, as names have them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char: char| !char.is_alphanumeric() && char != '_').filter(|word| !word.is_empty())
}

/// The names found are those of the issue, and none that users write.
#[test]
fn internal_names_are_told_from_those_of_the_api() {
    let internal = internal_names();
    for name in ["Argument", "InGuard", "InHandler", "Iterated", "Maker", "ViaFromStr", "Wrapped"] {
        assert!(internal.contains(name), "{name}: {internal:?}");
    }
    for name in ["Answer", "Channel", "FromMessage", "FromRequest", "IntoEvents", "Stale", "State"] {
        assert!(!internal.contains(name), "{name}");
    }
}

/// Checks the rules for every message.
fn judge(case: &Case, diagnostic: &Diagnostic, internal: &BTreeSet<String>) {
    let rendered = &diagnostic.rendered;
    assert_eq!(diagnostic.level, "error", "{rendered}");

    let lines = rendered.trim_end().lines().count();
    assert!(lines <= MAX_LINES, "it has {lines} lines:\n{rendered}");
    // The quoted parts of a message stand between pairs of backticks.
    let named = rendered.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).flat_map(words);
    let named: Vec<_> = named.filter(|name| internal.contains(*name)).collect();
    assert!(named.is_empty(), "it has the internal names {named:?}:\n{rendered}");

    // The compiler reads no further.
    if diagnostic.message == "key-value macro attributes are not supported" {
        return;
    }
    let primary = diagnostic.primary();
    let covers = |range: &Range<usize>| primary.byte_start <= range.start && range.end <= primary.byte_end;
    assert!(!attributes(&case.source).iter().any(covers), "it is about a whole attribute:\n{rendered}");
    assert!(!functions(&case.source).iter().any(covers), "it is about a whole function:\n{rendered}");

    let of_call = "required by a bound introduced by this call";
    assert!(!rendered.contains(of_call), "it is about a call that the user did not write:\n{rendered}");
    for hidden in ["__private", "STAND_IN", "__argument"] {
        assert!(!rendered.contains(hidden), "it has a hidden name:\n{rendered}");
    }
    // Only some machines have the sources of the standard library, which the compiler would show.
    for line in rendered.lines().map(str::trim_start) {
        let file = line.strip_prefix("--> ").or_else(|| line.strip_prefix("::: ")).unwrap_or_default();
        let is_std = file.contains("/rustc/") || file.contains("/rustlib/");
        assert!(!is_std, "it leads into the standard library:\n{rendered}");
    }
    // Messages of the compiler have a code or a label.
    if diagnostic.code.is_none() && rendered.contains("help: ") && diagnostic.message.contains('\n') {
        let lines: Vec<_> = diagnostic.message.lines().collect();
        let [problem, help] = lines[..] else { panic!("it is not a problem and its help:\n{rendered}") };
        assert!(help.starts_with("help: "), "it does not help:\n{rendered}");
        assert!(!problem.starts_with(char::is_uppercase), "it starts as a sentence:\n{rendered}");
        assert!(!problem.ends_with('.') && !help.ends_with('.'), "it ends as a sentence:\n{rendered}");
        let unclear = UNCLEAR.into_iter().find(|words| format!(" {}", diagnostic.message).contains(words));
        assert_eq!(unclear, None, "a reader has to read this twice:\n{rendered}");
    }
}

/// The places of functions, up to their bodies.
fn functions(source: &str) -> Vec<Range<usize>> {
    let starts = source.match_indices("fn ").map(|(start, _)| start);
    starts.map(|start| start..start + source[start..].find('{').expect("it has a body")).collect()
}

/// The places of our attributes. In a case, an attribute ends with its line.
fn attributes(source: &str) -> Vec<Range<usize>> {
    let starts = source.match_indices("#[fanout::").map(|(start, _)| start);
    starts.map(|start| start..start + source[start..].find("]\n").expect("it ends") + 1).collect()
}
