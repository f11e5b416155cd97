//! Code that users may write compiles without a diagnostic, in strict crates and through every kind of dependency.

use ui::{Command, Package, Project, cases, repository};

/// The lints that can judge generated code. The two allowed ones judge signatures, which users write.
const LINTS: &str = r#"
rust.warnings = "deny"
clippy.pedantic = { level = "deny", priority = -1 }
clippy.needless_pass_by_value = "allow"
clippy.unnecessary_wraps = "allow"
"#;

/// The packages of the cases, whose `fanout` has these features beside its own.
fn packages(features: &[&str]) -> Vec<Package> {
    let runtime = repository().join("runtime");
    let runtime = runtime.display();
    let serde = "serde = { version = \"1\", features = [\"derive\"] }";
    let fanout = format!("fanout = {{ path = '{runtime}', features = {features:?} }}\n{serde}");
    let facade = repository().join("ui/silent/facade/lib.rs");
    let package = |name, edition, dependencies: &str, folder: &str| Package {
        name,
        edition,
        dependencies: dependencies.to_owned(),
        library: None,
        cases: cases(folder),
    };
    // Crates under the names of others, which the cases do not use. A crate called `std` would replace the prelude.
    let other_core = format!(
        "{fanout}\n\
         core = {{ package = \"cfg-if\", version = \"1\" }}\n\
         alloc = {{ package = \"itoa\", version = \"1\" }}\n\
         fastly = {{ package = \"memchr\", version = \"2\" }}"
    );
    vec![
        package("edition-2024", "2024", &fanout, "silent"),
        package("other-core", "2024", &other_core, "silent"),
        package("edition-2021", "2021", &other_core, "silent"),
        package("edition-2018", "2018", &other_core, "silent"),
        package("keywords-2021", "2021", &other_core, "silent/before_2024"),
        package("keywords-2018", "2018", &other_core, "silent/before_2024"),
        package(
            "renamed",
            "2024",
            &format!("realtime = {{ package = \"fanout\", path = '{runtime}', features = {features:?} }}"),
            "silent/renamed",
        ),
        Package {
            name: "facade",
            edition: "2024",
            dependencies: fanout,
            library: Some(facade),
            cases: Vec::new(),
        },
        package("behind-facade", "2024", "facade = { path = \"../facade\" }", "silent/behind_facade"),
    ]
}

#[test]
fn cases_compile_without_a_word() {
    compile("silent", &[]);
}

/// As `cargo fanout routes` builds them.
#[test]
fn cases_that_describe_themselves_compile_without_a_word() {
    compile("silent-routes", &["routes"]);
}

fn compile(name: &str, features: &[&str]) {
    let packages = packages(features);
    let report = Project::new(env!("CARGO_TARGET_TMPDIR"), name, LINTS, &packages).run(Command::Clippy);

    for diagnostic in &report.diagnostics {
        eprintln!("in {}:\n{}", diagnostic.package, diagnostic.rendered);
    }
    assert!(report.diagnostics.is_empty(), "{} words too many", report.diagnostics.len());

    // Silence alone proves nothing.
    for (package, case) in
        packages.iter().flat_map(|package| package.cases.iter().map(move |case| (package, case)))
    {
        let compiled = report.compiled.contains(&(package.name.to_owned(), case.path.clone()));
        assert!(compiled, "{} in {} was not compiled:\n{}", case.path.display(), package.name, report.stderr);
    }
}
