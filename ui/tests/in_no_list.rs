//! An endpoint that no list names is dead code, and the compiler warns about it. The generated code does not use the
//! function in a way that would hide this.

use std::env;
use std::process;

use ui::{Command, Package, Project, cases, peculiar, repository};

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

#[test]
fn so_it_does_on_a_machine_with_settings_of_its_own() {
    let mut test = process::Command::new(env::current_exe().expect("this test is a program"));
    test.args(["--exact", "an_endpoint_in_no_list_gets_one_warning_on_its_name"]);
    let output = peculiar(&mut test).output().expect("it runs again");
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success() && out.contains("1 passed"), "{out}{err}");
}
