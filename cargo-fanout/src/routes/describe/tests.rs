//! Packages whose `fanout` is a stand-in, so that nothing else is built.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

use super::super::model::Kind;
use super::*;

/// The package `news` in a folder, beside the stand-in in `fanout`.
struct Project {
    folder: TempDir,
}

/// A `main` that describes itself, if the stand-in has the feature.
const MAIN: &str = "fn main() { fanout::describe() }";

impl Project {
    fn new(dependency: &str, main: &str) -> Self {
        let project = Self { folder: tempfile::tempdir().expect("a folder can be made") };
        project.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"news\"\nversion = \"1.2.3\"\ndescription = \"The news\"\nedition = \"2024\"\n\n\
                 [workspace]\n\n[features]\nmore = []\n\n{dependency}\n"
            ),
        );
        project.write("src/main.rs", main);
        project.fanout("[features]\nroutes = []\n");
        project
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// The stand-in, with these features.
    fn fanout(&self, features: &str) {
        let manifest =
            format!("[package]\nname = \"fanout\"\nversion = \"0.0.7\"\nedition = \"2024\"\n\n{features}");
        self.write("fanout/Cargo.toml", &manifest);
        let description = r##"r#"{"endpoints":[{"name":"a","module":[],"kind":"sse","methods":["GET"],"path":"/a","channels":[],
            "channel_function":null,"guard":null,"options":{},"docs":null,"last_event_id_query":null,"has_history":false,
            "sends":null,"receives":null}],"$defs":{}}"#"##;
        self.write(
            "fanout/src/lib.rs",
            &format!(
                "#[cfg(feature = \"routes\")]\npub fn describe() {{ println!(\"{{}}\", {description}) }}"
            ),
        );
    }

    fn describe(&self, choice: &Choice) -> Result<Described> {
        let _alone = alone();
        describe(self.folder.path(), choice)
    }

    fn error(&self, choice: &Choice) -> String {
        format!("{:#}", self.describe(choice).unwrap_err())
    }
}

/// The projects have one name, and with `CARGO_TARGET_DIR` one folder for their program.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

const FANOUT: &str = "[dependencies]\nfanout = { path = \"fanout\" }";

#[test]
fn an_app_describes_itself_whatever_it_calls_fanout_and_builds_for() {
    for (dependency, main) in [
        (FANOUT, MAIN),
        (
            "[dependencies]\nlive = { package = \"fanout\", path = \"fanout\" }",
            "fn main() { live::describe() }",
        ),
        ("[dependencies]\nfanout = { path = \"fanout\", optional = true }", MAIN),
    ] {
        let project = Project::new(dependency, main);
        // For a target that is not there.
        project.write(".cargo/config.toml", "[build]\ntarget = \"no-such-target\"\n");
        let described = project.describe(&Choice::default()).expect("it describes itself");
        assert_eq!((&*described.program, &*described.version), ("news", "1.2.3"));
        assert_eq!(described.description.as_deref(), Some("The news"));
        assert_eq!((&*described.app.endpoints[0].path, described.app.endpoints[0].kind), ("/a", Kind::Sse));
    }
}

#[test]
fn a_program_is_chosen() {
    let project = Project::new(FANOUT, MAIN);
    project.write("src/bin/other.rs", "fn main() { #[cfg(feature = \"more\")] fanout::describe() }");
    let error = project.error(&Choice::default());
    assert!(error.starts_with("the package `news` has several programs, `"), "{error}");
    assert!(error.contains("with `--bin "), "{error}");
    let choice = |bin: &str| Choice { bin: Some(bin.to_owned()), features: Vec::new() };
    let error = project.error(&choice("third"));
    assert!(error.starts_with("the package `news` has no program `third`: it has `"), "{error}");
    project.describe(&choice("news")).expect("it describes itself");
    let more = Choice { features: vec!["more".to_owned()], ..choice("other") };
    assert_eq!(project.describe(&more).expect("it describes itself").program, "other");
    assert!(project.error(&choice("other")).contains("does not describe itself"));
}

#[test]
fn each_wrong_folder_has_its_error() {
    let project = Project::new(FANOUT, MAIN);
    let folder = project.folder.path();
    let error = |folder: &Path| format!("{:#}", describe(folder, &Choice::default()).unwrap_err());
    assert!(error(&folder.join("src")).starts_with("there is no Cargo.toml in "));
    assert!(error(&folder.join("fanout")).contains("the package `fanout` does not depend on `fanout`"));
    project.write("virtual/Cargo.toml", "[workspace]\nmembers = [\"member\"]\n");
    project.write("virtual/member/Cargo.toml", "[package]\nname = \"member\"\n");
    project.write("virtual/member/src/main.rs", MAIN);
    let of_virtual = error(&folder.join("virtual"));
    assert!(of_virtual.contains("has no package: go to the folder of your app"), "{of_virtual}");
    project.write("broken/Cargo.toml", "[package\n");
    assert!(error(&folder.join("broken")).starts_with("cargo cannot read "));
    project.write(
        "library/Cargo.toml",
        "[package]\nname = \"library\"\n[workspace]\n[dependencies]\nfanout.path = \"../fanout\"\n",
    );
    project.write("library/src/lib.rs", "");
    assert!(
        error(&folder.join("library")).starts_with("the package `library` has no program: go to the folder")
    );
}

#[test]
fn a_package_needs_a_fanout_that_can_describe() {
    for dependency in ["", "[dev-dependencies]\nfanout = { path = \"fanout\" }"] {
        let error = Project::new(dependency, "fn main() {}").error(&Choice::default());
        assert!(
            error.contains("the package `news` does not depend on `fanout`: add it with `cargo add fanout`"),
            "{error}"
        );
    }
    let project = Project::new(FANOUT, MAIN);
    project.fanout("");
    let error = project.error(&Choice::default());
    assert!(
        error.starts_with("`fanout` 0.0.7 cannot describe an app: update it with `cargo update fanout`"),
        "{error}"
    );
}

#[test]
fn another_main_is_an_error() {
    let error = |main: &str| Project::new(FANOUT, main).error(&Choice::default());
    for main in
        ["fn main() {}", "fn main() { println!(\"hello\") }", "fn main() { fanout::describe(); panic!() }"]
    {
        let error = error(main);
        assert!(
            error.starts_with("`news` does not describe itself: make its `main` with `#[fanout::main(…)]`"),
            "{error}"
        );
    }
    let error = error("fn main() { println!(\"{{\\\"endpoints\\\":5}}\") }");
    assert!(error.contains("take `cargo-fanout` and `fanout` of one version"), "{error}");
}

/// The advice on code that does not compile would mislead.
#[test]
fn an_app_that_cargo_does_not_begin_to_build_is_an_error() {
    let choice = Choice { features: vec!["missing".to_owned()], ..Choice::default() };
    let error = Project::new(FANOUT, MAIN).error(&choice);
    assert_eq!(error, "cargo did not begin to build `news`; its errors are above");
}

#[test]
fn an_app_that_does_not_build_here_is_an_error() {
    let error = Project::new(FANOUT, "fn main() { missing() }").error(&Choice::default());
    assert!(error.starts_with("`news` does not build for this machine"), "{error}");
    assert!(
        error.contains("`#[cfg(target_family = \"wasm\")]`") && error.contains("`#[fanout::main(…)]`"),
        "{error}"
    );
}
