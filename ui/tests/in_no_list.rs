//! An endpoint that no list names is dead code, and gets the compiler's own warning: nothing that is generated
//! beside the function keeps it alive.

use ui::{Command, Package, Project, cases, repository};

#[test]
fn an_endpoint_in_no_list_gets_one_warning_on_its_name() {
    let dependencies = format!("fanout = {{ path = '{}' }}", repository().join("runtime").display());
    let cases = cases("warned");
    let package = Package { name: "warned", edition: "2024", dependencies, library: None, cases };
    let report = Project::new(env!("CARGO_TARGET_TMPDIR"), "warned", "", &[package]).run(Command::Check);

    let said: Vec<_> = report
        .diagnostics
        .iter()
        .map(|diagnostic| (&*diagnostic.level, &*diagnostic.message, diagnostic.primary_text()))
        .collect();
    assert_eq!(
        said,
        [
            ("warning", "function `news` is never used", "news".to_owned()),
            ("warning", "function `log` is never used", "log".to_owned()),
            ("warning", "function `score` is never used", "score".to_owned()),
            ("warning", "function `made` is never used", "made".to_owned()),
            ("warning", "function `chat` is never used", "chat".to_owned()),
        ],
        "{}",
        report.stderr
    );
}
